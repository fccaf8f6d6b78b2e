import { type Compound, compoundsOf, joinedWord, wordsText } from './compounds.ts';
import { createTermMatcher, type TermMatcher } from './term-matcher.ts';

export interface Query {
  /** Every one has to match, as a whole or in all its words. */
  readonly compounds: readonly WantedCompound[];
  /** Its words with one space between them, as a name that is this query has them. */
  readonly text: string;
}

export interface WantedCompound {
  readonly parts: readonly WantedWord[];
  /** All parts as one word, where there are several. */
  readonly whole?: WantedWord;
}

export interface WantedWord {
  readonly text: string;
  readonly match: TermMatcher;
}

/** More than a person or an agent looks for; what is beyond is not looked at. */
const MAX_COMPOUNDS = 24;
const MAX_COMPOUND_WORDS = 12;

/** What to look for; undefined where the text holds no word, which chooses nothing. */
export function parseQuery(text: string | undefined): Query | undefined {
  const all = compoundsOf(text ?? '');
  if (all.length === 0) return undefined;
  const distinct = new Map(all.map((compound) => [compound.join(' '), compound]));
  return { compounds: [...distinct.values()].slice(0, MAX_COMPOUNDS).map(wantedCompound), text: wordsText(all) };
}

function wantedCompound(compound: Compound): WantedCompound {
  const parts = compound.slice(0, MAX_COMPOUND_WORDS).map(wantedWord);
  return compound.length === 1 ? { parts } : { parts, whole: wantedWord(joinedWord(compound)) };
}

function wantedWord(text: string): WantedWord {
  return { text, match: createTermMatcher(text) };
}
