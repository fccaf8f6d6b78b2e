import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { createNameMatcher } from '../../../shared/redact/names.ts';
import { safeBytes } from '../../../shared/redact/safe-bytes.ts';
import { createScrubber } from '../../../shared/redact/scrubber.ts';
import { chunk, pdf, png, zip } from '../tools/files.ts';

const SECRET = 'Xq7-geheim-Ä94_zTw1';
const tools = {
  scrubber: createScrubber([
    { id: 's', value: SECRET },
    { id: 't', value: 'hunter2hunter2hunter2' },
    { id: 'u', value: 'aaaaaaaaaaaaaaaaaaaa' },
  ]),
  judge: createNameMatcher(),
};

const latin = (text: string) => Buffer.from(text, 'latin1');
const join = (...parts: (string | Uint8Array)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? latin(part) : part)));
const around = (bytes: Uint8Array) => join('\x08\x96\x01\0\xff', bytes, '\0\x01\x02');
const swapped = (text: string) => Buffer.from(text, 'utf16le').swap16();

const secret = `it is ${SECRET}`;
const brotli = brotliCompressSync('hello sk-live-9f8e7d6c5b4a39281706 there is some text there');
const packed = deflateSync(secret);
const pixels = deflateSync(Buffer.concat([Buffer.from([0]), Buffer.from(secret)]));
const withChunk = (type: string, ...data: (string | Uint8Array)[]) =>
  png(1, 1, [], { chunks: [chunk(type, join(...data))] });
const jpeg = (...segments: (string | Uint8Array)[]) => join('\xff\xd8', ...segments, '\xff\xd9');
const comment = (data: Uint8Array) => join('\xff\xfe', Buffer.from([0, data.length + 2]), data);
/** A field of protobuf of so many bytes. */
const field = (data: Uint8Array) => join('\x08\x96\x01\x12', Buffer.from([data.length]), data);
/** What stands in the file as often as it fits. */
const often = (bytes: number[]) => Buffer.alloc(limits.shownBytes, Buffer.from(bytes));

const refused: readonly [what: string, bytes: Uint8Array, why: string][] = [
  ['a secret', around(Buffer.from(SECRET)), 'secret'],
  ['a secret in Latin 1', around(latin(SECRET)), 'secret'],
  ['a secret in UTF-16', around(Buffer.from(SECRET, 'utf16le')), 'secret'],
  ['a secret in UTF-16 at another offset', join('\x09', around(Buffer.from(SECRET, 'utf16le'))), 'secret'],
  ['a secret in UTF-16, big end first', around(swapped(SECRET)), 'secret'],
  ['a secret in base64', around(Buffer.from(Buffer.from(SECRET).toString('base64'))), 'secret'],
  ['a secret in a zlib stream', around(packed), 'opaque'],
  ['a secret in a bare stream', deflateRawSync(secret), 'opaque'],
  ['a secret in a bare stream that is no noise', field(deflateRawSync('hunter2hunter2hunter2')), 'secret'],
  ['a secret of five bytes when packed', deflateRawSync('aaaaaaaaaaaaaaaaaaaa'), 'secret'],
  ['a secret in a stream of a field', field(packed), 'opaque'],
  ['a secret in brotli', brotli, 'opaque'],
  ['a secret in a gzip stream', around(gzipSync(secret)), 'packed'],
  ['a secret in a comment of an image', png(1, 1, [SECRET]), 'secret'],
  ['a comment in UTF-8 in a zlib stream', withChunk('iTXt', 'C\0\x01\0de\0\xc4\0', packed), 'secret'],
  ['a secret in pixels', png(1, 1, [], { pixels: [pixels] }), 'secret'],
  ['a secret in pixels cut in two', png(1, 1, [], { pixels: [pixels.subarray(0, 12), pixels.subarray(12)] }), 'secret'],
  ['two streams of pixels', png(1, 1, [], { pixels: [deflateSync('\0\0'), pixels] }), 'format'],
  ['pixels that do not end', png(1, 1, [], { pixels: [pixels.subarray(0, -5)] }), 'format'],
  [
    'a stream with a dictionary',
    withChunk('zTXt', 'C\0\0', deflateSync(secret, { dictionary: Buffer.from(SECRET) })),
    'format',
  ],
  ['a chunk of a kind of its own', withChunk('teXx', deflateRawSync(secret)), 'format'],
  ['too many numbers', withChunk('tIME', '\x07\xe9\x01\x01\0\0\0\0'), 'format'],
  ['a comment packed twice', withChunk('zTXt', 'C\0\0', deflateSync(packed)), 'opaque'],
  ['a comment that is gzip', withChunk('zTXt', 'C\0\0', deflateSync(gzipSync(secret))), 'packed'],
  ['a comment that is an image', withChunk('tEXt', 'C\0', png(1, 1)), 'packed'],
  ['pixels that hold an archive', png(1, 1, [], { pixels: [deflateSync(zip({ a: secret }))] }), 'packed'],
  ['brotli in a comment', jpeg(comment(brotli)), 'opaque'],
  ['an archive in a comment', jpeg(comment(zip({ a: secret }))), 'packed'],
  ['a comment cut in two', jpeg(comment(latin(SECRET.slice(0, 9))), comment(latin(SECRET.slice(9)))), 'secret'],
  ['an archive behind an image', join(jpeg(), zip({ a: secret })), 'packed'],
  ['anything behind an image', join(png(1, 1), deflateRawSync(secret)), 'format'],
  ['no image but its mark', join('\x89PNG\r\n\x1a\n', Buffer.alloc(10)), 'format'],
  ['an archive behind a byte', join('\0', zip({ a: secret })), 'packed'],
  ['an archive in a stream in a stream', gzipSync(gzipSync(secret)), 'packed'],
  ['an image behind a byte', join('\0', png(1, 1, [SECRET])), 'packed'],
  ['a credential of a known shape', around(Buffer.from('ghp_16C7e42F292c6912E7710c838347Ae178B4a')), 'secret'],
  ['a field', around(Buffer.from('{"password":"p4ss-w0rd"}')), 'secret'],
  ['an archive', zip({ a: 'a' }), 'packed'],
  ['a document', pdf(1), 'packed'],
  ['a file of another kind', join('fLaC', Buffer.alloc(40)), 'format'],
  ['more pixels than are unpacked', png(1, 1, [], { pixels: [deflateSync(Buffer.alloc(3_000_000))] }), 'packed'],
  ['a stream that unpacks to more than is tried', deflateRawSync(Buffer.alloc(20_000_000)), 'opaque'],
  ['too many', Buffer.alloc(limits.shownBytes + 1, 200), 'size'],
];

const given: readonly [what: string, bytes: Uint8Array][] = [
  ['an image', png(3, 2)],
  ['an image with a comment', png(3, 2, ['made by hand'])],
  ['a photo', jpeg(comment(latin('made by hand')))],
  ['three bytes', Buffer.from([8, 150, 1])],
  ['one byte over and over', often([200])],
  ['two texts of a message', join(field(latin('Straßenlaterne')), field(latin('lamp post')))],
  [
    'times and places of a message',
    join(
      '\x08\xe8\x92\xd3\xa4\xf1\x31\x10\xb5\x83\xe4\xa4\xf1\x31\x19\x40\x4a\x2f\x9d\xb2\xf7\xc3\x21',
      field(latin('a')),
    ),
  ],
];

describe('bytes of a body', () => {
  it.each(refused)('P1 P7: %s are not given', (_, bytes, why) => {
    expect(safeBytes(bytes, tools)).toEqual({ bytesRefused: why });
  });

  it.each(given)('%s are, in base64', (_, bytes) => {
    expect(safeBytes(bytes, tools)).toEqual({ base64: Buffer.from(bytes).toString('base64') });
  });
});
