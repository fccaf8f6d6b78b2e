import { MATCH, type Match } from './rank.ts';
import { countBits, letterBits, matchesBeginnings, typosAllowed, typosBetween } from './typos.ts';

/** Distinct words, with what tells most of them apart at a glance. */
export interface Terms {
  readonly words: readonly string[];
  /** letterBits of each. */
  readonly bits: Int32Array;
  readonly lengths: Uint8Array;
}

/** Calls back for every term that the word matches, with how it does. */
export type TermMatcher = (terms: Terms, onMatch: (term: number, match: Match) => void) => void;

/** The matcher of one word of a query. It remembers what it compared, because the parts of a workspace share most terms. */
export function createTermMatcher(word: string): TermMatcher {
  const wanted = letterBits(word);
  const most = typosAllowed(word);
  const shortest = word.length - most;
  const longest = matchesBeginnings(word) ? Number.POSITIVE_INFINITY : word.length + most;
  const compared = new Map<string, Match | undefined>();
  const compare = (term: string): Match | undefined => {
    if (compared.has(term)) return compared.get(term);
    const typos = typosBetween(word, term, most);
    const match = typos === undefined ? undefined : typos <= 1 ? MATCH.oneTypo : MATCH.twoTypos;
    compared.set(term, match);
    return match;
  };
  const judge = (term: string, hasLetters: boolean): Match | undefined => {
    const place = hasLetters ? term.indexOf(word) : -1;
    if (place === 0) return term.length === word.length ? MATCH.whole : MATCH.beginning;
    if (place > 0) return MATCH.inside;
    return most === 0 || term.length > longest ? undefined : compare(term);
  };
  return ({ words, bits, lengths }, onMatch) => {
    for (let at = 0; at < bits.length; at += 1) {
      const missing = wanted & ~(bits[at] ?? 0);
      // A typo changes one letter of the word at most.
      if ((missing !== 0 && countBits(missing) > most) || (lengths[at] ?? 0) < shortest) continue;
      const match = judge(words[at] ?? '', missing === 0);
      if (match !== undefined) onMatch(at, match);
    }
  };
}
