// Takes every known secret out of a text, whatever it was encoded in. docs/THREAT-MODEL names the encodings it does not know.
import { beginningsOf } from './known/beginnings.ts';
import { createKnowledge } from './known/knowledge.ts';
import { createKnownSearch, type KnownSearch } from './known/known-search.ts';
import { openEndBytes } from './known/open-end.ts';
import type { Searched } from './known/secret-forms.ts';
import { createShortSecrets, isShort } from './known/short-secrets.ts';
import { REDACTED, WITHHELD } from './marker.ts';
import type { Span } from './span.ts';
import { createWork, type Work } from './work.ts';

/** A secret in plain text, as the resolver gives it. It stays inside the scrubber that is made of it. */
export interface KnownSecret {
  readonly id: string;
  readonly value: string;
  /**
   * The secret alone, as the operator or a file has it. Only such a value is known by its beginning too. Of all else (a header, a pair of
   * name and password, what was computed, what an answer gave out) somebody else may have chosen the ends, and would learn from what
   * counts as a part of it how the secret between them begins: that is known as a whole, or not at all.
   */
  readonly leaf?: true;
}

/**
 * `scrub` replaces every known secret by `[redacted]`; `hits` is how many places it replaced. A hit inside a base64 or hex
 * run takes the whole run. Time is linear in the text, whatever it holds: where what it holds would unpack to more than
 * `work` allows (the text's own share by default), the answer is `[withheld]` and `work.left` is below zero.
 */
export interface Scrubber {
  scrub(text: string, work?: Work): { text: string; hits: number };
  /**
   * The same for a text of our own, which shows no secret that it was written with: only leaves, and only whole. What else is found in it
   * is what somebody put there to see whether it is.
   */
  scrubOwn(text: string): { text: string; hits: number };
  /** Where known values stand in UTF-8: sorted, disjoint, whole runs. Where `work.left` goes below zero, the search was not finished. */
  find(bytes: Uint8Array, work?: Work): readonly Span[];
  /** Whether a whole field holds nothing but a secret that is too short to be searched for. */
  isShortSecret(field: string): boolean;
  /** How many bytes at the end of a text that was cut short do not go out: they may be the beginning of a known value. */
  openEnd(bytes: Uint8Array): number;
  /** Whether some secret is too short to be searched for; whether some secret may be written as a number. */
  readonly knows: { readonly short: boolean; readonly numeric: boolean };
}

const RUN_LEVELS = 2;

/** Knows the secrets of at least `limits.secretMinScrubChars` characters; shorter ones only where they are a whole field. */
export function createScrubber(secrets: readonly KnownSecret[]): Scrubber {
  const leaves = new Set(secrets.filter(({ leaf }) => leaf).map(({ value }) => value));
  const values = Array.from(new Set(secrets.map(({ value }) => value)));
  const short = values.filter(isShort);
  const searched = (short.length === 0 ? values : values.filter((value) => !isShort(value))).map((value) => ({
    value,
    leaf: leaves.has(value),
  }));
  const own = searched.filter(({ leaf }) => leaf).map(({ value }) => value);
  // Made when first asked: many scrubbers are replaced by one that knows more before they see a text.
  const known = createSearch(() => searched);
  const wholeLeaves = createSearch(() => own.map((value) => ({ value })));
  const beginnings = createSearch(() =>
    own
      .flatMap(beginningsOf)
      .filter((value) => !isShort(value))
      .map((value) => ({ value })),
  );
  let isShortField: ((field: string) => boolean) | undefined;
  return {
    scrub: (text, work = createWork(text.length)) => scrubWith(known, text, work),
    scrubOwn: (text) => scrubWith(wholeLeaves, text, createWork(text.length)),
    find: (bytes, work = createWork(bytes.length)) => known.find(bytes, work),
    isShortSecret(field) {
      isShortField ??= createShortSecrets(short);
      return isShortField(field);
    },
    openEnd(bytes) {
      if (searched.length === 0) return 0;
      const ways = { known: known.find, leaves: wholeLeaves.find, beginnings: beginnings.find };
      return openEndBytes(bytes, { reach: known.reach(), ...ways });
    },
    knows: { short: short.some((value) => value !== ''), numeric: searched.some(({ value }) => NUMERIC.test(value)) },
  };
}

interface Search {
  find(bytes: Uint8Array, work: Work): readonly Span[];
  /** See Knowledge.overlapBytes. */
  reach(): number;
}

function createSearch(secrets: () => readonly Searched[]): Search {
  let made: { readonly search: KnownSearch; readonly reach: number; readonly knowsAny: boolean } | undefined;
  const searchOf = () => {
    if (made) return made;
    const list = secrets();
    const knowledge = createKnowledge(list);
    made = {
      search: createKnownSearch(knowledge, RUN_LEVELS),
      reach: knowledge.overlapBytes,
      knowsAny: list.length > 0,
    };
    return made;
  };
  return {
    find(bytes, work) {
      const { search, knowsAny } = searchOf();
      if (!knowsAny || work.left < 0) return [];
      search.start(work);
      search.push(bytes);
      search.end();
      return search.take().spans;
    },
    reach: () => searchOf().reach,
  };
}

const encoder = new TextEncoder();

function scrubWith({ find }: Search, text: string, work: Work): { text: string; hits: number } {
  const bytes = encoder.encode(text);
  const spans = find(bytes, work);
  if (work.left < 0) return { text: WITHHELD, hits: 1 };
  return spans.length === 0 ? { text, hits: 0 } : { text: replace(text, bytes, spans), hits: spans.length };
}

const NUMERIC = /^[-+.\deE\s]*$/;

function replace(text: string, bytes: Uint8Array, spans: readonly Span[]): string {
  const indexOf = bytes.length === text.length ? (offset: number) => offset : indexReader(bytes);
  let out = '';
  let from = 0;
  for (const { start, end } of spans) {
    out += text.slice(from, indexOf(start)) + REDACTED;
    from = indexOf(end);
  }
  return out + text.slice(from);
}

/** Tells where in a text the character stands that begins at an offset of its UTF-8; asked for one after the other. */
function indexReader(bytes: Uint8Array): (offset: number) => number {
  let at = 0;
  let index = 0;
  return (offset) => {
    for (; at < offset; at += 1) {
      const byte = bytes[at] ?? 0;
      // Continuation bytes begin nothing; what takes four bytes is two units of UTF-16.
      if ((byte & 0xc0) !== 0x80) index += byte >= 0xf0 ? 2 : 1;
    }
    return index;
  };
}
