import { parseUrl } from '../request/parse-url.ts';
import { parseOrigin } from '../secret/binding.ts';

/** The one form of an entry of `network.noProxy`: an origin, a host, or `*.` and a domain. Undefined for what is none of them. */
export function parseNoProxy(text: string): string | undefined {
  if (text.includes('://')) {
    const origin = parseOrigin(text);
    return origin.ok ? origin.value : undefined;
  }
  const under = text.startsWith('*.') ? '*.' : '';
  const host = text.slice(under.length);
  if (/[:@]/.test(host) && !/^\[[^\]]*\]$/.test(host)) return undefined;
  const origin = parseOrigin(`http://${host}`);
  const name = origin.ok ? parseUrl(origin.value)?.hostname : undefined;
  return name === undefined ? undefined : under + name;
}
