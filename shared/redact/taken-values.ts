// Values that a credential's name took out of an answer: a token that a server mints. Where the same answer shows one of them again,
// under another name or in a header, it goes there as well.
import type { SafeFields } from '../stages/stages.ts';
import { looksOpaque } from './field-rules.ts';
import { redactJson } from './json/redact-json.ts';
import { createScrubber, type Scrubber } from './scrubber.ts';
import { createWork } from './work.ts';

export interface TakenValues {
  /** Remembers a value that looks like a minted one. */
  readonly add: (value: string) => void;
  readonly values: ReadonlySet<string>;
}

const MOST_VALUES = 64;
const LEAST_CHARS = 8;
const MOST_CHARS = 8_192;
const SCHEME = /^[A-Za-z][\w-]{1,30}[ \t]+(?=\S+$)/;
const JWT = /^eyJ[\w-]+\.[\w-]+(?:\.[\w-]*){0,3}$/;

export function collectTaken(): TakenValues {
  const values = new Set<string>();
  const add = (value: string) => {
    if (values.size >= MOST_VALUES || value.length < LEAST_CHARS || value.length > MOST_CHARS) return;
    const token = value.replace(SCHEME, '');
    if (looksOpaque(token) || JWT.test(token)) values.add(token);
  };
  return { add, values };
}

/** Gives the exchange without the values, and how often they stood in it. */
export function withoutTaken(
  exchange: SafeFields,
  values: ReadonlySet<string>,
): { exchange: SafeFields; hits: number } {
  if (values.size === 0 || !showsAny(exchange, values)) return { exchange, hits: 0 };
  const scrubber = createScrubber(Array.from(values, (value) => ({ id: 'taken', value })));
  let hits = 0;
  const clean = (text: string): string => {
    const shown = scrubber.scrub(text);
    hits += shown.hits;
    return shown.text;
  };
  const body = cleanBody(exchange.body, scrubber, clean);
  return {
    exchange: {
      ...exchange,
      statusText: clean(exchange.statusText),
      headers: exchange.headers.map(({ name, value }) => ({ name, value: clean(value) })),
      body: body.body,
      redirects: exchange.redirects.map((redirect) => ({ ...redirect, url: clean(redirect.url) })),
    },
    hits: hits + body.hits,
  };
}

function showsAny({ statusText, headers, body, redirects }: SafeFields, values: ReadonlySet<string>): boolean {
  const short = [statusText, ...headers.map(({ value }) => value), ...redirects.map(({ url }) => url)].join('\n');
  return [short, body.text ?? '', body.readable ?? ''].some((text) => holdsAny(text, values));
}

/** Where looking for each would take long, says yes: the scrubber looks for all at once. */
const MOST_LOOKED_THROUGH = 16_000_000;

function holdsAny(text: string, values: ReadonlySet<string>): boolean {
  if (text.length * values.size > MOST_LOOKED_THROUGH) return true;
  for (const value of values) if (text.includes(value)) return true;
  return false;
}

type Clean = (text: string) => string;

function cleanBody(
  body: SafeFields['body'],
  scrubber: Scrubber,
  clean: Clean,
): { body: SafeFields['body']; hits: number } {
  const { kind, text, readable } = body;
  if (text === undefined) return { body, hits: 0 };
  const shown = { ...body, ...(readable !== undefined && { readable: clean(readable) }) };
  if (kind !== 'json') return { body: { ...shown, text: clean(text) }, hits: 0 };
  const work = createWork(text.length);
  const find = (bytes: Uint8Array) => scrubber.find(bytes, work);
  const json = redactJson(new TextEncoder().encode(text), { judge: judgeNothing, text, find });
  if (json.verdict === 'json' && work.left >= 0)
    return { body: { ...shown, text: json.text }, hits: json.counts.known };
  const { contentType, bytes } = body;
  return { body: { kind: 'withheld', contentType, bytes }, hits: 1 };
}

function judgeNothing(): 'plain' {
  return 'plain';
}
