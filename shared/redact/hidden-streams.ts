// What cannot be read in bytes as they are: noise, which may be anything packed or encrypted, and DEFLATE streams that are too short to
// be noise.
import { joinBytes } from '../media/byte-view.ts';
import { messageLeaves } from '../media/message-leaves.ts';
import { mayBeDeflate, unpack } from './inflate.ts';
import { spend, type Work } from './work.ts';

/** Of sixteen bytes, how many are different, and how many stand in no text, for noise: random ones have fifteen and ten. */
const WINDOW = 16;
const DIFFERENT = 12;
const NO_TEXT = 6;
/** The least that a secret of eight characters packs to: three bits and eight for each of them, and an end of seven. */
const LEAST = 10;

/** Whether bytes of no known format look compressed or encrypted; numbers of a message between its texts do not count. */
export function looksPacked(bytes: Uint8Array): boolean {
  return (messageLeaves(bytes) ?? [bytes]).some(isNoise);
}

function isNoise(bytes: Uint8Array): boolean {
  const size = Math.min(WINDOW, bytes.length);
  if (size < LEAST) return false;
  const odd = markNoText(bytes);
  const counts = new Uint8Array(256);
  const seen = { different: 0, noText: 0 };
  const count = (at: number, step: 1 | -1) => {
    const byte = bytes[at] ?? 0;
    const before = counts[byte] ?? 0;
    counts[byte] = before + step;
    if (before === (step > 0 ? 0 : 1)) seen.different += step;
    seen.noText += (odd[at] ?? 0) * step;
  };
  for (let at = 0; at < bytes.length; at += 1) {
    count(at, 1);
    if (at >= size) count(at - size, -1);
    const isFull = at >= size - 1;
    if (isFull && seen.different * WINDOW >= DIFFERENT * size && seen.noText * WINDOW >= NO_TEXT * size) return true;
  }
  return false;
}

/** One for each byte that is neither a character of UTF-8 nor the white space and zeros around texts. */
function markNoText(bytes: Uint8Array): Uint8Array {
  const odd = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length; ) {
    const size = characterBytes(bytes, at);
    if (size === 0) odd[at] = 1;
    at += size || 1;
  }
  return odd;
}

const AROUND_TEXT: readonly number[] = [0, 9, 10, 13];

/** How many bytes the character there has (RFC 3629 section 4); none where there is none. */
function characterBytes(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] ?? 0;
  if (byte < 0x80) return (byte >= 32 && byte !== 127) || AROUND_TEXT.includes(byte) ? 1 : 0;
  if (byte < 0xc2 || byte > 0xf4) return 0;
  const size = byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
  const tail = bytes.subarray(at + 1, at + size);
  return tail.length === size - 1 && tail.every((each) => (each & 0xc0) === 0x80) ? size : 0;
}

/** What a try at a stream costs, beside what it gives. */
const TRY_BYTES = 64;
const BREAK = Uint8Array.of(10);

/** What a DEFLATE stream that begins at any byte holds, as far as it goes, line after line: much of it is noise. */
export function streamsIn(bytes: Uint8Array, work: Work): Uint8Array {
  const found: Uint8Array[] = [];
  // Behind a zlib header, a stream is taken as far as it goes, whatever follows.
  const buffer = new Uint8Array(bytes.length + 2);
  buffer.set(bytes, 2);
  for (let at = 0; at + 1 < bytes.length; at += 1) {
    if (!mayBeDeflate(bytes[at] ?? 0, bytes[at + 1] ?? 0)) continue;
    if (!spend(work, TRY_BYTES)) break;
    buffer.set([0x78, 0x01], at);
    const inner = unpack(buffer.subarray(at), work);
    if (inner && inner.length > 0) found.push(inner, BREAK);
  }
  return joinBytes(found);
}
