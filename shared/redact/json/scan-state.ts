// Where the scanner stands. Everything that it counts is a number in a typed array, so that depth costs memory and nothing else.
import type { Capture } from '../capture.ts';
import type { RedactedText } from '../marker.ts';
import type { Span } from '../span.ts';
import { createEdits, type Edits } from './edits.ts';
import type { Judge } from './name-facts.ts';
import { type NameTable, nameTableOf } from './name-table.ts';
import type { JsonSource } from './tokens.ts';

export interface ScanOptions {
  readonly judge: Judge;
  /** The bytes as a text, where the caller has it; the offsets are those of the bytes all the same. */
  readonly text?: string;
  /** Whether a whole field is a secret too short to be searched for; absent where none is. */
  readonly isShortSecret?: ((field: string) => boolean) | undefined;
  /** Whether numbers are wanted that read as something else than they are written. */
  readonly readsNumbers?: boolean;
  /** Given the strings that hold a candidate or a backslash. */
  readonly redactString?: (text: string) => RedactedText;
  /** Whether the bytes are only the beginning of a body. */
  readonly incomplete?: boolean;
  /** Asked for what stands in the place of a credential. */
  readonly capture?: Capture | undefined;
}

/** What was found in the bytes before they are read as JSON, by offset. */
export interface Findings {
  readonly known: readonly Span[];
  /** Sorted: where something may begin that `redactString` would change, if no backslash hides it. */
  readonly candidates: readonly number[];
}

// What may come next.
export const VALUE = 1;
export const VALUE_OR_END = 2;
export const NAME = 4;
export const NAME_OR_END = 8;
export const COLON = 16;
export const AFTER_VALUE = 32;
export const NOTHING = 64;

// What is known of the object or list being read; the facts of its names (name-facts.ts) are kept in the same number.
export const IS_ARRAY = 1;
export const UNDER_AUTH = 2;
export const HAS_NOTES = 4;
/** It is a Kubernetes Secret. */
export const HAS_SECRETS = 64;
export const HAS_TEXT = 128;
export const HAS_OTHER = 256;
export const HAS_CONTAINER = 512;
/** Two bits: how many parts, as far as three. */
export const PART = 1_024;

export interface Scan extends JsonSource, Findings {
  readonly options: ScanOptions;
  /** The text, where its offsets are those of the bytes. */
  readonly ascii: string | undefined;
  readonly names: NameTable;
  readonly edits: Edits;
  at: number;
  expect: number;
  depth: number;
  deepest: number;
  /** Of the object or list being read: where it begins, what is known of it, the current member's facts and name. */
  start: number;
  flags: number;
  facts: number;
  nameStart: number;
  /** The same of those around it, five numbers each. */
  outer: Int32Array;
  /** Members that the end of their object decides, four numbers each: kind, name, start, end. */
  notes: Int32Array;
  noteEnd: number;
  noteBase: number;
  /** A token that ends behind this offset touches a known value or a candidate. */
  watch: number;
  nextKnown: number;
  nextCandidate: number;
  /** Bytes of the longest token that may be a short secret. */
  readonly shortBytes: number;
  readonly looksAtNumbers: boolean;
  readonly isPart: boolean;
  /** Start and end of numbers that read otherwise. */
  readonly oddNumbers: number[];
  /** Known values that were no span: short ones and numbers. */
  otherKnown: number;
  /** Bytes of the containers that were read to see what they hold. */
  described: number;
  /** Whether references to captured values stand anywhere. */
  readonly refers: boolean;
}

/** Behind every text: a small integer, which is cheap to compare with. */
export const NOWHERE = 0x3fffffff;

/** Bytes of a string that may still be a secret too short to be searched for, in any of its spellings. */
const LONGEST_SHORT_TOKEN = 160;

export function createScan(bytes: Uint8Array, options: ScanOptions, { known, candidates }: Findings): Scan {
  const { text } = options;
  return {
    bytes,
    view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
    size: bytes.length,
    escaped: false,
    options,
    ascii: text?.length === bytes.length ? text : undefined,
    names: nameTableOf(options.judge),
    known,
    candidates,
    edits: createEdits(),
    at: 0,
    expect: VALUE,
    depth: 0,
    deepest: 0,
    start: 0,
    flags: 0,
    facts: 0,
    nameStart: 0,
    outer: new Int32Array(3 * FRAME_WIDTH),
    notes: new Int32Array(4 * NOTE_WIDTH),
    noteEnd: 0,
    noteBase: 0,
    watch: Math.min(known[0]?.start ?? NOWHERE, candidates[0] ?? NOWHERE),
    nextKnown: 0,
    nextCandidate: 0,
    shortBytes: options.isShortSecret ? LONGEST_SHORT_TOKEN : 0,
    looksAtNumbers: options.isShortSecret !== undefined || options.readsNumbers === true,
    isPart: options.incomplete === true,
    oddNumbers: [],
    otherKnown: 0,
    described: 0,
    refers: text?.includes('{{captured:') ?? true,
  };
}

export const FRAME_WIDTH = 5;
export const NOTE_WIDTH = 4;

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A stretch of the bytes as text. */
export function sliceText({ ascii, bytes }: Pick<Scan, 'ascii' | 'bytes'>, start: number, end: number): string {
  return ascii === undefined ? decoder.decode(bytes.subarray(start, end)) : ascii.slice(start, end);
}
