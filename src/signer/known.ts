import { isSensitiveName } from '../../shared/redact/names.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import type { HeaderPair } from './schemes/scheme.ts';

/** All values that an answer could reflect, each once: those given, and what the credentials in the headers as sent consist of. */
export function knownOf(lists: readonly (readonly KnownSecret[])[], headers: readonly HeaderPair[]): KnownSecret[] {
  const byValue = new Map<string, KnownSecret>();
  for (const secret of [...lists.flat(), ...headers.flatMap(headerSecrets)].flatMap(withUnescaped)) {
    if (secret.value !== '' && !byValue.has(secret.value)) byValue.set(secret.value, secret);
  }
  return [...byValue.values()];
}

/** A literal of a JSON body is sealed as it is written, escapes and all; a server that parses it reflects the plain value. */
function withUnescaped(secret: KnownSecret): KnownSecret[] {
  if (!secret.value.includes('\\')) return [secret];
  try {
    const plain: unknown = JSON.parse(`"${secret.value}"`);
    return typeof plain === 'string' ? [secret, { id: secret.id, value: plain }] : [secret];
  } catch {
    return [secret];
  }
}

/** A variable need not be marked secret to hold a credential: what stands in a credential's header is one. */
function headerSecrets([name, value]: HeaderPair): KnownSecret[] {
  const lower = name.toLowerCase();
  if (lower === 'cookie') return cookieValues(value).map((text) => ({ id: 'cookie', value: text }));
  if (lower !== 'authorization' && !isSensitiveName(name)) return [];
  // RFC 9110 section 11.6.2: an auth scheme, a space, the credentials.
  const credentials = /^[A-Za-z][\w-]* +(.+)$/.exec(value)?.[1];
  return [value, ...(credentials === undefined ? [] : [credentials])].map((text) => ({ id: 'header', value: text }));
}

function cookieValues(header: string): string[] {
  return header.split(';').map((pair) => pair.slice(pair.indexOf('=') + 1).trim());
}
