// Written apart from src and shared, so that the search and the scrubber cannot share a blind spot.
import { gzipSync } from 'node:zlib';
import { createSearch, indexTexts } from '../interop/soak/search.ts';

const utf8 = (text: string) => Buffer.from(text, 'utf8');
const each = (text: string, spell: (byte: number) => string) => Array.from(utf8(text), spell).join('');
const hex = (byte: number) => byte.toString(16).padStart(2, '0');

/** How a server may hand a secret back. */
export const encoders: Readonly<Record<string, (secret: string) => string>> = {
  raw: (s) => s,
  'percent-encoded': (s) => encodeURIComponent(s),
  'percent-encoded, every byte': (s) => each(s, (byte) => `%${hex(byte)}`),
  'percent-encoded twice': (s) => encodeURIComponent(encodeURIComponent(s)),
  form: (s) => new URLSearchParams([['', s]]).toString().slice(1),
  base64: (s) => utf8(s).toString('base64'),
  'base64, 1 byte before': (s) => utf8(`:${s}`).toString('base64'),
  'base64, 2 bytes before': (s) => utf8(`a:${s}`).toString('base64'),
  'base64 of user:secret': (s) => utf8(`svcuser:${s}`).toString('base64'),
  base64url: (s) => utf8(s).toString('base64url'),
  'base64 twice': (s) => utf8(utf8(s).toString('base64')).toString('base64'),
  'base64 of JSON': (s) => utf8(JSON.stringify({ sub: 1, token: s })).toString('base64url'),
  'base64 of gzip': (s) => gzipSync(s).toString('base64'),
  hex: (s) => utf8(s).toString('hex'),
  HEX: (s) => utf8(s).toString('hex').toUpperCase(),
  JSON: (s) => JSON.stringify(s).slice(1, -1),
  'JSON, slashes escaped': (s) => JSON.stringify(s).slice(1, -1).replaceAll('/', '\\/'),
  'JSON, all escaped': (s) => Array.from(s, (c) => `\\u00${hex(c.charCodeAt(0))}`).join(''),
  'percent-encoded UTF-16': (s) => Array.from(s, (c) => `%u00${hex(c.charCodeAt(0))}`).join(''),
  'CSS escapes': (s) => Array.from(s, (c) => `\\${c.charCodeAt(0).toString(16)} `).join(''),
  'CSV quotes': (s) => s.replaceAll('"', '""'),
  'hex of UTF-16': (s) => Buffer.from(s, 'utf16le').toString('hex'),
  'HTML references': (s) => Array.from(s, (c) => `&#${c.charCodeAt(0)};`).join(''),
  'upper case': (s) => s.toUpperCase(),
  'lower case': (s) => s.toLowerCase(),
  reversed: (s) => Array.from(s).reverse().join(''),
  'split by spaces': (s) => s.replace(/(.{5})/g, '$1 '),
};

const TELLING_CHARS = 12;

/** Every text whose presence in an output would be a leak; the first characters of the secret count as one. */
export function spellings(secret: string): readonly string[] {
  const inside = [0, 1, 2].flatMap((shift) => {
    const bytes = Buffer.concat([Buffer.alloc(shift), utf8(secret)]);
    const whole = bytes.subarray(0, bytes.length - (bytes.length % 3));
    return [
      whole.toString('base64').slice(shift === 0 ? 0 : 4),
      whole.toString('base64url').slice(shift === 0 ? 0 : 4),
    ];
  });
  const start = secret.slice(0, TELLING_CHARS);
  return Array.from(new Set([...Object.values(encoders).map((encode) => encode(secret)), ...inside, start]));
}

/** What is looked for in bytes, by its name: every spelling as UTF-8 and as UTF-16. */
function textsOf(secret: string): readonly (readonly [spelling: string, text: Buffer])[] {
  return spellings(secret).flatMap((spelling) => [
    [spelling, utf8(spelling)] as const,
    [`${spelling} in UTF-16`, Buffer.from(spelling, 'utf16le')] as const,
  ]);
}

const texts = new Map<string, ReturnType<typeof textsOf>>();

/** The spellings that occur in these bytes, as UTF-8 or UTF-16. */
export function leaksIn(bytes: Buffer, secret: string): readonly string[] {
  const wanted = texts.get(secret) ?? textsOf(secret);
  texts.set(secret, wanted);
  return wanted.filter(([, text]) => bytes.includes(text)).map(([spelling]) => spelling);
}

/** The same of many secrets, in one pass over the bytes. */
export function leaksOfAny(bytes: Buffer, secrets: readonly string[]): readonly string[] {
  const all = secrets.flatMap((secret) =>
    textsOf(secret).map(([spelling, text]) => [`${secret}: ${spelling}`, text] as const),
  );
  const found = new Set<string>();
  createSearch(indexTexts(new Map(all)), (name) => found.add(name)).feed(bytes);
  return Array.from(found);
}
