// What is to be replaced, by byte offsets. Where two edits meet, the outer one counts, and of two over one range the lower kind.
import { REDACTED } from '../marker.ts';

/** An end that was cut: it goes without a trace. */
export const DROPPED = 0;
/** Taken by a name that promises a credential. */
export const CREDENTIAL = 1;
/** Taken by any other sensitive name. */
export const BY_NAME = 2;
export const KNOWN = 3;
export const SHAPE = 4;

export interface Edits {
  /** Five numbers an edit: start, end, kind, the index of its text, for how many places it counts. */
  rows: Int32Array;
  count: number;
  readonly texts: string[];
}

const EDIT_WIDTH = 5;
/** What stands in the place of a whole value. */
export const WHOLE = `"${REDACTED}"`;

export function createEdits(): Edits {
  return { rows: new Int32Array(3 * EDIT_WIDTH), count: 0, texts: [WHOLE] };
}

export function addEdit(edits: Edits, start: number, end: number, kind: number, text = WHOLE, places = 1): void {
  const at = edits.count * EDIT_WIDTH;
  edits.rows = roomFor(edits.rows, at + EDIT_WIDTH);
  if (text !== WHOLE) edits.texts.push(text);
  edits.rows[at] = start;
  edits.rows[at + 1] = end;
  edits.rows[at + 2] = kind;
  edits.rows[at + 3] = text === WHOLE ? 0 : edits.texts.length - 1;
  edits.rows[at + 4] = places;
  edits.count += 1;
}

/** The numbers, or as many more in a longer array where fewer than `length` fit. */
export function roomFor(numbers: Int32Array, length: number): Int32Array {
  if (length <= numbers.length) return numbers;
  const longer = new Int32Array(2 * length);
  longer.set(numbers);
  return longer;
}

/** The edits that count: positions in `rows`, in the order of the text, none inside another. */
export function outermostEdits({ rows, count }: Edits): Int32Array {
  const order = new Int32Array(count);
  for (let index = 0; index < count; index += 1) order[index] = index * EDIT_WIDTH;
  const compare = (a: number, b: number) =>
    column(rows, a, 0) - column(rows, b, 0) ||
    column(rows, b, 1) - column(rows, a, 1) ||
    column(rows, a, 2) - column(rows, b, 2);
  if (!isSorted(order, compare)) order.sort(compare);
  let kept = 0;
  let from = 0;
  for (const row of order) {
    if (column(rows, row, 0) < from) continue;
    from = column(rows, row, 1);
    order[kept] = row;
    kept += 1;
  }
  return order.subarray(0, kept);
}

function column(rows: Int32Array, row: number, index: number): number {
  return rows[row + index] ?? 0;
}

function isSorted(order: Int32Array, compare: (a: number, b: number) => number): boolean {
  for (let at = 1; at < order.length; at += 1) if (compare(order[at - 1] ?? 0, order[at] ?? 0) > 0) return false;
  return true;
}
