import { unpack } from './inflate.ts';
import type { Work } from './work.ts';

const LEAST = 6;
const NEEDS_DICTIONARY = 0x20;

/** All that a zlib stream holds (RFC 1950) that ends where the bytes do, by its checksum; undefined for anything else. */
export function unpackZlib(stream: Uint8Array, work: Work): Uint8Array | undefined {
  const [method = 0, flags = 0] = stream;
  if (stream.length < LEAST || (method & 15) !== 8 || flags & NEEDS_DICTIONARY) return undefined;
  const inner = unpack(stream, work);
  if (!inner || work.left < 0) return undefined;
  const [one = 0, two = 0, three = 0, four = 0] = stream.subarray(-4);
  return adler32(inner) === one * 0x100_0000 + (two << 16) + (three << 8) + four ? inner : undefined;
}

const ADLER_BASE = 65_521;
/** So many bytes cannot overflow 32 bits. */
const ADLER_STEP = 5_552;

/** RFC 1950 section 8.2. */
function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let from = 0; from < bytes.length; from += ADLER_STEP) {
    for (const byte of bytes.subarray(from, from + ADLER_STEP)) {
      low += byte;
      high += low;
    }
    low %= ADLER_BASE;
    high %= ADLER_BASE;
  }
  return high * 0x1_0000 + low;
}
