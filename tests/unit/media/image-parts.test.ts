// Images as their formats' own documents give them, of one or two pixels.
import { deflateSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { imageParts } from '../../../shared/media/image-parts.ts';
import type { MediaFormat } from '../../../shared/media/magic.ts';
import { chunk, png } from '../tools/files.ts';

const latin = (text: string) => Buffer.from(text, 'latin1');
const le = (value: number, bytes = 4) => {
  const out = Buffer.alloc(bytes);
  out.writeUIntLE(value, 0, bytes);
  return out;
};
const join = (...parts: (string | Uint8Array)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? latin(part) : part)));

const riff = (...chunks: Buffer[]) => join('RIFF', le(join(...chunks).length + 4), 'WEBP', ...chunks);
const piece = (type: string, data: Uint8Array) => join(type, le(data.length), data, Buffer.alloc(data.length & 1));
const header = (width: number, height: number, bits: number) =>
  join(le(40), le(width), le(height), le(1, 2), le(bits, 2), Buffer.alloc(24));
const bmp = (pixels: Uint8Array, offset = 54) =>
  join('BM', le(54 + pixels.length), Buffer.alloc(4), le(offset), header(3, 1, 24), pixels);
const ico = (image: Uint8Array, at = 22) =>
  join('\0\0\x01\0\x01\0', '\x02\x02\0\0\x01\0\x20\0', le(image.length), le(at), image);
const gif = (...blocks: string[]) => join('GIF89a\x01\0\x01\0\x80\0\0', '\0\0\0\xff\xff\xff', ...blocks);
const gifImage = '\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0';
const gifComment = '\x21\xfe\x03one\x03two\0';
const jpegComment = (text: string) => join('\xff\xfe', Buffer.from([0, text.length + 2]), text);
const frame = '\xff\xc0\0\x0b\x08\0\x01\0\x01\x01\x01\x11\0';
const scan = '\xff\xda\0\x08\x01\x01\0\0\x3f\0\x12\xff\0\x34\xff\xd0\x56';
/** The head of a colour profile. */
const profile = join(Buffer.from([0, 0, 0, 132]), Buffer.alloc(32), 'acsp', Buffer.alloc(92));
const icc = (bytes: Uint8Array) => chunk('iCCP', join('p\0\0', deflateSync(bytes)));

const whole: readonly [what: string, format: MediaFormat, bytes: Buffer, told: string[], drawn: number][] = [
  ['a png', 'png', png(1, 1), [], 1],
  ['a png with texts', 'png', png(1, 1, ['a', 'b'], { chunks: [chunk('tEXt', latin('C\0c'))] }), ['a', 'b', 'C\0c'], 1],
  ['a png with a profile', 'png', png(1, 1, [], { chunks: [icc(profile)] }), [], 2],
  ['a gif', 'gif', gif(gifComment, '\x21\xf9\x04\0\0\0\0\0', gifImage, ';'), ['onetwo'], 2],
  [
    'a gif with a table of the image',
    'gif',
    gif(`\x2c\0\0\0\0\x01\0\x01\0\x80${'\0'.repeat(6)}\x02\x02\x44\x01\0`, ';'),
    [],
    1,
  ],
  ['a jpeg', 'jpeg', join('\xff\xd8', frame, scan, jpegComment('one'), jpegComment('two'), '\xff\xd9'), ['onetwo'], 0],
  ['a jpeg with a profile', 'jpeg', join('\xff\xd8\xff\xe2\0\x94ICC_PROFILE\0\x01\x01', profile, '\xff\xd9'), [], 1],
  ['a webp', 'webp', riff(piece('VP8L', latin('\x2f\0\0'))), [], 0],
  [
    'a webp with more',
    'webp',
    riff(piece('VP8X', Buffer.alloc(10)), piece('VP8 ', latin('x')), piece('XMP ', latin('<x/>'))),
    ['<x/>'],
    0,
  ],
  ['a bmp', 'bmp', bmp(Buffer.alloc(12)), [], 0],
  ['an icon with a mask', 'ico', ico(join(header(2, 4, 32), Buffer.alloc(24))), [], 0],
  ['an icon without', 'ico', ico(join(header(2, 4, 32), Buffer.alloc(16))), [], 0],
  ['an icon of two colours', 'ico', ico(join(header(2, 4, 1), Buffer.alloc(8 + 16))), [], 0],
];

const unusual: readonly [what: string, format: MediaFormat, bytes: Buffer][] = [
  ['a chunk of another kind', 'png', png(1, 1, [], { chunks: [chunk('vpAg', latin('x'))] })],
  ['a chunk longer than its numbers', 'png', png(1, 1, [], { chunks: [chunk('gAMA', Buffer.alloc(5))] })],
  ['a text without a keyword', 'png', png(1, 1, [], { chunks: [chunk('zTXt', latin('abc'))] })],
  ['a text in another packing', 'png', png(1, 1, [], { chunks: [chunk('zTXt', join('C\0\x01', deflateSync('a')))] })],
  ['a profile that is none', 'png', png(1, 1, [], { chunks: [icc(Buffer.alloc(132))] })],
  ['a profile of another length', 'png', png(1, 1, [], { chunks: [icc(join(profile, '\0'))] })],
  ['a block of another kind', 'gif', gif(gifImage, '\x22\0', ';')],
  ['a marker of another kind', 'jpeg', latin('\xff\xd8\xff\xf0\0\x02\xff\xd9')],
  ['a byte between markers', 'jpeg', latin('\xff\xd8\0\xff\xd9')],
  ['a table of any length', 'jpeg', join('\xff\xd8\xff\xdb\x08\x9b', Buffer.alloc(2_201), '\xff\xd9')],
  ['a chunk of another kind', 'webp', riff(piece('VP8L', latin('\x2f')), piece('JUNK', latin('x')))],
  ['a profile that is none', 'webp', riff(piece('ICCP', Buffer.alloc(132)))],
  [
    'pixels that are packed',
    'bmp',
    (() => {
      const bytes = bmp(Buffer.alloc(12));
      bytes[30] = 1;
      return bytes;
    })(),
  ],
  ['more before the pixels than colours', 'bmp', bmp(Buffer.alloc(12 + 1041), 54 + 1041)],
  ['a gap before an image', 'ico', ico(join('\0', header(2, 4, 32), Buffer.alloc(16)), 23)],
  ['an image that is a file', 'ico', ico(png(1, 1))],
  ['any image of another kind', 'tiff', latin('II*\0')],
];

/** The last four bytes are the checksum: only a stream that ends there has it. */
const unpack = (stream: Uint8Array) => {
  try {
    return inflateSync(stream);
  } catch {
    return undefined;
  }
};

describe('parts of an image', () => {
  it.each(whole)('%s', (_, format, bytes, told, drawn) => {
    const parts = imageParts(format, bytes, unpack);
    expect(parts?.told.map((part) => Buffer.from(part).toString('latin1'))).toEqual(told);
    expect(parts?.drawn).toHaveLength(drawn);
  });

  it.each(whole)('P7: %s has none with a byte behind it, or cut anywhere', (_, format, bytes) => {
    expect(imageParts(format, join(bytes, '\0'), unpack)).toBeUndefined();
    for (let size = 0; size < bytes.length; size += 1) {
      expect(imageParts(format, bytes.subarray(0, size), unpack)).toBeUndefined();
    }
  });

  it.each(unusual)('P7: %s in a file of %s', (_, format, bytes) => {
    expect(imageParts(format, bytes, unpack)).toBeUndefined();
  });
});
