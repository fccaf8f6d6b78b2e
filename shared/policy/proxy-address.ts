// An explicit proxy as the configuration names it. Names are resolved here and never by the proxy, so that it can be asked only for
// addresses that were judged.
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { parseUrl } from '../request/parse-url.ts';
import { parseOrigin } from '../secret/binding.ts';

export type ProxyKind = 'http' | 'https' | 'socks5';

export interface ProxyAddress {
  /** `https`: HTTP CONNECT inside TLS to the proxy itself. */
  readonly kind: ProxyKind;
  /** No brackets. */
  readonly host: string;
  readonly port: number;
  /** What the handles of its credentials are bound to. That of a SOCKS proxy is written with http. */
  readonly origin: string;
}

const FORM = 'must be http://host:port, https://host:port or socks5://host:port';
const DEFAULT_PORTS: Readonly<Record<ProxyKind, number>> = { http: 80, https: 443, socks5: 1080 };

/** Parses `network.proxy`. Fails with CONFIG/INVALID: another scheme, a user name, a path. */
export function parseProxy(text: string): Result<ProxyAddress> {
  const proxy = read(text);
  if (typeof proxy !== 'string') return ok(proxy);
  return err(failure('CONFIG/INVALID', { file: 'keyward.yaml', problem: `network.proxy ${proxy}` }));
}

/** What is wrong with the text of a proxy; undefined where it is one. */
export function proxyProblem(text: string): string | undefined {
  const proxy = read(text);
  return typeof proxy === 'string' ? proxy : undefined;
}

function read(text: string): ProxyAddress | string {
  const [, scheme = '', authority = ''] = /^([a-z][a-z\d+.-]*):\/\/([^/?#]*)\/?$/i.exec(text) ?? [];
  const kind = kinds[scheme.toLowerCase()];
  if (kind === undefined) return refusals[scheme.toLowerCase()] ?? FORM;
  if (authority.includes('@')) return 'must not hold a user name: network.proxyCredentials says who asks';
  // The WHATWG parser leaves hosts of other schemes as they are written.
  const isTls = kind === 'https';
  const port = /:(\d+)$/.exec(authority)?.[1] === undefined ? `:${DEFAULT_PORTS[kind]}` : '';
  const origin = parseOrigin(`${isTls ? 'https' : 'http'}://${authority}${port}`);
  const url = origin.ok ? parseUrl(origin.value) : undefined;
  if (!url) return FORM;
  const shown = url.port === '' ? (isTls ? 443 : 80) : Number(url.port);
  return { kind, host: url.hostname.replace(/^\[|\]$/g, ''), port: shown, origin: url.origin };
}

const kinds: Readonly<Record<string, ProxyKind>> = { http: 'http', https: 'https', socks5: 'socks5' };

const refusals: Readonly<Record<string, string>> = {
  socks5h:
    'must be socks5://host:port: names are resolved here, and the proxy is asked for the address that was judged',
  socks4: 'must be socks5://host:port: SOCKS 4 knows neither IPv6 nor passwords',
  socks4a: 'must be socks5://host:port: SOCKS 4 knows neither IPv6 nor passwords',
  socks: 'must be socks5://host:port',
};
