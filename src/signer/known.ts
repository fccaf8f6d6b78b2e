import { isSensitiveName } from '../../shared/redact/names.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import type { HeaderPair } from './schemes/scheme.ts';

/**
 * All values that an answer could reflect, each once: those given, and what the credentials in the headers as sent consist of, the
 * cookies of the jar excepted: who gave them knows which of them are secret.
 */
export function knownOf(
  lists: readonly (readonly KnownSecret[])[],
  headers: readonly HeaderPair[],
  jar: readonly { readonly name: string; readonly value: string }[] = [],
): KnownSecret[] {
  const byValue = new Map<string, KnownSecret>();
  const ofJar = new Set(jar.map(({ name, value }) => `${name}=${value}`));
  const inHeaders = headers.flatMap((header) => headerSecrets(header, ofJar));
  for (const secret of [...lists.flat(), ...inHeaders].flatMap(withUnescaped)) {
    if (secret.value !== '' && (secret.leaf || !byValue.has(secret.value))) byValue.set(secret.value, secret);
  }
  return [...byValue.values()];
}

/** A literal of a JSON body is sealed as it is written, escapes and all; a server that parses it reflects the plain value. */
function withUnescaped(secret: KnownSecret): KnownSecret[] {
  if (!secret.value.includes('\\')) return [secret];
  try {
    const plain: unknown = JSON.parse(`"${secret.value}"`);
    return typeof plain === 'string' ? [secret, { ...secret, value: plain }] : [secret];
  } catch {
    return [secret];
  }
}

/** A variable need not be marked secret to hold a credential: what stands in a credential's header is one. */
function headerSecrets([name, value]: HeaderPair, ofJar: ReadonlySet<string>): KnownSecret[] {
  const lower = name.toLowerCase();
  if (lower === 'cookie') return cookieValues(value, ofJar).map((text) => ({ id: 'cookie', value: text }));
  if (lower !== 'authorization' && !isSensitiveName(name)) return [];
  // RFC 9110 section 11.6.2: an auth scheme, a space, the credentials.
  const credentials = /^[A-Za-z][\w-]* +(.+)$/.exec(value)?.[1];
  return [value, ...(credentials === undefined ? [] : [credentials])].map((text) => ({ id: 'header', value: text }));
}

function cookieValues(header: string, ofJar: ReadonlySet<string>): string[] {
  const pairs = header.split(';').map((pair) => pair.trim());
  return pairs.filter((pair) => !ofJar.has(pair)).map((pair) => pair.slice(pair.indexOf('=') + 1).trim());
}
