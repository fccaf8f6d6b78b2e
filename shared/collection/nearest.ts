// "Did you mean": the names closest to the one asked for. A name is near where it holds the wanted one or is held by it,
// where few edits lead from one to the other, or where it has all of the wanted words, with their typos and in any order.
import { parseQuery, type Query } from '../search/query.ts';
import { createTextIndex, type TextIndex } from '../search/text-index.ts';
import { countBits, letterBits } from '../search/typos.ts';
import { createEditDistance } from './edit-distance.ts';

const MAX_COMPARED_CHARS = 60;
/** Edit distances are below, so that names with the same words come after names with nearly the same letters. */
const WORDS_SCORE = 1_000;

/** Names made ready to be compared, for those who ask often. */
export interface KnownNames {
  readonly names: readonly string[];
  readonly folded: readonly string[];
  /** letterBits of each folded name. */
  readonly bits: Int32Array;
  /** Made when first asked for. */
  words(): TextIndex;
}

export function knowNames(names: readonly string[]): KnownNames {
  const folded = names.map(fold);
  const index = createTextIndex(names.length, (at) => ({ name: names[at] ?? '' }));
  return { names, folded, bits: Int32Array.from(folded, letterBits), words: index.finish };
}

/**
 * The names closest to the one asked for, best first, ties in the order given: for "did you mean". A name that shares
 * nothing with the wanted one is left out, so the list can be empty.
 */
export function nearestNames(wanted: string, names: Iterable<string>, count = 3): string[] {
  return nearestKnown(wanted, [knowNames([...names])], count);
}

/** `nearestNames` over several lists of names, in their order. */
export function nearestKnown(wanted: string, lists: readonly KnownNames[], count = 3): string[] {
  const best = createBest(count);
  const text = fold(wanted);
  const near = { text, bits: letterBits(text), editsTo: createEditDistance(text) };
  for (const list of lists) offerNear(near, list, best);
  const query = best.isFull() ? undefined : parseQuery(wanted);
  if (query) for (const list of lists) offerWords(query, list, best);
  return best.names();
}

/** The best few by score, each name once; of equal scores the one that came first. */
interface Best {
  offer(name: string, score: number): void;
  /** A score from here on is not wanted any more. */
  bound(): number;
  isFull(): boolean;
  names(): string[];
}

function createBest(count: number): Best {
  const kept: { readonly name: string; readonly score: number }[] = [];
  return {
    offer(name, score) {
      const known = kept.findIndex((one) => one.name === name);
      if (known >= 0) {
        if ((kept[known]?.score ?? 0) <= score) return;
        kept.splice(known, 1);
      }
      const after = kept.findIndex((one) => one.score > score);
      kept.splice(after < 0 ? kept.length : after, 0, { name, score });
      if (kept.length > count) kept.pop();
    },
    bound: () => (kept.length < count ? Number.POSITIVE_INFINITY : (kept[count - 1]?.score ?? 0)),
    isFull: () => kept.length >= count,
    names: () => kept.map(({ name }) => name),
  };
}

function offerNear(wanted: Wanted, { names, folded, bits }: KnownNames, best: Best): void {
  for (let at = 0; at < names.length; at += 1) {
    const score = distance(wanted, folded[at] ?? '', bits[at] ?? 0, best.bound());
    if (score !== undefined) best.offer(names[at] ?? '', score);
  }
}

function offerWords(query: Query, { names, words }: KnownNames, best: Best): void {
  words().find(query, (at, rank) => best.offer(names[at] ?? '', WORDS_SCORE + rank));
}

function fold(name: string): string {
  return name.slice(0, MAX_COMPARED_CHARS).toLowerCase();
}

interface Wanted {
  readonly text: string;
  readonly bits: number;
  readonly editsTo: (name: string) => number;
}

/**
 * Undefined where the names have too little in common to be worth showing, or where they are no nearer than the bound. Each
 * edit takes one letter away, or brings one, or both: most names need no closer look than at their letters.
 */
function distance({ text, bits, editsTo }: Wanted, name: string, nameBits: number, bound: number): number | undefined {
  if (name === '' || text === '') return undefined;
  const [missing, more] = [bits & ~nameBits, nameBits & ~bits];
  const apart = Math.abs(name.length - text.length);
  if ((missing === 0 && name.includes(text)) || (more === 0 && text.includes(name))) return apart / 1000;
  const half = Math.max(2, Math.floor(Math.max(text.length, name.length) / 2));
  const most = Math.min(half, Math.ceil(bound) - 1);
  if (apart > most || countBits(missing) > most || countBits(more) > most) return undefined;
  const edits = editsTo(name);
  return edits <= most ? edits : undefined;
}
