// Ways to write a secret.
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';

const bytes = (text: string) => Buffer.from(text, 'utf8');
const each = (text: string, spell: (byte: number) => string) => Array.from(bytes(text), spell).join('');
const hex2 = (byte: number) => byte.toString(16).padStart(2, '0');

/** Each row as it is made, for any secret; the rows of the first canary are also pinned as samples in the vectors. */
export const encoders: Readonly<Record<string, (secret: string) => string>> = {
  raw: (s) => s,
  'json-escaped': (s) => JSON.stringify(s).slice(1, -1),
  'json \\u all': (s) => Array.from(s, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  'json \\/ + \\u003c': (s) =>
    JSON.stringify(s)
      .slice(1, -1)
      .replaceAll('/', '\\/')
      .replace(/[<>&]/g, (c) => `\\u00${hex2(c.charCodeAt(0))}`),
  'url enc': (s) => encodeURIComponent(s),
  'url lower-hex': (s) => encodeURIComponent(s).replace(/%../g, (p) => p.toLowerCase()),
  'url every byte': (s) => each(s, (b) => `%${hex2(b)}`),
  'double url': (s) => encodeURIComponent(encodeURIComponent(s)),
  'triple url': (s) => encodeURIComponent(encodeURIComponent(encodeURIComponent(s))),
  encodeURI: (s) => encodeURI(s),
  'form +': (s) => new URLSearchParams({ a: s }).toString().slice(2),
  base64: (s) => bytes(s).toString('base64'),
  'base64 nopad': (s) => bytes(s).toString('base64').replace(/=+$/, ''),
  base64url: (s) => bytes(s).toString('base64url'),
  'base64 percent-encoded': (s) => encodeURIComponent(bytes(s).toString('base64')),
  'base64 JSON \\/': (s) => bytes(s).toString('base64').replaceAll('/', '\\/'),
  'basic user:secret': (s) => bytes(`svcuser:${s}`).toString('base64'),
  'base64 offset1': (s) => bytes(`x${s}yz`).toString('base64'),
  'base64 offset2': (s) => bytes(`xy${s}z`).toString('base64'),
  'double base64': (s) => bytes(bytes(s).toString('base64')).toString('base64'),
  'base64 of offset base64': (s) => bytes(`k=${bytes(`user:${s}`).toString('base64')}`).toString('base64'),
  'base64 wrapped': (s) =>
    bytes(`${'A'.repeat(40)}${s}`)
      .toString('base64')
      .replace(/(.{20})/g, '$1\r\n'),
  'base64 of percent': (s) => bytes(`a=${encodeURIComponent(s)}`).toString('base64'),
  hex: (s) => bytes(s).toString('hex'),
  HEX: (s) => bytes(s).toString('hex').toUpperCase(),
  'hex colon': (s) => each(s, (b) => `${hex2(b)}:`).slice(0, -1),
  'hex spaced': (s) => each(s, (b) => `${hex2(b)} `),
  'hex \\x': (s) => each(s, (b) => `\\x${hex2(b)}`),
  'hex of base64': (s) => bytes(bytes(s).toString('base64')).toString('hex'),
  'byte list': (s) => Array.from(bytes(s)).join(', '),
  'html named': (s) =>
    s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  'html dec': (s) => Array.from(s, (c) => `&#${c.codePointAt(0)};`).join(''),
  'html hex': (s) => Array.from(s, (c) => `&#x${c.codePointAt(0)?.toString(16)};`).join(''),
  'xml cdata-split': (s) => `${s.slice(0, 8)}]]><![CDATA[${s.slice(8)}`,
  'tag-split': (s) => `${s.slice(0, 8)}<wbr>${s.slice(8)}`,
  'utf16le b64': (s) => Buffer.from(s, 'utf16le').toString('base64'),
  'utf16be b64': (s) => Buffer.from(s, 'utf16le').swap16().toString('base64'),
  'invisible letters between': (s) => Array.from(s).join('\u3164\u2800\ufffc\u0080'),
  'tag-split, JSON with < escaped': (s) => `${s.slice(0, 8)}\\u003cwbr\\u003e${s.slice(8)}`,
  'cdata-split, JSON with < escaped': (s) => `${s.slice(0, 8)}]]\\u003e\\u003c![CDATA[${s.slice(8)}`,
  'tag-split, references': (s) => `${s.slice(0, 8)}&lt;wbr&gt;${s.slice(8)}`,
  'tag-split, percent-encoded': (s) => `${s.slice(0, 8)}%3Cwbr%3E${s.slice(8)}`,
  'quoted-printable, percent-encoded': (s) => each(s, (b) => `%3D${hex2(b).toUpperCase()}`),
  'quoted-printable soft break in JSON': (s) => `${s.slice(0, 9)}=\\r\\n${s.slice(9)}`,
  'event data lines in JSON': (s) => `${s.slice(0, 8)}\\ndata: ${s.slice(8)}`,
  'css escapes of six digits in JSON': (s) =>
    Array.from(s, (c) => `\\\\${c.charCodeAt(0).toString(16).padStart(6, '0')}`).join(''),
  'gzip+b64 behind a prefix': (s) => `session_${gzipSync(s).toString('base64url')}`,
  'zlib+b64 behind a prefix': (s) => `nonce-${deflateSync(`{"t":"${s}"}`).toString('base64')}`,
  'gzip+b64 behind letters': (s) => `abcdefg${gzipSync(s).toString('base64')}`,
  'latin1 mojibake': (s) => bytes(s).toString('latin1'),
  NFD: (s) => s.normalize('NFD'),
  'full-width': (s) => s.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  'quoted-printable twice': (s) =>
    each(s, (b) => (b < 33 || b === 61 || b > 126 ? `=3D${hex2(b).toUpperCase()}` : String.fromCharCode(b))),
  'quoted-printable soft break': (s) => `${s.slice(0, 9)}=\r\n${s.slice(9)}`,
  lowercased: (s) => s.toLowerCase(),
  UPPER: (s) => s.toUpperCase(),
  reversed: (s) => Array.from(s).reverse().join(''),
  'space-split': (s) => s.replace(/(.{4})/g, '$1 '),
  'newline-split': (s) => s.replace(/(.{8})/g, '$1\n'),
  'zero-width-split': (s) => Array.from(s).join('\u200b'),
  'gzip+b64': (s) => gzipSync(s).toString('base64'),
  'zlib+b64': (s) => deflateSync(`{"t":"${s}"}`).toString('base64'),
  rot13: (s) =>
    s.replace(/[a-z]/gi, (c) =>
      String.fromCharCode(((c.charCodeAt(0) - (c < 'a' ? 65 : 97) + 13) % 26) + (c < 'a' ? 65 : 97)),
    ),
  'csv doubled quotes': (s) => s.replaceAll('"', '""'),
  'sql doubled quotes': (s) => s.replaceAll("'", "''"),
  '%uXXXX': (s) => Array.from(s, (c) => `%u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  'css escapes': (s) => Array.from(s, (c) => `\\${c.charCodeAt(0).toString(16)} `).join(''),
  'css escapes of six digits': (s) =>
    Array.from(s, (c) => `\\${c.charCodeAt(0).toString(16).padStart(6, '0')}`).join(''),
  'event data lines': (s) => `${s.slice(0, 6)}\ndata: ${s.slice(6, 12)}\r\ndata:${s.slice(12)}`,
  'utf16le hex': (s) => Buffer.from(s, 'utf16le').toString('hex'),
  'raw deflate+b64': (s) => deflateRawSync(`{"t":"${s}"}`).toString('base64'),
  base32: (s) => base32(bytes(s)),
  'base32 offset': (s) => base32(bytes(`k=${s};`)),
  'octal escapes': (s) => each(s, (b) => `\\${b.toString(8).padStart(3, '0')}`),
  'decimal bytes, spaced': (s) => Array.from(bytes(s)).join(' '),
  'dots between': (s) => Array.from(s).join('.'),
  'dashes between': (s) => Array.from(s).join('-'),
  'mathematical letters': (s) => s.replace(/[A-Z]/g, (c) => String.fromCodePoint(c.charCodeAt(0) + 0x1d3bf)),
  'gzip+b64 JSON \\/': (s) => gzipSync(s).toString('base64').replaceAll('/', '\\/'),
  'gzip+b64 percent-encoded': (s) => encodeURIComponent(gzipSync(s).toString('base64')),
  'jwt payload': (s) =>
    `${bytes('{"alg":"none"}').toString('base64url')}.${bytes(JSON.stringify({ sub: 'x', t: s })).toString('base64url')}.`,
};

// RFC 4648 section 6.
function base32(input: Uint8Array): string {
  const bits = Array.from(input, (byte) => byte.toString(2).padStart(8, '0')).join('');
  const digits = bits.match(/.{1,5}/g) ?? [];
  const text = digits
    .map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('');
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}
