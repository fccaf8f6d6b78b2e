// A secret shown with its middle masked: `sk_live***7pLm`. Its beginning, a mask and its end are enough to know it by.
import type { Span } from '../span.ts';

const MIN_SECRET_BYTES = 16;
const MIN_HEAD = 3;
const MAX_HEAD = 24;
const MIN_TAIL = 4;
const MAX_TAIL = 8;

/** The secrets that are long enough to be masked, by their last four bytes. */
export type MaskTable = ReadonlyMap<number, readonly Uint8Array[]>;

export function createMaskTable(secrets: readonly Uint8Array[]): MaskTable {
  const table = new Map<number, Uint8Array[]>();
  for (const secret of secrets) {
    if (secret.length < MIN_SECRET_BYTES) continue;
    const tail = lastFour(secret, secret.length);
    table.set(tail, [...(table.get(tail) ?? []), secret]);
  }
  return table;
}

function lastFour(bytes: Uint8Array, end: number): number {
  return (
    ((bytes[end - 4] ?? 0) << 24) | ((bytes[end - 3] ?? 0) << 16) | ((bytes[end - 2] ?? 0) << 8) | (bytes[end - 1] ?? 0)
  );
}

/** Where a masked secret stands: three asterisks or more, or bullets or an ellipsis. */
export function findMasked(table: MaskTable, bytes: Uint8Array, to: number): readonly Span[] {
  const spans: Span[] = [];
  if (table.size === 0) return spans;
  for (let at = 0; at < to; at += 1) {
    if (bytes[at] !== ASTERISK && bytes[at] !== BULLET_LEAD) continue;
    const end = maskEnd(bytes, at, to);
    if (end - at >= MIN_MASK_BYTES) {
      const span = around(table, bytes, { start: at, end }, to);
      if (span) spans.push(span);
    }
    at = Math.max(at, end - 1);
  }
  return spans;
}

const ASTERISK = 42;
const BULLET_LEAD = 0xe2;
const MIN_MASK_BYTES = 3;

function maskEnd(bytes: Uint8Array, at: number, to: number): number {
  let end = at;
  while (end < to) {
    if (bytes[end] === ASTERISK) end += 1;
    // U+2022, the bullet, and U+2026, the ellipsis.
    else if (bytes[end] === BULLET_LEAD && bytes[end + 1] === 0x80 && isBullet(bytes[end + 2])) end += 3;
    else break;
  }
  return end;
}

function isBullet(byte: number | undefined): boolean {
  return byte === 0xa2 || byte === 0xa6;
}

function around(table: MaskTable, bytes: Uint8Array, mask: Span, to: number): Span | undefined {
  for (let tail = MIN_TAIL; tail <= MAX_TAIL && mask.end + tail <= to; tail += 1) {
    for (const secret of table.get(lastFour(bytes, mask.end + tail)) ?? []) {
      if (!isEqual(bytes, mask.end, secret, secret.length - tail, tail)) continue;
      const most = Math.min(MAX_HEAD, secret.length - tail, mask.start);
      for (let head = most; head >= MIN_HEAD; head -= 1) {
        if (isEqual(bytes, mask.start - head, secret, 0, head))
          return { start: mask.start - head, end: mask.end + tail };
      }
    }
  }
  return undefined;
}

function isEqual(one: Uint8Array, at: number, other: Uint8Array, from: number, length: number): boolean {
  for (let index = 0; index < length; index += 1) if (one[at + index] !== other[from + index]) return false;
  return true;
}
