// Finds many forms in one pass, block by block from the right (Wu and Manber, 1994): a table says for each three bytes how far the
// search may jump, so a text without secrets costs one look for about nine bytes. An Aho-Corasick automaton reads every byte, and
// takes longer to make than most answers take to search.
import type { Folded, Folder } from './folding.ts';
import type { SecretForm } from './secret-forms.ts';
import { createTextSums, type TextSums } from './text-sums.ts';

/** A form as it is searched for. */
export interface Needle {
  readonly folded: Uint8Array;
  readonly kind: SecretForm['kind'];
  /** How long the secret itself is, folded. */
  readonly wholeBytes: number;
}

/** Places in the folded text. */
export interface Hit {
  readonly start: number;
  readonly end: number;
  readonly needle: Needle;
}

export interface FormTable {
  readonly needles: readonly Needle[];
  /** The length of the longest form, folded. */
  readonly longest: number;
  /** Where forms end in the folded text, in order; the longest of those that end at a place. */
  find(folded: Folded): readonly Hit[];
}

// Shorter only where most of a secret is white space and marks: too little left to search for.
export const MIN_FOLDED = 7;
const MAX_WINDOW = 12;
const BLOCK = 3;
const MIN_BITS = 10;
const MAX_BITS = 16;

/** `forms`: of each secret its own list, the secret itself first. */
export function createFormTable(forms: readonly (readonly SecretForm[])[], folder: Folder): FormTable {
  const needles = forms.flatMap((ofOne) => foldForms(ofOne, folder));
  const window = needles.reduce((least, { folded }) => Math.min(least, folded.length), MAX_WINDOW);
  const blocks = needles.length * (window - BLOCK + 1);
  const bits = Math.min(MAX_BITS, Math.max(MIN_BITS, 33 - Math.clz32(blocks)));
  const tails = new Map<number, Needle[]>();
  const table: Blocks = {
    jumps: new Uint8Array(1 << bits).fill(window - BLOCK + 1),
    longTails: new Uint8Array(1 << bits),
    tails,
    mask: (1 << bits) - 1,
    window,
  };
  for (const needle of needles) addNeedle(table, needle);
  for (const list of tails.values()) list.sort((a, b) => rank(b) - rank(a));
  return {
    needles,
    longest: needles.reduce((most, { folded }) => Math.max(most, folded.length), 0),
    find: (folded) => findAll(table, folded),
  };
}

function foldForms(forms: readonly SecretForm[], folder: Folder): readonly Needle[] {
  const into = { bytes: new Uint8Array(0), size: 0, seen: 0 };
  const needles: Needle[] = [];
  let wholeBytes: number | undefined;
  for (const { bytes, kind } of forms) {
    folder.fold(bytes, 0, bytes.length, into);
    if (into.size < MIN_FOLDED) {
      if (wholeBytes === undefined) return [];
      continue;
    }
    const folded = into.bytes.slice(0, into.size);
    wholeBytes ??= folded.length;
    needles.push({ folded, kind, wholeBytes });
  }
  return needles;
}

// The longest first; a head last, because there is more of its secret in any other form.
function rank({ folded, kind }: Needle): number {
  return kind === 'head' ? -1 : folded.length;
}

interface Blocks {
  /** How far to go on from a place where these three bytes end; 0 where a form may end there. */
  readonly jumps: Uint8Array;
  /** Whether a form ends in these seven bytes: of those that end in three, the next four tell most apart. */
  readonly longTails: Uint8Array;
  readonly tails: Map<number, Needle[]>;
  readonly mask: number;
  readonly window: number;
}

function slotAt(bytes: Uint8Array, last: number, mask: number): number {
  return (((bytes[last - 2] ?? 0) << 10) ^ ((bytes[last - 1] ?? 0) << 5) ^ (bytes[last] ?? 0)) & mask;
}

function longSlotAt(bytes: Uint8Array, last: number, slot: number, mask: number): number {
  const word =
    ((bytes[last - 6] ?? 0) << 24) |
    ((bytes[last - 5] ?? 0) << 16) |
    ((bytes[last - 4] ?? 0) << 8) |
    (bytes[last - 3] ?? 0);
  const mixed = Math.imul(word ^ slot, 0x9e3779b1);
  return (mixed ^ (mixed >>> 16)) & mask;
}

function addNeedle({ jumps, longTails, tails, mask, window }: Blocks, needle: Needle): void {
  const { folded } = needle;
  for (let back = 0; back <= window - BLOCK; back += 1) {
    const slot = slotAt(folded, folded.length - 1 - back, mask);
    if (back < (jumps[slot] ?? 0)) jumps[slot] = back;
  }
  const tail = slotAt(folded, folded.length - 1, mask);
  longTails[longSlotAt(folded, folded.length - 1, tail, mask)] = 1;
  const list = tails.get(tail);
  if (list) list.push(needle);
  else tails.set(tail, [needle]);
}

function findAll({ jumps, longTails, tails, mask, window }: Blocks, { bytes, size }: Folded): readonly Hit[] {
  const hits: Hit[] = [];
  // A text made to be nearly equal at every place would cost its length times the secret's; past this budget sums are compared. What is
  // found is the same: were less than a whole form enough, or nothing looked at any more, a budget that somebody has nearly used up would
  // tell them of each character whether it is right.
  const text: Text = { bytes, size, left: size * 8 + 100_000, sums: undefined };
  for (let at = window - 1; at < size; ) {
    const slot = (((bytes[at - 2] ?? 0) << 10) ^ ((bytes[at - 1] ?? 0) << 5) ^ (bytes[at] ?? 0)) & mask;
    const jump = jumps[slot] ?? 0;
    if (jump > 0) {
      at += jump;
      continue;
    }
    if (longTails[longSlotAt(bytes, at, slot, mask)] === 1) {
      const needle = endingAt(tails.get(slot) ?? [], text, at);
      if (needle) hits.push({ start: at + 1 - needle.folded.length, end: at + 1, needle });
    }
    at += 1;
  }
  return hits;
}

interface Text {
  readonly bytes: Uint8Array;
  readonly size: number;
  /** How many bytes may be compared still, one by one. */
  left: number;
  sums: TextSums | undefined;
}

function endingAt(needles: readonly Needle[], text: Text, at: number): Needle | undefined {
  for (const needle of needles) if (endsAt(text, at, needle.folded)) return needle;
  return undefined;
}

function endsAt(text: Text, last: number, form: Uint8Array): boolean {
  const { bytes } = text;
  const size = form.length;
  if (size > last + 1) return false;
  // Secrets of one kind begin alike, and some end alike; few have the same middle.
  const middle = size >> 1;
  if (bytes[last - middle] !== form[size - 1 - middle] || bytes[last + 1 - size] !== form[0]) return false;
  if (text.left <= 0) {
    text.sums ??= createTextSums(bytes, text.size);
    return text.sums.endsWith(form, last + 1);
  }
  let back = 0;
  while (back < size && bytes[last - back] === form[size - 1 - back]) back += 1;
  text.left -= back + 1;
  return back === size;
}
