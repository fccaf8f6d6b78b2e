// URLSearchParams of the URL standard.
import { textOf } from '../text-of.ts';
import { percentDecode, percentEncode, percentSets } from './percent.ts';

type Pair = [string, string];

/** How texts are written; another than `encodeForm` where references stand in them. */
export type FormWriter = (text: string) => string;

/** application/x-www-form-urlencoded of one name or value. */
export const encodeForm: FormWriter = (text) =>
  percentEncode(text, `${percentSets.component}!'()~`).replace(/%20/g, '+');

/** Reads a query; `restore` is given each name and value once it is decoded. */
export function parseForm(query: string): Pair[] {
  return query
    .split('&')
    .filter((part) => part !== '')
    .map((part): Pair => {
      const [, name = '', value = ''] = /^([^=]*)=?([\s\S]*)$/.exec(part) ?? [];
      return [decodeForm(name), decodeForm(value)];
    });
}

function decodeForm(text: string): string {
  return percentDecode(text.replace(/\+/g, ' '));
}

export interface FormReading {
  readonly write: FormWriter;
  readonly parse: (query: string) => Pair[];
}

/** What is used of it here; scripts have the whole. */
export type SearchParamsClass = new (from?: unknown, changed?: (query: string) => void) => { toString(): string };

/** `changed` is told the new query after each change. */
export function createSearchParamsClass({ write, parse }: FormReading): SearchParamsClass {
  return class URLSearchParams {
    #pairs: Pair[] = [];
    readonly #changed: ((query: string) => void) | undefined;

    constructor(from: unknown = '', changed?: (query: string) => void) {
      this.#pairs = pairsOf(from, parse);
      this.#changed = typeof changed === 'function' ? changed : undefined;
    }

    get size(): number {
      return this.#pairs.length;
    }

    append(name: unknown, value: unknown): void {
      this.#replace([...this.#pairs, [textOf(name), textOf(value)]]);
    }

    delete(name: unknown, value?: unknown): void {
      const isIt = (pair: Pair) => pair[0] === textOf(name) && (value === undefined || pair[1] === textOf(value));
      this.#replace(this.#pairs.filter((pair) => !isIt(pair)));
    }

    get(name: unknown): string | null {
      return this.#pairs.find(([each]) => each === textOf(name))?.[1] ?? null;
    }

    getAll(name: unknown): string[] {
      return this.#pairs.filter(([each]) => each === textOf(name)).map(([, value]) => value);
    }

    has(name: unknown, value?: unknown): boolean {
      return this.getAll(name).some((each) => value === undefined || each === textOf(value));
    }

    set(name: unknown, value: unknown): void {
      const key = textOf(name);
      const first = this.#pairs.findIndex(([each]) => each === key);
      if (first < 0) {
        this.append(key, value);
        return;
      }
      const kept = this.#pairs.filter(([each], index) => index === first || each !== key);
      this.#replace(kept.map((pair): Pair => (pair[0] === key ? [key, textOf(value)] : pair)));
    }

    sort(): void {
      this.#replace(this.#pairs.toSorted(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0)));
    }

    forEach(callback: (value: string, name: string, all: unknown) => void, self?: unknown): void {
      for (const [name, value] of this.#pairs) callback.call(self, value, name, this);
    }

    *entries(): Generator<Pair> {
      for (const [name, value] of this.#pairs) yield [name, value];
    }

    *keys(): Generator<string> {
      for (const [name] of this.#pairs) yield name;
    }

    *values(): Generator<string> {
      for (const [, value] of this.#pairs) yield value;
    }

    [Symbol.iterator](): Generator<Pair> {
      return this.entries();
    }

    toString(): string {
      return this.#pairs.map(([name, value]) => `${write(name)}=${write(value)}`).join('&');
    }

    #replace(pairs: Pair[]): void {
      this.#pairs = pairs;
      this.#changed?.(this.toString());
    }
  };
}

function pairsOf(from: unknown, parse: FormReading['parse']): Pair[] {
  if (typeof from !== 'object' || from === null) {
    return parse(from === undefined ? '' : textOf(from).replace(/^\?/, ''));
  }
  if (!(Symbol.iterator in from)) return Object.entries(from).map(([name, value]): Pair => [name, textOf(value)]);
  return [...(from as Iterable<Iterable<unknown>>)].map((pair): Pair => {
    const [name, value, ...more] = [...pair];
    if (value === undefined || more.length > 0)
      throw new TypeError('Each query pair must be an iterable [name, value] tuple');
    return [textOf(name), textOf(value)];
  });
}
