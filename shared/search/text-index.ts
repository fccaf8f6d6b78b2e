// An index of documents by their words: the distinct terms, and for each of them the documents and fields that hold it. It
// is made of typed arrays, so that a query is a pass over the terms and not over the documents.
import { compoundsOf, joinedWord, wordsText } from './compounds.ts';
import type { Query, WantedCompound, WantedWord } from './query.ts';
import { costsOf, FIELD, type FieldName, NO_MATCH, RANK } from './rank.ts';
import type { Terms } from './term-matcher.ts';
import { letterBits } from './typos.ts';

/** The texts of a document as they are shown: what is not shown must not be found either. */
export type SearchDocument = Readonly<Partial<Record<FieldName, string>>>;

export interface TextIndex {
  /** Calls back for each matching document in order, with its rank: the lower the better. */
  find(query: Query, onFound: (document: number, rank: number) => void): void;
}

/** An index that reads its documents in parts, so that others can work in between. */
export interface GrowingIndex {
  /** Reads up to so many further documents; false where all are read. */
  grow(documents: number): boolean;
  /** Reads the rest. */
  finish(): TextIndex;
}

/** Of each field so many characters are read. */
const FIELD_CHARS = 4_096;
const FIELD_BITS = 6;
const FIELD_MASK = (1 << FIELD_BITS) - 1;

interface Growth {
  readonly numbers: Map<string, number>;
  /** The term of each posting, and its document with its fields. */
  readonly terms: number[];
  readonly postings: number[];
  /** The last posting of each term. */
  readonly last: number[];
  readonly names: string[];
}

/** An index of `count` documents; each is asked for once. */
export function createTextIndex(count: number, documentAt: (at: number) => SearchDocument): GrowingIndex {
  let growth: Growth | undefined = { numbers: new Map(), terms: [], postings: [], last: [], names: [] };
  let read = 0;
  let finished: TextIndex | undefined;
  const grow = (documents: number): boolean => {
    const end = Math.min(count, read + documents);
    for (; growth && read < end; read += 1) addDocument(growth, read, documentAt(read));
    return read < count;
  };
  return {
    grow,
    finish() {
      grow(count);
      if (growth) finished = freeze(growth);
      growth = undefined;
      return finished ?? NOTHING;
    },
  };
}

const NOTHING: TextIndex = { find: () => undefined };

function addDocument(growth: Growth, document: number, texts: SearchDocument): void {
  growth.names.push('');
  for (const field of FIELDS) {
    const text = texts[field];
    if (text === undefined || text === '') continue;
    const compounds = compoundsOf(text.length > FIELD_CHARS ? text.slice(0, FIELD_CHARS) : text);
    if (field === 'name') growth.names[document] = wordsText(compounds);
    for (const compound of compounds) {
      for (const word of compound) addTerm(growth, word, document, FIELD[field]);
      if (compound.length > 1) addTerm(growth, joinedWord(compound), document, FIELD[field]);
    }
  }
}

const FIELDS = Object.keys(FIELD) as readonly FieldName[];

function addTerm({ numbers, terms, postings, last }: Growth, word: string, document: number, field: number): void {
  const known = numbers.get(word);
  const term = known ?? numbers.size;
  if (known === undefined) numbers.set(word, term);
  const at = last[term] ?? -1;
  const posting = postings[at] ?? -1;
  if (posting >> FIELD_BITS === document) {
    postings[at] = posting | field;
    return;
  }
  last[term] = postings.length;
  terms.push(term);
  postings.push((document << FIELD_BITS) | field);
}

function freeze({ numbers, terms, postings, names }: Growth): TextIndex {
  const words = [...numbers.keys()];
  const starts = new Uint32Array(words.length + 1);
  for (const term of terms) starts[term + 1] = (starts[term + 1] ?? 0) + 1;
  for (let term = 0; term < words.length; term += 1) starts[term + 1] = (starts[term + 1] ?? 0) + (starts[term] ?? 0);
  const next = starts.slice();
  const sorted = new Uint32Array(postings.length);
  for (const [at, term] of terms.entries()) {
    sorted[next[term] ?? 0] = postings[at] ?? 0;
    next[term] = (next[term] ?? 0) + 1;
  }
  const known: Terms = {
    words,
    bits: Int32Array.from(words, letterBits),
    lengths: Uint8Array.from(words, ({ length }) => length),
  };
  const frozen: Frozen = { terms: known, starts, postings: sorted, names };
  return { find: (query, onFound) => findIn(frozen, query, onFound) };
}

interface Frozen {
  readonly terms: Terms;
  /** Where the postings of each term begin. */
  readonly starts: Uint32Array;
  readonly postings: Uint32Array;
  readonly names: readonly string[];
}

function findIn(index: Frozen, query: Query, onFound: (document: number, rank: number) => void): void {
  const total = new Uint16Array(index.names.length);
  for (const compound of query.compounds) {
    const costs = compoundCosts(index, compound);
    if (costs === undefined || !addCosts(total, costs)) return;
  }
  for (let at = 0; at < total.length; at += 1) {
    const cost = total[at] ?? GONE;
    if (cost !== GONE) onFound(at, rankOf(query, cost, index.names[at] ?? ''));
  }
}

const GONE = 0xffff;

/** Whether any document is left. */
function addCosts(total: Uint16Array, costs: Uint8Array): boolean {
  let left = 0;
  for (let at = 0; at < total.length; at += 1) {
    const cost = costs[at] ?? NO_MATCH;
    if (cost === NO_MATCH) total[at] = GONE;
    else if (total[at] !== GONE) {
      total[at] = (total[at] ?? 0) + cost;
      left += 1;
    }
  }
  return left > 0;
}

function rankOf({ text }: Query, cost: number, name: string): number {
  if (!name.startsWith(text)) return RANK.matched + cost;
  return name.length === text.length ? RANK.named : RANK.beginning;
}

/** The costs of a run by document: as one word, or as all of its words; undefined where no document has it. */
function compoundCosts(index: Frozen, { parts, whole }: WantedCompound): Uint8Array | undefined {
  const together = whole && wordCosts(index, whole);
  const apart = allCosts(index, parts);
  if (apart === undefined || together === undefined) return apart ?? together;
  return apart.map((cost, at) => Math.min(cost, together[at] ?? NO_MATCH));
}

/** Of each document the cost of its worst word. */
function allCosts(index: Frozen, parts: readonly WantedWord[]): Uint8Array | undefined {
  let worst: Uint8Array | undefined;
  for (const part of parts) {
    const costs = wordCosts(index, part);
    if (costs === undefined) return undefined;
    worst = worst?.map((cost, at) => Math.max(cost, costs[at] ?? NO_MATCH)) ?? costs;
  }
  return worst;
}

function wordCosts({ terms, starts, postings, names }: Frozen, { text, match }: WantedWord): Uint8Array | undefined {
  let costs: Uint8Array | undefined;
  match(terms, (term, how) => {
    costs ??= new Uint8Array(names.length).fill(NO_MATCH);
    const costOf = costsOf(how, text.length);
    const end = starts[term + 1] ?? 0;
    for (let at = starts[term] ?? 0; at < end; at += 1) {
      const posting = postings[at] ?? 0;
      const document = posting >> FIELD_BITS;
      const cost = costOf[posting & FIELD_MASK] ?? NO_MATCH;
      if (cost < (costs[document] ?? 0)) costs[document] = cost;
    }
  });
  return costs;
}
