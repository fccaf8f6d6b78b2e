// Finds many forms in one pass. Each form is known by the hash of its last units; a rolling hash of the text asks a table
// first, so a text without secrets costs a few operations per character and no memory. An Aho-Corasick automaton finds the
// same, but takes longer to make than most answers take to search, and a scrubber lives for one call.

import { createFolder, type Folded, type Folder } from './fold.ts';
import type { SecretForm } from './secret-forms.ts';

/** A found form: positions in the searched text. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly run: boolean;
}

interface Needle extends SecretForm {
  /** Made when its tail is first met; most never are. */
  folded: Folded | undefined;
}

// The hash shifts by five bits a unit, so that a unit has left its 32 bits after seven.
const TAIL = 7;
const SHIFT = 5;
const SLOT_BITS = 14;

export interface FormIndex {
  /** Where the forms stand in the text; spans may overlap. */
  find(text: string): readonly Span[];
  readonly empty: boolean;
}

interface Tails {
  readonly taken: Uint8Array;
  readonly buckets: Map<number, Needle[]>;
}

export function createFormIndex(forms: readonly SecretForm[]): FormIndex {
  const folder = createFolder();
  const tails: Tails = { taken: new Uint8Array(1 << SLOT_BITS), buckets: new Map() };
  for (const form of forms) addNeedle(tails, form, folder);
  for (const bucket of tails.buckets.values()) bucket.sort((a, b) => b.text.length - a.text.length);
  return {
    empty: tails.buckets.size === 0,
    find: (text) => (mayHold(text, tails, folder) ? findAll(text, tails, folder) : []),
  };
}

function addNeedle({ taken, buckets }: Tails, form: SecretForm, folder: Folder): void {
  const hash = tailHash(form.text, folder);
  // Shorter than a tail only where most of it is white space and marks: too little left to search for.
  if (hash === undefined) return;
  taken[slot(hash)] = 1;
  const needle = { ...form, folded: undefined };
  const bucket = buckets.get(hash);
  if (bucket) bucket.push(needle);
  else buckets.set(hash, [needle]);
}

function tailHash(text: string, { ascii, wide }: Folder): number | undefined {
  const tail: number[] = [];
  for (let at = text.length - 1; at >= 0 && tail.length < TAIL; at -= 1) {
    const code = text.charCodeAt(at);
    if (code < 128) {
      if (ascii[code]) tail.push(ascii[code] ?? 0);
    } else tail.push(...wide(code).toReversed());
  }
  if (tail.length < TAIL) return undefined;
  return tail.slice(0, TAIL).reduceRight((hash, unit) => ((hash << SHIFT) + unit) | 0, 0);
}

function slot(hash: number): number {
  return Math.imul(hash, 0x9e3779b1) >>> (32 - SLOT_BITS);
}

function mayHold(text: string, { taken, buckets }: Tails, folder: Folder): boolean {
  const { ascii } = folder;
  let hash = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 128) {
      const folded = ascii[code] ?? 0;
      if (folded === 0) continue;
      hash = ((hash << SHIFT) + folded) | 0;
      if (taken[slot(hash)] === 1 && buckets.has(hash)) return true;
      continue;
    }
    for (const unit of folder.wide(code)) {
      hash = ((hash << SHIFT) + unit) | 0;
      if (taken[slot(hash)] === 1 && buckets.has(hash)) return true;
    }
  }
  return false;
}

function findAll(text: string, { taken, buckets }: Tails, folder: Folder): readonly Span[] {
  const spans: Span[] = [];
  const searched = folder.fold(text);
  const { codes, size } = searched;
  // A text made to be nearly equal at every position would cost its length times the secret's; past this budget what is
  // equal at its end counts as equal.
  const budget = { left: size * 8 + 100_000 };
  let hash = 0;
  for (let at = 0; at < size; at += 1) {
    hash = ((hash << SHIFT) + (codes[at] ?? 0)) | 0;
    if (taken[slot(hash)] === 0) continue;
    for (const needle of buckets.get(hash) ?? []) {
      needle.folded ??= folder.fold(needle.text);
      if (!endsAt(searched, at, needle.folded, budget)) continue;
      spans.push(spanOf(searched, text.length, at, needle.folded.size, needle.run));
      break;
    }
  }
  return spans;
}

function endsAt(text: Folded, last: number, needle: Folded, budget: { left: number }): boolean {
  if (needle.size > last + 1) return false;
  for (let back = 0; back < needle.size; back += 1) {
    if (budget.left <= 0 && back >= TAIL) return true;
    budget.left -= 1;
    if (text.codes[last - back] !== needle.codes[needle.size - 1 - back]) return false;
  }
  return true;
}

function spanOf({ at }: Folded, length: number, last: number, size: number, run: boolean): Span {
  return { start: at[last - size + 1] ?? 0, end: Math.min(length, (at[last] ?? length) + 1), run };
}
