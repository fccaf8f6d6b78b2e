import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mediaFacts } from '../../../shared/media/media-facts.ts';
import { pdf, png, zip } from '../tools/files.ts';

const latin = (text: string, length = 0) => Buffer.from(text.padEnd(length, '\0'), 'latin1');
const box = (brand: string, extents: string) => latin(`\0\0\0\x18ftyp${brand}\0\0\0\0mif1miaf\0\0\0\x40meta${extents}`);

/** Headers as the formats' documents give them: JPEG with a comment before its frame, lossy, lossless and extended WebP … */
const rows: readonly [what: string, bytes: Uint8Array, facts: unknown][] = [
  ['png', png(640, 480), { format: 'png', width: 640, height: 480 }],
  ['gif', latin('GIF89a\x40\x01\xf0\0', 20), { format: 'gif', width: 320, height: 240 }],
  [
    'jpeg',
    latin('\xff\xd8\xff\xe0\0\x04JF\xff\xff\xfe\0\x05abc\xff\xc2\0\x11\x08\x01\xe0\x02\x80\x03', 30),
    { format: 'jpeg', width: 640, height: 480 },
  ],
  ['a jpeg without a frame', latin('\xff\xd8\xff\xe0\0\0\xff\xd9', 20), { format: 'jpeg' }],
  [
    'webp, lossy',
    latin('RIFF\0\0\0\0WEBPVP8 \0\0\0\0\0\0\0\x9d\x01\x2a\x80\x02\xe0\x01', 32),
    { format: 'webp', width: 640, height: 480 },
  ],
  [
    'webp, lossless',
    latin('RIFF\0\0\0\0WEBPVP8L\0\0\0\0\x2f\x7f\xc2\x77\0', 32),
    { format: 'webp', width: 640, height: 480 },
  ],
  [
    'webp, extended',
    latin('RIFF\0\0\0\0WEBPVP8X\0\0\0\0\0\0\0\0\x7f\x02\0\xdf\x01\0', 32),
    { format: 'webp', width: 640, height: 480 },
  ],
  [
    'bmp, upside down',
    latin('BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x02\0\0\0\xfe\xff\xff\xff', 54),
    { format: 'bmp', width: 2, height: 2 },
  ],
  [
    'ico',
    latin(`\0\0\x01\0\x02\0\x10\x10\0\0${'\0'.repeat(12)}\0\0\0\0`, 60),
    { format: 'ico', width: 256, height: 256 },
  ],
  [
    'tiff',
    latin('II*\0\x08\0\0\0\x02\0\0\x01\x03\0\x01\0\0\0\x80\x02\0\0\x01\x01\x04\0\x01\0\0\0\xe0\x01\0\0', 40),
    { format: 'tiff', width: 640, height: 480 },
  ],
  [
    'avif',
    box('avif', '\0\0\0\x14ispe\0\0\0\0\0\0\0\x10\0\0\0\x10\0\0\0\x14ispe\0\0\0\0\0\0\x02\x80\0\0\x01\xe0'),
    { format: 'avif', width: 640, height: 480 },
  ],
  ['mp4', box('isom', ''), { format: 'mp4' }],
  ['pdf', pdf(12), { format: 'pdf', pages: 12 }],
  ['a pdf whose pages are packed', latin('%PDF-1.7\n/Type /Pages /Type/ObjStm'), { format: 'pdf' }],
  ['zip', zip({ a: '1', b: '2', c: '3' }), { format: 'zip', entries: 3 }],
  ['docx', zip({ '[Content_Types].xml': '', 'word/document.xml': '' }), { format: 'docx', entries: 2 }],
  ['a zip without its end', zip({ a: '1' }).subarray(0, 40), { format: 'zip' }],
  ['gzip', gzipSync('a'), { format: 'gzip' }],
  ['tar', latin(`${'name'.padEnd(257, '\0')}ustar`, 512), { format: 'tar' }],
  ['mp3', latin('\xff\xfb\x90\x64'), { format: 'mp3' }],
  ['aac', latin('\xff\xf1\x50\x80'), { format: 'aac' }],
  ['two bytes of a bitmap', latin('BM and more text than a header has'), undefined],
  ['two bytes of a program', latin('MZ', 100), undefined],
  ['protobuf', Uint8Array.of(8, 150, 1), undefined],
  ['nothing', new Uint8Array(), undefined],
];

describe('what a file is', () => {
  it.each(rows)('%s', (_, bytes, facts) => {
    expect(mediaFacts(bytes)).toEqual(facts);
  });

  it('P9 P12: whatever a header states and wherever it ends, the numbers are numbers', () => {
    const headers = rows.map(([, bytes]) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.constantFrom(...headers), fc.nat(), fc.uint8Array({ maxLength: 40 }), (bytes, cut, noise) => {
        const facts = mediaFacts(Buffer.concat([bytes.subarray(0, cut % (bytes.length + 1)), noise]));
        for (const value of Object.values(facts ?? {})) {
          if (typeof value === 'number') expect(Number.isSafeInteger(value) && value >= 0).toBe(true);
        }
      }),
    );
  });
});
