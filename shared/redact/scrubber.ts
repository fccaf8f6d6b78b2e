// Takes every known secret out of a text, whatever it was encoded in. docs/THREAT-MODEL names the encodings it does not know.
import { createKnowledge, type Knowledge } from './known/knowledge.ts';
import { createKnownSearch, type KnownSearch } from './known/known-search.ts';
import { openEndBytes } from './known/open-end.ts';
import { createShortSecrets, isShort } from './known/short-secrets.ts';
import { REDACTED, WITHHELD } from './marker.ts';
import type { Span } from './span.ts';
import { createWork, type Work } from './work.ts';

/** A secret in plain text, as the resolver gives it. It stays inside the scrubber that is made of it. */
export interface KnownSecret {
  readonly id: string;
  readonly value: string;
}

/**
 * `scrub` replaces every known secret by `[redacted]`; `hits` is how many places it replaced. A hit inside a base64 or hex
 * run takes the whole run. Time is linear in the text, whatever it holds: where what it holds would unpack to more than
 * `work` allows (the text's own share by default), the answer is `[withheld]` and `work.left` is below zero.
 */
export interface Scrubber {
  scrub(text: string, work?: Work): { text: string; hits: number };
  /** Where known values stand in UTF-8: sorted, disjoint, whole runs. Where `work.left` goes below zero, the search was not finished. */
  find(bytes: Uint8Array, work?: Work): readonly Span[];
  /** Whether a whole field holds nothing but a secret that is too short to be searched for. */
  isShortSecret(field: string): boolean;
  /** How many bytes at the end of a text that was cut short may be the beginning of a known value. */
  openEnd(bytes: Uint8Array): number;
  /** Whether some secret is too short to be searched for; whether some secret may be written as a number. */
  readonly knows: { readonly short: boolean; readonly numeric: boolean };
}

const RUN_LEVELS = 2;

/** Knows the secrets of at least `limits.secretMinScrubChars` characters; shorter ones only where they are a whole field. */
export function createScrubber(secrets: readonly KnownSecret[]): Scrubber {
  const values = Array.from(new Set(secrets.map(({ value }) => value)));
  const short = values.filter(isShort);
  const searched = short.length === 0 ? values : values.filter((value) => !isShort(value));
  const encoder = new TextEncoder();
  // Made when first asked: many scrubbers are replaced by one that knows more before they see a text.
  let knowledge: Knowledge | undefined;
  let search: KnownSearch | undefined;
  let isShortField: ((field: string) => boolean) | undefined;
  const known = () => {
    knowledge ??= createKnowledge(searched);
    return knowledge;
  };
  const find = (bytes: Uint8Array, work: Work): readonly Span[] => {
    if (searched.length === 0 || work.left < 0) return [];
    search ??= createKnownSearch(known(), RUN_LEVELS);
    search.start(work);
    search.push(bytes);
    search.end();
    return search.take().spans;
  };
  return {
    scrub(text, work = createWork(text.length)) {
      const bytes = encoder.encode(text);
      const spans = find(bytes, work);
      if (work.left < 0) return { text: WITHHELD, hits: 1 };
      return spans.length === 0 ? { text, hits: 0 } : { text: replace(text, bytes, spans), hits: spans.length };
    },
    find: (bytes, work = createWork(bytes.length)) => find(bytes, work),
    isShortSecret(field) {
      isShortField ??= createShortSecrets(short);
      return isShortField(field);
    },
    openEnd(bytes) {
      return searched.length === 0 ? 0 : openEndBytes(known(), bytes, createWork(bytes.length));
    },
    knows: { short: short.some((value) => value !== ''), numeric: searched.some((value) => NUMERIC.test(value)) },
  };
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
