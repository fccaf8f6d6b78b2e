// Bytes as text: marks, labels, declarations, the spread of NULs; and what is no text at all.
import { describe, expect, it } from 'vitest';
import { bodyCharset, decodeBody } from '../../../../shared/redact/body-text.ts';

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const utf32 = (text: string, little: boolean) => {
  const bytes = Buffer.alloc(Array.from(text).length * 4);
  for (const [index, letter] of Array.from(text).entries()) {
    const point = letter.codePointAt(0) ?? 0;
    if (little) bytes.writeUInt32LE(point, index * 4);
    else bytes.writeUInt32BE(point, index * 4);
  }
  return bytes;
};
const latin = (text: string) => Buffer.from(text, 'latin1');

// [what, media type, bytes, text or undefined for binary, charset]
const bodies: readonly (readonly [string, string, Uint8Array, string | undefined, string | undefined])[] = [
  ['no label', 'text/plain', Buffer.from('caf\u00e9'), 'caf\u00e9', 'utf-8'],
  ['no label, not UTF-8', 'text/plain', latin('caf\u00e9'), undefined, 'utf-8'],
  ['UTF-8 with a mark', 'text/plain; charset=iso-8859-1', Buffer.from('\ufeffcaf\u00e9'), 'caf\u00e9', 'utf-8'],
  ['UTF-16 with a mark', '', Buffer.from('\ufeffa\u00e9', 'utf16le'), 'a\u00e9', 'utf-16le'],
  ['UTF-16 with the other mark', '', utf16be('\ufeffa\u00e9'), 'a\u00e9', 'utf-16be'],
  ['UTF-16 without a mark', 'application/json', Buffer.from('{"a":1}x', 'utf16le'), '{"a":1}x', 'utf-16le'],
  ['UTF-16 without a mark, swapped', 'application/json', utf16be('{"a":1}x'), '{"a":1}x', 'utf-16be'],
  ['UTF-32 with a mark', '', utf32('\ufeffa\u{1f600}', true), 'a\u{1f600}', 'utf-32le'],
  ['UTF-32 with the other mark', '', utf32('\ufeffa\u{1f600}', false), 'a\u{1f600}', 'utf-32be'],
  ['UTF-32 by its label', 'text/plain; charset=UTF-32LE', utf32('abcd', true), 'abcd', 'utf-32le'],
  ['UTF-32 without a mark', 'text/plain', utf32('abcd', false), 'abcd', 'utf-32be'],
  ['UTF-32 beyond Unicode', 'text/plain; charset=utf-32be', Buffer.from([0, 0x11, 0, 0]), undefined, 'utf-32be'],
  ['a label', 'text/plain; charset=ISO-8859-1', latin('caf\u00e9'), 'caf\u00e9', 'windows-1252'],
  ['a label in quotes', 'text/plain; charset="iso-8859-2"', Uint8Array.of(0xb1), '\u0105', 'iso-8859-2'],
  ['Shift_JIS', 'text/plain; charset=Shift_JIS', Uint8Array.of(0x83, 0x41), '\u30a2', 'shift_jis'],
  ['a label that no one knows', 'text/plain; charset=nonsense', Buffer.from('abc'), 'abc', 'utf-8'],
  ['the same, not UTF-8', 'text/plain; charset=nonsense', latin('caf\u00e9'), undefined, 'utf-8'],
  ['x-user-defined', 'text/plain; charset=x-user-defined', latin('caf\u00e9'), undefined, 'utf-8'],
  [
    'an XML declaration',
    'text/xml',
    latin('<?xml version="1.0" encoding="ISO-8859-1"?><a>\u00e9</a>'),
    '<?xml version="1.0" encoding="ISO-8859-1"?><a>\u00e9</a>',
    'windows-1252',
  ],
  [
    'a declaration that cannot be true',
    'text/xml',
    Buffer.from('<?xml version="1.0" encoding="UTF-16"?><a/>'),
    '<?xml version="1.0" encoding="UTF-16"?><a/>',
    'utf-8',
  ],
  [
    'a meta element',
    'text/html',
    latin('<html><meta charset=windows-1252><p>\u00e9'),
    '<html><meta charset=windows-1252><p>\u00e9',
    'windows-1252',
  ],
  ['a record separator', 'application/json-seq', Buffer.from('\x1e{"a":1}\n'), '\x1e{"a":1}\n', 'utf-8'],
  ['NUL', 'text/plain', Buffer.from('a\0b'), undefined, 'utf-8'],
  ['control characters', 'text/plain', Buffer.from('\x01\x02\x03abc'), undefined, 'utf-8'],
  ['octets that are text', 'application/octet-stream', Buffer.from('a=1\n'), 'a=1\n', 'utf-8'],
  ['protobuf that reads as text', 'application/x-protobuf', Buffer.from('\n\x0bhunter2-abc'), undefined, undefined],
  ['a vendor type of bytes', 'application/vnd.x+cbor', Buffer.from('abc'), undefined, undefined],
  ['an image that reads as text', 'image/png', Buffer.from('abc'), undefined, undefined],
  ['a drawing', 'image/svg+xml', Buffer.from('<svg/>'), '<svg/>', 'utf-8'],
  ['PDF as text', 'text/plain', Buffer.from('%PDF-1.7\nabc'), undefined, undefined],
  ['ZIP as text', 'text/plain', Buffer.from('PK\x03\x04abc'), undefined, undefined],
  ['gzip', '', Uint8Array.of(0x1f, 0x8b, 8, 0), undefined, undefined],
];

describe('decodeBody', () => {
  it.each(bodies)('P1: %s (%s)', (_, type, bytes, text, charset) => {
    const decoded = decodeBody(bytes, type);
    expect(decoded?.text).toBe(text);
    expect(bodyCharset(bytes, type)).toBe(charset);
    if (decoded) expect(Buffer.from(decoded.utf8).toString()).toBe(text);
  });

  it('leaves out a character that was cut, and only where the bytes are cut', () => {
    const whole = Buffer.from('{"a":"\u20ac\u{1f600}"}');
    for (let size = 1; size <= whole.length; size += 1) {
      const cut = whole.subarray(0, size);
      const decoded = decodeBody(cut, 'application/json', true);
      expect(whole.toString().startsWith(decoded?.text ?? '!')).toBe(true);
      expect(Buffer.from(decoded?.utf8 ?? []).toString()).toBe(decoded?.text);
    }
    expect(decodeBody(whole.subarray(0, 7), 'application/json')).toBeUndefined();
    expect(decodeBody(Buffer.from('ab', 'utf16le').subarray(0, 3), 'text/plain; charset=utf-16le', true)?.text).toBe(
      'a',
    );
    expect(decodeBody(utf32('ab', true).subarray(0, 7), 'text/plain; charset=utf-32le', true)?.text).toBe('a');
  });

  it('P1: tells what else bytes may be read as where ASCII is no part of their charset', () => {
    expect(decodeBody(Buffer.from('abcd'), 'text/plain; charset=utf-16le')?.otherReadings).toContain('abcd');
    expect(decodeBody(utf32('abcd', true), 'text/plain')?.otherReadings.length).toBeGreaterThan(0);
    expect(decodeBody(Buffer.from('abcd'), 'text/plain; charset=iso-8859-15')?.otherReadings).toEqual([]);
  });
});
