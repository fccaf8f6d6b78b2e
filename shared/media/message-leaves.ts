// Messages of numbers, texts and byte strings: protocol buffers' wire format and MessagePack. Their numbers look like noise, so that
// only what such a message holds can be told from it.
import { type ByteView, viewBytes } from './byte-view.ts';

const MAX_DEPTH = 8;
/** Noise has high ones. */
const MAX_FIELD = 1_000;

/** The texts and byte strings of a message that ends where the bytes do; undefined where they are none. */
export function messageLeaves(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  return packLeaves(bytes) ?? protoLeaves(bytes, MAX_DEPTH);
}

/** protobuf.dev/programming-guides/encoding: a tag of field and wire type before each value. */
function protoLeaves(bytes: Uint8Array, depth: number): Uint8Array[] | undefined {
  const leaves: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = varint(bytes, at);
    if (!tag || tag.value < 8 || tag.value >= MAX_FIELD * 8) return undefined;
    const value = protoValue(bytes, tag.end, tag.value & 7);
    if (!value || value.end > bytes.length) return undefined;
    at = value.end;
    if (!value.isLeaf) continue;
    const leaf = bytes.subarray(value.start, value.end);
    leaves.push(...((depth > 0 ? protoLeaves(leaf, depth - 1) : undefined) ?? [leaf]));
  }
  return leaves;
}

interface Value {
  readonly start: number;
  readonly end: number;
  readonly isLeaf: boolean;
}

function protoValue(bytes: Uint8Array, start: number, wire: number): Value | undefined {
  if (wire === 1) return { start, end: start + 8, isLeaf: false };
  if (wire === 5) return { start, end: start + 4, isLeaf: false };
  const number = wire === 0 || wire === 2 ? varint(bytes, start) : undefined;
  if (!number) return undefined;
  if (wire === 0) return { start, end: number.end, isLeaf: false };
  return { start: number.end, end: number.end + number.value, isLeaf: true };
}

interface Varint {
  readonly value: number;
  readonly end: number;
}

/** As short as it can be: others may write more bytes than that, writers of messages do not. */
function varint(bytes: Uint8Array, start: number): Varint | undefined {
  let value = 0;
  for (let step = 0; step < 10; step += 1) {
    const byte = bytes[start + step];
    if (byte === undefined || (step > 0 && byte === 0)) return undefined;
    value += (byte & 0x7f) * 2 ** (7 * step);
    if (byte < 0x80) return { value, end: start + step + 1 };
  }
  return undefined;
}

/** The MessagePack specification's formats: a map or a list of values. */
function packLeaves(bytes: Uint8Array): readonly Uint8Array[] | undefined {
  const view = viewBytes(bytes);
  const leaves: Uint8Array[] = [];
  let at = 0;
  let open = 1;
  while (open > 0) {
    const value = packValue(view, at);
    if (!value || value.end > bytes.length || (at === 0 && value.values === undefined)) return undefined;
    open += (value.values ?? 0) - 1;
    if (value.isLeaf) leaves.push(bytes.subarray(value.start, value.end));
    at = value.end;
    // Each value has a byte at least.
    if (open > bytes.length - at) return undefined;
  }
  return at === bytes.length ? leaves : undefined;
}

interface PackValue extends Value {
  /** Of a map or list: how many values follow. */
  readonly values?: number;
}

/** From 0xc0 to 0xdb: how long the length is that stands before the data, and how many bytes there are besides; 0xc1 is never used. */
const LENGTHS = [0, 0, 0, 0, 1, 2, 4, 1, 2, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 4];
const FIXED = [0, -1, 0, 0, 0, 0, 0, 1, 1, 1, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 2, 3, 5, 9, 17, 0, 0, 0];
const FIRST_SIZED = 0xc0;
const FIXED_EXT = 0xd4;
const FIRST_LIST = 0xdc;

/** Undefined for the one byte that begins nothing; the end may lie behind the bytes. */
function packValue(view: ByteView, at: number): PackValue | undefined {
  const kind = view.u8(at);
  const start = at + 1;
  if (kind < 0x80 || kind >= 0xe0) return { start, end: start, isLeaf: false };
  if (kind < 0xa0) return { start, end: start, isLeaf: false, values: (kind & 15) * (kind < 0x90 ? 2 : 1) };
  if (kind < FIRST_SIZED) return { start, end: start + (kind & 31), isLeaf: true };
  return kind < FIRST_LIST ? sizedValue(view, start, kind) : listValue(view, start, kind);
}

function listValue(view: ByteView, start: number, kind: number): PackValue {
  const length = kind & 1 ? 4 : 2;
  const count = unsigned(view, start, length);
  return { start, end: start + length, isLeaf: false, values: kind < FIRST_LIST + 2 ? count : count * 2 };
}

function sizedValue(view: ByteView, start: number, kind: number): PackValue | undefined {
  const length = LENGTHS[kind - FIRST_SIZED] ?? 0;
  const fixed = FIXED[kind - FIRST_SIZED] ?? -1;
  if (fixed < 0) return undefined;
  const data = start + length;
  const end = data + unsigned(view, start, length) + fixed;
  return { start: data, end, isLeaf: length > 0 || kind >= FIXED_EXT };
}

function unsigned(view: ByteView, at: number, bytes: number): number {
  return bytes === 0 ? 0 : bytes === 1 ? view.u8(at) : bytes === 2 ? view.u16(at) : view.u32(at);
}
