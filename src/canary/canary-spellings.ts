// How a careless server may hand a secret back, and how the search looks for it. Written apart from the redactor: the two must
// not share a blind spot.
import { gzipSync } from 'node:zlib';

const utf8 = (text: string) => Buffer.from(text, 'utf8');
const hexOf = (byte: number) => byte.toString(16).padStart(2, '0');
const eachByte = (text: string, spell: (byte: number) => string) => Array.from(utf8(text), spell).join('');

type Speller = (secret: string) => string;

export const spellers: ReadonlyMap<string, Speller> = new Map<string, Speller>([
  ['as it is', (s) => s],
  ['percent-encoded', (s) => encodeURIComponent(s)],
  ['percent-encoded twice', (s) => encodeURIComponent(encodeURIComponent(s))],
  ['every byte percent-encoded', (s) => eachByte(s, (byte) => `%${hexOf(byte)}`)],
  ['as a form value', (s) => new URLSearchParams([['', s]]).toString().slice(1)],
  ['base64', (s) => utf8(s).toString('base64')],
  ['base64 behind one byte', (s) => utf8(`:${s}`).toString('base64')],
  ['base64 behind two bytes', (s) => utf8(`a:${s}`).toString('base64')],
  ['base64 twice', (s) => utf8(utf8(s).toString('base64')).toString('base64')],
  ['base64url of JSON', (s) => utf8(JSON.stringify({ sub: 1, t: s })).toString('base64url')],
  ['base64 of gzip', (s) => gzipSync(s).toString('base64')],
  ['base64 of UTF-16', (s) => Buffer.from(s, 'utf16le').toString('base64')],
  ['hexadecimal', (s) => utf8(s).toString('hex')],
  ['hexadecimal with colons', (s) => eachByte(s, (byte) => `${hexOf(byte)}:`).slice(0, -1)],
  ['JSON-escaped', (s) => JSON.stringify(s).slice(1, -1)],
  [
    'JSON with every character escaped',
    (s) => Array.from(s, (c) => `\\u${hexOf(c.charCodeAt(0)).padStart(4, '0')}`).join(''),
  ],
  ['HTML references', (s) => Array.from(s, (c) => `&#${c.charCodeAt(0)};`).join('')],
  ['upper case', (s) => s.toUpperCase()],
  ['lower case', (s) => s.toLowerCase()],
  ['reversed', (s) => Array.from(s).reverse().join('')],
  ['broken by spaces', (s) => s.replace(/(.{5})/g, '$1 ')],
  ['broken by line ends', (s) => s.replace(/(.{9})/g, '$1\n')],
]);

const TELLING_CHARS = 12;

/** The spellings of the secret that stand in these bytes, as UTF-8 or UTF-16; its first characters alone count as one. */
export function spellingsIn(bytes: Buffer, secret: string): string[] {
  const beginning: readonly [string, string] = ['its beginning', secret.slice(0, TELLING_CHARS)];
  const spelled = Array.from(spellers, ([name, spell]) => [name, spell(secret)] as const);
  return [...spelled, beginning]
    .filter(([, text]) => bytes.includes(text) || bytes.includes(Buffer.from(text, 'utf16le')))
    .map(([name]) => name);
}
