// What names and their neighbours say about values: field-rules.ts, on tokens. Only members whose name says something come here.
import { captureText } from '../capture.ts';
import { containerGoes, contextGoes, isSensitive, isVersionRange, mayNamePair, numberGoes } from '../field-rules.ts';
import { isKeptShape, keptShape } from '../kept-shape.ts';
import { isInert } from '../marker.ts';
import type { NameVerdict } from '../names.ts';
import { hasHeaderRule, redactHeader } from '../redact-header.ts';
import { isDescription } from '../schema-objects.ts';
import { addEdit, BY_NAME, CREDENTIAL, roomFor, WHOLE } from './edits.ts';
import { IS_HEADER, IS_KIND, IS_OAUTH, IS_PAIR_NAME, IS_PAIR_VALUE, IS_SECRET_DATA, verdictOf } from './name-facts.ts';
import { judgeToken } from './name-table.ts';
import {
  HAS_CONTAINER,
  HAS_NOTES,
  HAS_OTHER,
  HAS_SECRETS,
  HAS_TEXT,
  NOTE_WIDTH,
  PART,
  type Scan,
  sliceText,
  UNDER_AUTH,
} from './scan-state.ts';
import { isTouched, readString, readWithoutKnown } from './token-texts.ts';
import { endOfString, QUOTE } from './tokens.ts';

/** What a value is, as far as it matters to whether it goes. */
export const STRING = 1;
export const NUMBER = 2;
/** Also a list of numbers, and what is empty: they stay under every name. */
export const LITERAL = 3;
export const CONTAINER = 4;
/** Without objects and lists inside: it may be a SecretRef. */
export const FLAT = 5;
/** A container that the text does not close. */
export const UNCLOSED = 6;

interface Part {
  readonly kind: number;
  /** Of its name. */
  readonly facts: number;
  readonly nameStart: number;
  readonly start: number;
  readonly end: number;
}

/** The kind of an object or list that has been read, by its flags. */
export function kindOfContainer(flags: number, isArray: boolean): number {
  const isEmpty = flags < PART;
  const hasOnlyNumbers = isArray && (flags & (HAS_TEXT | HAS_CONTAINER)) === 0;
  if (isEmpty || hasOnlyNumbers) return LITERAL;
  return isArray || (flags & HAS_CONTAINER) !== 0 ? CONTAINER : FLAT;
}

/** A member of an object has its value. */
export function settleMember(scan: Scan, kind: number, start: number, end: number): void {
  const { facts, nameStart } = scan;
  const verdict = verdictOf(facts);
  const waits = (facts & (IS_PAIR_VALUE | IS_SECRET_DATA)) !== 0 || verdict === 'context';
  if ((facts & IS_KIND) !== 0 && kind === STRING && SECRET_KIND.test(sliceText(scan, start, Math.min(end, start + 16))))
    scan.flags |= HAS_SECRETS;
  if (waits) scan.flags |= HAS_NOTES;
  if (waits || (kind === STRING && (facts & IS_PAIR_NAME) !== 0)) note(scan, kind, start, end);
  if (!partGoes(verdict, kind)) return;
  const name = (facts & IS_HEADER) !== 0 ? nameAt(scan, nameStart) : NO_HEADER;
  take(scan, { kind, facts, nameStart, start, end }, name, verdict);
}

/** What a Kubernetes object says that it is. */
const SECRET_KIND = /^"(?:Sealed)?Secret"$/;

/** The name of something of which all goes: no other name is told apart, and reading it takes time. */
const NO_HEADER = '';

function note(scan: Scan, kind: number, start: number, end: number): void {
  const at = scan.noteEnd;
  scan.notes = roomFor(scan.notes, at + NOTE_WIDTH);
  scan.notes[at] = kind | (scan.facts << KIND_BITS);
  scan.notes[at + 1] = scan.nameStart;
  scan.notes[at + 2] = start;
  scan.notes[at + 3] = end;
  scan.noteEnd += NOTE_WIDTH;
}

const KIND_BITS = 3;

function noteAt({ notes }: Scan, at: number): Part {
  const packed = notes[at] ?? 0;
  return {
    kind: packed & ((1 << KIND_BITS) - 1),
    facts: packed >> KIND_BITS,
    nameStart: notes[at + 1] ?? 0,
    start: notes[at + 2] ?? 0,
    end: notes[at + 3] ?? 0,
  };
}

function nameAt(scan: Scan, start: number): string {
  return readString(scan, start, endOfString(scan, start + 1));
}

function partGoes(verdict: NameVerdict, kind: number): boolean {
  if (kind === STRING) return isSensitive(verdict);
  if (kind === NUMBER) return numberGoes(verdict);
  return kind !== LITERAL && containerGoes(verdict);
}

/**
 * Decides on the members that waited for the end of their object. Where the text is cut before that end, what a later member could
 * still make a secret goes.
 */
export function finishObject(scan: Scan, isCut: boolean): void {
  const pairs = (scan.flags & (IS_PAIR_NAME | IS_PAIR_VALUE)) === (IS_PAIR_NAME | IS_PAIR_VALUE) ? readPairs(scan) : [];
  for (let at = scan.noteBase; at < scan.noteEnd; at += NOTE_WIDTH) {
    const part = noteAt(scan, at);
    const isPairValue = (part.facts & IS_PAIR_VALUE) !== 0;
    if ((scan.flags & HAS_SECRETS) !== 0 && (part.facts & IS_SECRET_DATA) !== 0 && partGoes('secret', part.kind)) {
      take(scan, part, NO_HEADER, 'secret');
      continue;
    }
    const pair = isPairValue ? pairs.find((candidate) => pairGoes(scan, candidate, part)) : undefined;
    if (pair) take(scan, part, pair.name, pair.verdict);
    else if (isPairValue || verdictOf(part.facts) === 'context') finishLonely(scan, part, isCut);
  }
}

interface Judged {
  readonly name: string;
  readonly verdict: NameVerdict;
}

// One for each verdict is enough: what goes under a name depends on nothing else.
function readPairs(scan: Scan): readonly Judged[] {
  const pairs: Judged[] = [];
  for (let at = scan.noteBase; at < scan.noteEnd; at += NOTE_WIDTH) {
    const { kind, facts, start, end } = noteAt(scan, at);
    const judged = kind === STRING && (facts & IS_PAIR_NAME) !== 0 ? judgeText(scan, start, end) : undefined;
    if (!judged || pairs.some(({ verdict }) => verdict === judged.verdict)) continue;
    if (judged.verdict !== 'context' || mayNamePair(judged.name)) pairs.push(judged);
  }
  return pairs;
}

// A known value inside of a name goes before the name is read: what is shown must not read as another name than what was judged.
function judgeText(scan: Scan, start: number, end: number): Judged | undefined {
  judgeToken(scan.names, scan, start);
  const verdict = verdictOf(scan.names.found);
  if (verdict !== 'plain') return { name: readString(scan, start, end), verdict };
  if (!isTouched(scan, start, end)) return undefined;
  const name = readWithoutKnown(scan, start, end);
  const shown = scan.options.judge(name);
  return shown === 'plain' ? undefined : { name, verdict: shown };
}

function pairGoes(scan: Scan, { name, verdict }: Judged, { kind, start, end }: Part): boolean {
  if (verdict !== 'context') return partGoes(verdict, kind);
  return kind === STRING && contextGoes(name, readWithoutKnown(scan, start, end), false);
}

function finishLonely(scan: Scan, part: Part, isCut: boolean): void {
  const name = nameAt(scan, part.nameStart);
  const goes = part.kind === STRING && lonelyGoes(scan, part, name, isCut);
  if (goes || (isCut && mayBePair(part))) take(scan, part, name, 'context');
}

function lonelyGoes(scan: Scan, part: Part, name: string, isCut: boolean): boolean {
  const { flags } = scan;
  if ((flags & UNDER_AUTH) !== 0 && name === 'value') return true;
  if ((part.facts & IS_PAIR_VALUE) !== 0) return false;
  if (!isCut && (flags & IS_PAIR_VALUE) !== 0 && name.toLowerCase() === 'key') return false;
  const isOauth = isCut || (flags & IS_OAUTH) !== 0;
  return contextGoes(name, readWithoutKnown(scan, part.start, part.end), isOauth);
}

/** A credential is never larger; what is, is an answer's data. */
const MOST_PAIR_BYTES = 4_096;

function mayBePair({ facts, kind, start, end }: Part): boolean {
  if ((facts & IS_PAIR_VALUE) === 0 || kind === LITERAL) return false;
  return kind === STRING || kind === NUMBER || end - start <= MOST_PAIR_BYTES;
}

/** A list of two texts is a pair as well: `[["Authorization", "Bearer …"]]`. */
export function finishList(scan: Scan): void {
  if ((scan.flags & (HAS_OTHER | HAS_CONTAINER | (3 * PART))) !== 2 * PART) return;
  const { bytes } = scan;
  const first = nextQuote(bytes, scan.start);
  const firstEnd = judgeToken(scan.names, scan, first);
  if (scan.names.found === 0 && !isTouched(scan, first, firstEnd)) return;
  const judged = judgeText(scan, first, firstEnd);
  if (!judged || !containerGoes(judged.verdict)) return;
  const start = nextQuote(bytes, firstEnd);
  const end = endOfString(scan, start + 1);
  take(scan, { kind: STRING, facts: 0, nameStart: first, start, end }, judged.name, judged.verdict);
}

function nextQuote(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] !== QUOTE) at += 1;
  return at;
}

function take(scan: Scan, part: Part, name: string, verdict: NameVerdict): void {
  const { kind, start, end } = part;
  const reason = containerGoes(verdict) ? CREDENTIAL : BY_NAME;
  if (kind === STRING) {
    const text = takenText(scan, part, name, reason === CREDENTIAL);
    if (text !== undefined) addEdit(scan.edits, start, end, reason, text);
  } else if (kind === NUMBER ? !isTouched(scan, start, end) : !staysWhole(scan, kind, start, end)) {
    addEdit(scan.edits, start, end, reason, reason === CREDENTIAL ? takenContainer(scan, part, name) : WHOLE);
  }
}

/** What stands for a whole list or object, or for a number. */
function takenContainer(scan: Scan, { kind, nameStart, start, end }: Part, name: string): string {
  const { capture } = scan.options;
  if (!capture || (kind !== CONTAINER && kind !== FLAT) || !mayRead(scan, start, end)) return WHOLE;
  const field = name === NO_HEADER ? nameAt(scan, nameStart) : name;
  const shown = keptShape(JSON.parse(sliceText(scan, start, end)), field, capture);
  return shown === undefined ? WHOLE : JSON.stringify(shown);
}

const MOST_KEPT_BYTES = 16_384;

/** Containers may stand in each other: reading each of them would take the square. */
function mayRead(scan: Scan, start: number, end: number): boolean {
  if (end - start > MOST_KEPT_BYTES) return false;
  scan.described += end - start;
  return scan.described <= 4 * scan.size;
}

/** What an earlier redaction left of a container. */
function isKept(scan: Scan, start: number, end: number): boolean {
  return scan.refers && mayRead(scan, start, end) && isWhole(sliceText(scan, start, end), isKeptShape);
}

/** The string token that stands for a taken one; undefined where there is nothing to take. */
function takenText(scan: Scan, part: Part, name: string, isCredential: boolean): string | undefined {
  const hasRule = hasHeaderRule(name);
  const kept = isCredential && !hasRule ? keptText(scan, part, name) : undefined;
  if (kept !== undefined) return JSON.stringify(kept);
  const value = readWithoutKnown(scan, part.start, part.end);
  if (isInert(value) || isVersionRange(value)) return undefined;
  if (!hasRule) return WHOLE;
  const shown = redactHeader(name, value);
  if (shown.count === 0) return undefined;
  return JSON.stringify(scan.options.redactString?.(shown.text).text ?? shown.text);
}

/** Also of a value that is known: an earlier answer may have given it out. Which may be kept, whoever keeps it decides. */
function keptText(scan: Scan, { nameStart, start, end }: Part, name: string): string | undefined {
  const { capture } = scan.options;
  const value = capture ? readString(scan, start, end) : '';
  if (!capture || isInert(value) || isVersionRange(value)) return undefined;
  return captureText(capture, name === NO_HEADER ? nameAt(scan, nameStart) : name, value);
}

/** An object that holds nothing: a reference, or what describes a field of that name; its members are judged by their own names. */
function staysWhole(scan: Scan, kind: number, start: number, end: number): boolean {
  if (kind === FLAT && isReference(scan, start, end)) return true;
  if (kind !== UNCLOSED && isKept(scan, start, end)) return true;
  if (kind === UNCLOSED || scan.bytes[start] !== OPEN_BRACE || end - start > MOST_SCHEMA_BYTES) return false;
  // Objects under such names may stand in each other: reading each of them would take the square.
  if (!SCHEMA_HEAD.test(sliceText(scan, start, Math.min(end, start + 80)))) return false;
  scan.described += end - start;
  return scan.described <= 4 * scan.size && isWhole(sliceText(scan, start, end), isDescription);
}

// A name that stands twice would hide its first value.
function isWhole(text: string, test: (value: unknown) => boolean): boolean {
  const value: unknown = JSON.parse(text);
  return test(value) && JSON.stringify(value).replace(/\s+/g, '') === text.replace(/\s+/g, '');
}

const OPEN_BRACE = 123;
const MOST_SCHEMA_BYTES = 65_536;
const SCHEMA_HEAD = /^\{\s*"[A-Za-z$]{2,24}"\s*:/;

const MOST_REFERENCE_BYTES = 1_024;

/** A SecretRef as it prints: `{"kind":"inline"}` or `{"kind":"handle","id":"…","label":"…"}`. */
function isReference(scan: Scan, start: number, end: number): boolean {
  return end - start <= MOST_REFERENCE_BYTES && REFERENCE.test(sliceText(scan, start, end));
}

const REFERENCE =
  /^\{\s*"kind"\s*:\s*"(?:inline"\s*\}|handle"\s*(?:,\s*"(?:id|label)"\s*:\s*"[^"\\]{0,200}"\s*){1,2}\})$/;
