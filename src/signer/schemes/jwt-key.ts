import { createPrivateKey, type KeyObject } from 'node:crypto';

/**
 * Reads a private key from PEM (PKCS #8, PKCS #1, SEC 1), also where its line breaks are gone or written as `\n`. Undefined for
 * everything else, an encrypted key among it.
 */
export function readPrivateKey(text: string): KeyObject | undefined {
  const begin = /-----BEGIN ((?:RSA |EC )?PRIVATE KEY)-----/.exec(text);
  const label = begin?.[1];
  if (!begin || label === undefined) return undefined;
  const start = begin.index + begin[0].length;
  const end = text.indexOf(`-----END ${label}-----`, start);
  return end < 0 ? undefined : readDer(text.slice(start, end), DER_TYPES[label] ?? 'pkcs8');
}

type DerType = 'pkcs8' | 'pkcs1' | 'sec1';

const DER_TYPES: Readonly<Record<string, DerType>> = { 'RSA PRIVATE KEY': 'pkcs1', 'EC PRIVATE KEY': 'sec1' };

/** Reads a private key from base64 of DER; white space in it does not count. Undefined where it is none. */
export function readDer(base64: string, type: DerType): KeyObject | undefined {
  const bare = base64.replace(/\\[nr]|\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(bare)) return undefined;
  try {
    return createPrivateKey({ key: Buffer.from(bare, 'base64'), format: 'der', type });
  } catch {
    // What the library says about a key can quote it.
    return undefined;
  }
}
