// DEFLATE (RFC 1951), bare and in the gzip and zlib wrappers (RFC 1952, 1950), only to look inside a base64 run for a secret:
// checksums are not compared, damaged input gives what was decoded so far, a piece at a time.
import { spend, type Work } from './work.ts';

/** Takes the next piece, which is only lent; false where no more is wanted. */
type Sink = (piece: Uint8Array) => boolean;

/**
 * Whether the bytes are a compressed stream: `none`, or a damaged one; `whole`; `part`: one without a head ended
 * before they do; `cut`: it goes on behind the last of them. What it holds goes to the sink, or as much of it as the work allows.
 */
export function unpackPieces(bytes: Uint8Array, work: Work, sink: Sink): 'none' | 'whole' | 'part' | 'cut' {
  const wrapped = wrapperBytes(bytes);
  if (wrapped === 0 && !(mayBeDeflate(bytes[0] ?? 0, bytes[1] ?? 0) && isVaried(bytes))) return 'none';
  const out: Output = { bytes: new Uint8Array(FIRST_BYTES), size: 0, taken: 0, work, sink };
  const bits: Bits = { bytes, at: wrapped, word: 0, count: 0, ended: false };
  const end = inflate(bits, out);
  // What is no stream is damaged after a few bytes, or ends there.
  const isWhole = end === 'last' && (wrapped > 0 || bits.at >= bytes.length - 1);
  const isPart = end === 'last' && out.size >= MIN_PART_BYTES;
  if (isWhole || isPart || end === 'ended' || wrapped > 0) hand(out);
  return isWhole ? 'whole' : end === 'ended' ? 'cut' : isPart ? 'part' : 'none';
}

const MIN_PART_BYTES = 16;

function wrapperBytes(bytes: Uint8Array): number {
  return isGzip(bytes) ? gzipHeaderBytes(bytes) : isZlib(bytes) ? 2 : 0;
}

/** All of what a compressed stream holds, or as much of it as the work allows; undefined where the bytes are none. */
export function unpack(bytes: Uint8Array, work: Work): Uint8Array | undefined {
  const pieces: Uint8Array[] = [];
  const kind = unpackPieces(bytes, work, (piece) => pieces.push(piece.slice()) > 0);
  if (kind === 'none' && pieces.length === 0) return undefined;
  const whole = new Uint8Array(pieces.reduce((size, { length }) => size + length, 0));
  let size = 0;
  for (const piece of pieces) {
    whole.set(piece, size);
    size += piece.length;
  }
  return whole;
}

/** Whether a bare stream may begin so: a coded block (RFC 1951 section 3.2.3), with no more codes than there are. */
export function mayBeDeflate(first: number, second: number): boolean {
  const kind = (first >> 1) & 3;
  return kind === 1 || (kind === 2 && first >> 3 < 30 && (second & 31) < 30);
}

// One letter over and over can be read as a stream without an end.
function isVaried(bytes: Uint8Array): boolean {
  let changes = 0;
  for (let at = 1; at < 16; at += 1) if (bytes[at] !== bytes[at - 1] && bytes[at] !== bytes[at - 2]) changes += 1;
  return changes > 3;
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

// RFC 1950 section 2.2: method 8, a window of at most 32 kB, and the check bits.
function isZlib(bytes: Uint8Array): boolean {
  const [method = 0, flags = 0] = bytes;
  return (method & 0x0f) === 8 && method >> 4 <= 7 && ((method << 8) | flags) % 31 === 0;
}

function gzipHeaderBytes(bytes: Uint8Array): number {
  const flags = bytes[3] ?? 0;
  let at = 10;
  if (flags & 4) at += 2 + ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue;
    while (at < bytes.length && bytes[at] !== 0) at += 1;
    at += 1;
  }
  return flags & 2 ? at + 2 : at;
}

interface Bits {
  readonly bytes: Uint8Array;
  at: number;
  word: number;
  count: number;
  ended: boolean;
}

function take(bits: Bits, count: number): number {
  while (bits.count < count) {
    if (bits.at >= bits.bytes.length) bits.ended = true;
    bits.word |= (bits.bytes[bits.at] ?? 0) << bits.count;
    bits.at += 1;
    bits.count += 8;
  }
  const value = bits.word & ((1 << count) - 1);
  bits.word >>>= count;
  bits.count -= count;
  return value;
}

/** A canonical Huffman code: how many codes of each length, and the symbols in order. */
interface Code {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

function codeOf(lengths: ArrayLike<number>): Code {
  const counts = new Uint16Array(16);
  const symbols = new Uint16Array(lengths.length);
  for (let symbol = 0; symbol < lengths.length; symbol += 1)
    counts[lengths[symbol] ?? 0] = (counts[lengths[symbol] ?? 0] ?? 0) + 1;
  counts[0] = 0;
  const offsets = new Uint16Array(17);
  for (let length = 1; length < 16; length += 1) offsets[length + 1] = (offsets[length] ?? 0) + (counts[length] ?? 0);
  for (let symbol = 0; symbol < lengths.length; symbol += 1) {
    const length = lengths[symbol] ?? 0;
    if (length === 0) continue;
    symbols[offsets[length] ?? 0] = symbol;
    offsets[length] = (offsets[length] ?? 0) + 1;
  }
  return { counts, symbols };
}

function symbolOf(bits: Bits, { counts, symbols }: Code): number {
  let code = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length < 16; length += 1) {
    code |= take(bits, 1);
    const count = counts[length] ?? 0;
    if (code - count < first) return symbols[index + (code - first)] ?? -1;
    index += count;
    first = (first + count) << 1;
    code <<= 1;
  }
  return -1;
}

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const fixedLiterals = codeOf(
  Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)),
);
const fixedDistances = codeOf(new Array<number>(30).fill(5));

/** The latest bytes, as far back as a copy may reach. The first few are free: the input pays for them. */
interface Output {
  bytes: Uint8Array;
  size: number;
  /** How many of them the sink has. */
  taken: number;
  readonly work: Work;
  readonly sink: Sink;
}

const FIRST_BYTES = 64;
const HISTORY_BYTES = 32 * 1024;
const MOST_BYTES = 4 * HISTORY_BYTES;

function put(out: Output, byte: number): boolean {
  if (out.size === out.bytes.length && !makeRoom(out)) return false;
  out.bytes[out.size] = byte;
  out.size += 1;
  return true;
}

// Grows by doubling, then lets go of what is too far back.
function makeRoom(out: Output): boolean {
  const full = out.bytes.length === MOST_BYTES;
  if (!spend(out.work, full ? MOST_BYTES - HISTORY_BYTES : out.bytes.length)) return false;
  if (full) {
    if (!hand(out)) return false;
    out.bytes.copyWithin(0, out.size - HISTORY_BYTES, out.size);
    out.size = HISTORY_BYTES;
    out.taken = HISTORY_BYTES;
    return true;
  }
  const bytes = new Uint8Array(out.bytes.length * 2);
  bytes.set(out.bytes);
  out.bytes = bytes;
  return true;
}

function hand(out: Output): boolean {
  const piece = out.bytes.subarray(out.taken, out.size);
  out.taken = out.size;
  return out.sink(piece);
}

/** How it went: to the end of the `last` block, until the input had `ended`, or until it was `damaged` or no more was wanted. */
function inflate(bits: Bits, out: Output): 'last' | 'ended' | 'damaged' {
  for (let last = 0; last === 0; ) {
    last = take(bits, 1);
    const sound = copyBlock(bits, out, take(bits, 2));
    if (bits.ended) return 'ended';
    if (!sound) return 'damaged';
  }
  return 'last';
}

/** False where the block is damaged, or the work is used up. */
function copyBlock(bits: Bits, out: Output, kind: number): boolean {
  if (kind === 0) return copyStored(bits, out);
  if (kind === 1) return copyCoded(bits, out, fixedLiterals, fixedDistances);
  return kind === 2 && copyDynamic(bits, out);
}

function copyStored(bits: Bits, out: Output): boolean {
  bits.word = 0;
  bits.count = 0;
  const size = wordAt(bits.bytes, bits.at);
  bits.at += 4;
  // The size stands there twice, the second time with each bit turned.
  if (bits.at <= bits.bytes.length && (size ^ wordAt(bits.bytes, bits.at - 2)) !== 0xffff) return false;
  const end = Math.min(bits.at + size, bits.bytes.length);
  while (bits.at < end) {
    if (out.size === out.bytes.length && !makeRoom(out)) return false;
    const piece = bits.bytes.subarray(bits.at, Math.min(end, bits.at + out.bytes.length - out.size));
    out.bytes.set(piece, out.size);
    out.size += piece.length;
    bits.at += piece.length;
  }
  if (bits.at >= bits.bytes.length) bits.ended = true;
  return true;
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
}

function copyDynamic(bits: Bits, out: Output): boolean {
  const literals = take(bits, 5) + 257;
  const distances = take(bits, 5) + 1;
  const given = take(bits, 4) + 4;
  const orderLengths = new Uint8Array(19);
  for (let at = 0; at < given; at += 1) orderLengths[LENGTH_ORDER[at] ?? 0] = take(bits, 3);
  if (!isComplete(orderLengths) || !spend(out.work, literals)) return false;
  const lengths = readLengths(bits, codeOf(orderLengths), literals + distances);
  if (!bits.ended && !isComplete(lengths.subarray(0, literals))) return false;
  return copyCoded(bits, out, codeOf(lengths.subarray(0, literals)), codeOf(lengths.subarray(literals)));
}

/** Whether codes of these lengths leave no bits without a meaning; what is no stream hardly ever has such. */
function isComplete(lengths: Uint8Array): boolean {
  let left = 1 << 15;
  for (const length of lengths) if (length > 0) left -= 1 << (15 - length);
  return left === 0;
}

function readLengths(bits: Bits, code: Code, total: number): Uint8Array {
  const lengths = new Uint8Array(total);
  let at = 0;
  while (at < total && !bits.ended) {
    const symbol = symbolOf(bits, code);
    if (symbol < 0) break;
    if (symbol < 16) {
      lengths[at] = symbol;
      at += 1;
      continue;
    }
    const value = symbol === 16 ? (lengths[at - 1] ?? 0) : 0;
    const repeat = symbol === 16 ? 3 + take(bits, 2) : symbol === 17 ? 3 + take(bits, 3) : 11 + take(bits, 7);
    lengths.fill(value, at, Math.min(total, at + repeat));
    at += repeat;
  }
  return lengths;
}

function copyCoded(bits: Bits, out: Output, literals: Code, distances: Code): boolean {
  while (!bits.ended) {
    const symbol = symbolOf(bits, literals);
    // What is read past the end is made up.
    if (bits.ended || symbol === 256) return true;
    if (symbol < 0) return false;
    if (!(symbol < 256 ? put(out, symbol) : copyBack(bits, out, symbol - 257, distances))) return false;
  }
  return true;
}

function copyBack(bits: Bits, out: Output, row: number, distances: Code): boolean {
  const length = (LENGTH_BASE[row] ?? 0) + take(bits, row < 8 || row === 28 ? 0 : (row >> 2) - 1);
  const column = symbolOf(bits, distances);
  const distance = (DISTANCE_BASE[column] ?? 0) + take(bits, column < 4 ? 0 : (column >> 1) - 1);
  if (bits.ended) return true;
  if (distance === 0 || distance > out.size) return false;
  for (let count = 0; count < length; count += 1) {
    if (out.size === out.bytes.length && !makeRoom(out)) return false;
    out.bytes[out.size] = out.bytes[out.size - distance] ?? 0;
    out.size += 1;
  }
  return true;
}
