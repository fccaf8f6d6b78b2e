// How far two words are apart by the keys that were hit wrongly: a letter too many, missing, another, or two exchanged
// (optimal string alignment).

/** How many typos a word may have by its length. */
export function typosAllowed(word: string): 0 | 1 | 2 {
  if (word.length < ONE_FROM_CHARS) return 0;
  return word.length < TWO_FROM_CHARS ? 1 : 2;
}

const ONE_FROM_CHARS = 4;
const TWO_FROM_CHARS = 8;
/** From here on a word with typos may also be the beginning of a longer one. */
const BEGINNING_FROM_CHARS = 6;

/** Whether words of a length may match the beginning of longer ones with their typos. */
export function matchesBeginnings(word: string): boolean {
  return word.length >= BEGINNING_FROM_CHARS;
}

/**
 * How many typos make the word out of the term, or out of its beginning for a long word; undefined for more than `most`.
 * A wrong first letter counts as two: people rarely mistake it, and short words differ in little else.
 */
export function typosBetween(word: string, term: string, most: number): number | undefined {
  const extra = word[0] === term[0] ? 0 : 1;
  const typos = distance(word, term, { most: most - extra, beginning: matchesBeginnings(word) });
  return typos === undefined ? undefined : typos + extra;
}

interface Bounds {
  readonly most: number;
  /** Whether what the term has beyond the word's end is free. */
  readonly beginning: boolean;
}

/** Rows of the alignment one by one; a row that is over the bound all along ends it. */
function distance(word: string, term: string, { most, beginning }: Bounds): number | undefined {
  const columns = Math.min(term.length, word.length + most);
  if (columns < word.length - most || (!beginning && term.length > columns)) return undefined;
  let older: readonly number[] = [];
  let row: readonly number[] = Array.from({ length: columns + 1 }, (_, at) => at);
  for (let i = 1; i <= word.length; i += 1) {
    const next = nextRow(word, term, row, older);
    if (Math.min(...next) > most) return undefined;
    [older, row] = [row, next];
  }
  const typos = beginning ? Math.min(...row) : (row[columns] ?? 0);
  return typos <= most ? typos : undefined;
}

/** The row of the next letter of the word: its number is what the row before begins with, and one. */
function nextRow(word: string, term: string, row: readonly number[], older: readonly number[]): number[] {
  const i = (row[0] ?? 0) + 1;
  const next = [i];
  for (let j = 1; j < row.length; j += 1) {
    const changed = (row[j - 1] ?? 0) + (word[i - 1] === term[j - 1] ? 0 : 1);
    const cost = Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
    const exchanged = j > 1 && word[i - 1] === term[j - 2] && word[i - 2] === term[j - 1];
    next.push(exchanged ? Math.min(cost, (older[j - 2] ?? cost) + 1) : cost);
  }
  return next;
}

/** A bit for each letter, and three each for digits and all other characters: what cannot match is told apart by it. */
export function letterBits(word: string): number {
  let bits = 0;
  for (let at = 0; at < word.length; at += 1) bits |= 1 << bitOf(word.charCodeAt(at));
  return bits;
}

function bitOf(code: number): number {
  if (code >= 97 && code <= 122) return code - 97;
  return (code >= 48 && code <= 57 ? 26 : 29) + (code % 3);
}

/** How many bits are set. */
export function countBits(bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
