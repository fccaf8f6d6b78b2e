import {
  brotliCompressSync,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  deflateSync,
  gzipSync,
} from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inflate } from '../../../src/network/inflate-within.ts';

const coders = [
  ['gzip', (bytes: Uint8Array) => gzipSync(bytes), createGunzip],
  ['deflate', (bytes: Uint8Array) => deflateSync(bytes), createInflate],
  ['br', (bytes: Uint8Array) => brotliCompressSync(bytes), createBrotliDecompress],
] as const;

describe('inflating', () => {
  it.each(coders)(
    'P12: %s gives the beginning of what went in, wherever it is cut, damaged or limited',
    async (_, deflate, make) => {
      const plain = fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc.string({ maxLength: 300 }).map((text) => Buffer.from(text.repeat(20))),
      );
      await fc.assert(
        fc.asyncProperty(plain, fc.nat(), fc.nat(7_000), async (bytes, cutAt, most) => {
          const encoded = deflate(bytes);
          const whole = await inflate(make, encoded, most);
          expect(whole.ending).toBe(bytes.length > most ? 'size' : 'whole');
          expect(whole.bytes.equals(Buffer.from(bytes).subarray(0, most))).toBe(true);
          const cut = await inflate(make, encoded.subarray(0, 1 + (cutAt % (encoded.length - 1))), most);
          expect(cut.ending).not.toBe('whole');
          expect(cut.bytes.equals(Buffer.from(bytes).subarray(0, cut.bytes.length))).toBe(true);
        }),
        { numRuns: 60 },
      );
    },
  );

  it('P12: gives everything before the damage, to the byte', async () => {
    const plain = Buffer.from('a line of text\n'.repeat(50));
    const encoded = gzipSync(plain);
    for (const [name, damaged] of [
      ['a wrong checksum', Buffer.from(encoded.map((byte, at) => (at === encoded.length - 8 ? byte ^ 1 : byte)))],
      ['garbage behind', Buffer.concat([encoded, Buffer.from('garbage')])],
      ['a second member that is cut', Buffer.concat([encoded, encoded.subarray(0, 12)])],
      ['a missing end', encoded.subarray(0, -8)],
    ] as const) {
      const { bytes, ending } = await inflate(createGunzip, damaged, 10_000);
      expect([ending, bytes.subarray(0, plain.length).equals(plain)], name).toEqual(['broken', true]);
    }
  });
});
