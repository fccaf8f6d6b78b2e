// What servers gave out in their answers (a login's token, a cookie), so that a later answer cannot show it under another name. In
// memory only, bounded, and per origin: no value taken from one origin's answer is ever sent to another.
import { limits } from '../../shared/limits.ts';
import { createScrubber, type KnownSecret, type Scrubber } from '../../shared/redact/scrubber.ts';
import type { SetCookie } from './exchange-secrets.ts';

export interface MintedValues {
  /** Remembers the values that only a credential looks like. */
  learn(origin: string, values: readonly string[]): void;
  /** The same for cookies, of whose values only the latest two count: some are set anew by every answer. */
  learnCookies(origin: string, cookies: readonly SetCookie[]): void;
  /** What is remembered of these origins, the least recently given first. */
  known(origins: Iterable<string>): readonly KnownSecret[];
  /** Scrubbers that together know it. */
  scrubbers(origins: Iterable<string>): readonly Scrubber[];
}

interface OriginMemory {
  /** Insertion order is order of last use, here and in `cookies`. */
  readonly values: Set<string>;
  settled?: Scrubber;
  /** Those that `settled` does not know. */
  fresh: string[];
  freshScrubber?: Scrubber | undefined;
  readonly cookies: Map<string, readonly string[]>;
  cookieScrubber?: Scrubber | undefined;
}

/** Every new value has the scrubber of the fresh ones built anew, and each so many the one of all. */
const MOST_FRESH = 16;

/** Makes the memory; it lasts as long as the process. `most` is how many values it keeps of one origin. */
export function createMintedValues(most: number = limits.mintedValues): MintedValues {
  // Insertion order is order of last use.
  const origins = new Map<string, OriginMemory>();
  const memoryOf = (origin: string): OriginMemory => {
    const memory = origins.get(origin) ?? { values: new Set(), fresh: [], cookies: new Map() };
    origins.delete(origin);
    origins.set(origin, memory);
    dropOldest(origins, limits.mintedOrigins);
    return memory;
  };
  const remembered = (wanted: Iterable<string>): OriginMemory[] =>
    Array.from(new Set(wanted), (origin) => origins.get(origin)).filter((memory) => memory !== undefined);
  return {
    learn(origin, values) {
      const minted = values.filter(looksMinted);
      if (minted.length > 0) learnValues(memoryOf(origin), minted, most);
    },
    learnCookies(origin, cookies) {
      const minted = cookies.filter(({ values }) => values.some(looksMinted));
      if (minted.length > 0) learnCookies(memoryOf(origin), minted);
    },
    known: (wanted) =>
      remembered(wanted).flatMap((memory) => [...cookieValues(memory), ...memory.values].map(secretOf)),
    scrubbers: (wanted) => remembered(wanted).flatMap(scrubbersOf),
  };
}

function learnValues(memory: OriginMemory, minted: readonly string[], most: number): void {
  const { values } = memory;
  const news = new Set(minted.filter((value) => !values.has(value)));
  for (const value of minted) {
    values.delete(value);
    values.add(value);
  }
  dropOldest(values, most);
  if (news.size === 0) return;
  memory.fresh = [...memory.fresh, ...news].slice(-most);
  memory.freshScrubber = undefined;
}

function learnCookies(memory: OriginMemory, minted: readonly SetCookie[]): void {
  for (const { name, values } of minted) {
    const before = memory.cookies.get(name) ?? [];
    memory.cookies.delete(name);
    memory.cookies.set(name, before);
    if (values.every((value) => before.includes(value))) continue;
    // A value has two forms at most.
    memory.cookies.set(name, [...new Set([...values, ...before])].slice(0, 4));
    memory.cookieScrubber = undefined;
  }
  dropOldest(memory.cookies, limits.mintedCookies);
}

function cookieValues({ cookies }: OriginMemory): string[] {
  return Array.from(cookies.values()).flat();
}

function scrubbersOf(memory: OriginMemory): Scrubber[] {
  if (memory.fresh.length > MOST_FRESH) {
    memory.settled = createScrubber(Array.from(memory.values, secretOf));
    memory.fresh = [];
    memory.freshScrubber = undefined;
  }
  if (memory.fresh.length > 0) memory.freshScrubber ??= createScrubber(memory.fresh.map(secretOf));
  if (memory.cookies.size > 0) memory.cookieScrubber ??= createScrubber(cookieValues(memory).map(secretOf));
  return [memory.settled, memory.freshScrubber, memory.cookieScrubber].filter((scrubber) => scrubber !== undefined);
}

function secretOf(value: string): KnownSecret {
  return { id: 'minted', value };
}

function dropOldest(collection: Set<string> | Map<string, unknown>, most: number): void {
  for (const oldest of collection.keys()) {
    if (collection.size <= most) return;
    collection.delete(oldest);
  }
}

const SHORT_CHARS = 16;
const DATE_OR_ADDRESS = /^(?:\d{4}-\d\d-\d\d(?:[T ]|$)|[a-z][a-z\d+.-]*:\/\/|[^@]+@[^@]+\.[a-z]+$)/i;

/**
 * Whether a value that stood under a secret name is likely to be a credential. What else stands there (`"required"`, a date, a
 * type's name) is an ordinary word, which must not vanish from every later answer.
 */
function looksMinted(value: string): boolean {
  if (value.length < limits.secretMinScrubChars || value.length > limits.mintedChars) return false;
  if (/\s/.test(value) || DATE_OR_ADDRESS.test(value)) return false;
  const kinds = [/\d/, /[a-z]/, /[A-Z]/].filter((kind) => kind.test(value)).length;
  return /\d/.test(value)
    ? kinds >= (value.length < SHORT_CHARS ? 3 : 2)
    : kinds === 2 && value.length >= 2 * SHORT_CHARS;
}
