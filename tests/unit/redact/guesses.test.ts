// Who can have text of their own looked through beside a secret must not learn its characters one after the other: a guess of a part is
// shown as every other guess of that part is, in the request, in an answer that repeats it, and at the end of one that was cut.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactExchange } from '../../../shared/redact/redact-exchange.ts';
import { createScrubber, type KnownSecret } from '../../../shared/redact/scrubber.ts';
import { type Incomplete, markRaw, type SafeExchange } from '../../../shared/stages/stages.ts';
import { knownOf } from '../../../src/signer/known.ts';
import beginnings from '../../vectors/public-beginnings.json' with { type: 'json' };

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const letters = (least: number, most: number) =>
  fc.string({ unit: fc.constantFrom(...LETTERS), minLength: least, maxLength: most });

/** What is searched for where a handle stands in a bearer's, in a Basic and in a mixed header, as the signer says it. */
function knownFor(secret: string, before: string, after: string): readonly KnownSecret[] {
  const leaf: KnownSecret = { id: 'h1', value: secret, leaf: true };
  const pair = Buffer.from(`${before}:${secret}`).toString('base64');
  const headers: [string, string][] = [
    ['Authorization', `Bearer ${secret}`],
    ['Proxy-Authorization', `Basic ${pair}`],
    ['X-Api-Key', `${before}${secret}${after}`],
    ['Cookie', `a=${before}${secret}${after}`],
  ];
  return knownOf([[leaf, { id: 'basic', value: pair }]], headers);
}

interface Places {
  readonly text: string;
  readonly incomplete?: Incomplete;
}

function shown(known: readonly KnownSecret[], { text, incomplete }: Places): SafeExchange {
  const redacted = redactExchange({
    request: { method: 'POST', url: `http://h/p?g=${encodeURIComponent(text)}`, headers: [['X-G', text]] },
    raw: markRaw({
      status: 200,
      statusText: 'OK',
      headers: [
        ['Content-Type', 'application/json'],
        ['X-Echo', text],
      ],
      trailers: [],
      body: new TextEncoder().encode(
        incomplete ? `{"args":"see ${text}` : JSON.stringify({ access_token: text, list: [text] }),
      ),
      timing: { totalMs: 1, firstByteMs: 1 },
      ...(incomplete && { incomplete }),
    }),
    redirects: [],
    scrubber: createScrubber(known),
    capture: (field) => `{{captured:${field}_1}}`,
  });
  if (!redacted.ok) throw new Error(redacted.failure.code);
  return redacted.value.exchange;
}

/** For each way to write a guess, in each of two ranges. */
const RUNS = 4;

const WAYS: Readonly<Record<string, (part: string, tail: string, before: string) => string>> = {
  'the beginning': (part) => part,
  'the beginning among others': (part) => `x,${part},y`,
  'the beginning and a mask': (part) => `${part}****`,
  'both ends and a mask': (part, tail) => `${part}***${tail}`,
  'both ends and bullets': (part, tail) => `${part}•••${tail}`,
  'chosen ends and a mask': (part, tail, before) => `${before}${part}***${tail}`,
  'behind a chosen beginning': (part, _, before) => `${before}${part}`,
  Base64: (part) => Buffer.from(part).toString('base64'),
  'Base64 behind a user': (part, _, before) => Buffer.from(`${before}:${part}`).toString('base64').replace(/=+$/, ''),
  hex: (part) => Buffer.from(part).toString('hex'),
  percent: (part) => part.replace(/./g, (c) => `%${c.charCodeAt(0).toString(16)}`),
  'JSON escapes': (part) => part.replace(/./g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
  reversed: (part) => Array.from(part).reverse().join(''),
  'letters apart': (part) => Array.from(part).join(' '),
};

/** Two secrets that differ in the character behind so many of their own, and a text that is part of the first. */
interface Guess {
  readonly prefix: string;
  readonly rest: string;
  readonly guessed: number;
  readonly tail: number;
  readonly before: string;
  readonly after: string;
  readonly wrong: string;
}

/** Where both give the same output, no guess tells them apart. */
function expectAlike(write: (typeof WAYS)[string], { prefix, rest, guessed, tail, before, after, wrong }: Guess): void {
  const text = write(prefix + rest.slice(0, guessed), rest.slice(rest.length - tail) + after, before);
  const other = prefix + rest.slice(0, guessed - 1) + wrong + rest.slice(guessed);
  for (const incomplete of [undefined, 'size'] as const) {
    const places = { text, ...(incomplete && { incomplete }) };
    expect(shown(knownFor(prefix + rest, before, after), places)).toEqual(
      shown(knownFor(other, before, after), places),
    );
  }
}

const ends = { before: letters(1, 12), after: letters(0, 6), wrong: fc.constantFrom(...LETTERS) };
const prefix = fc.constantFrom(...beginnings.public);

// Fewer than count, at both ends together.
const few = fc
  .record({
    prefix,
    rest: letters(16, 40),
    guessed: fc.integer({ min: 1, max: 11 }),
    tail: fc.nat({ max: 4 }),
    ...ends,
  })
  .map((guess) => ({ ...guess, tail: Math.min(guess.tail, 11 - guess.guessed) }));

// Whoever has the first characters from elsewhere learns no more of them.
const many = fc.record({
  prefix,
  rest: letters(48, 60),
  guessed: fc.integer({ min: 32, max: 44 }),
  tail: fc.constant(0),
  ...ends,
});

describe('a guess of a part', () => {
  it.each(Object.entries(WAYS))('P1: is shown alike whether it is right or wrong: %s', (_, write) => {
    fc.assert(
      fc.property(few, (guess) => expectAlike(write, guess)),
      { numRuns: RUNS },
    );
    fc.assert(
      fc.property(many, (guess) => expectAlike(write, guess)),
      { numRuns: RUNS },
    );
  });

  it('P1: is told from a whole secret, which goes, and from twelve characters of its own', () => {
    const known = knownFor('ghp_Qw3rTy9Zk7Lm2Np4Rs6', 'bob', 'x');
    for (const text of ['ghp_Qw3rTy9Zk7Lm2Np4Rs6', 'ghp_Qw3rTy9Zk7Lm']) {
      expect(shown(known, { text }).body.text).not.toContain('Qw3rTy9Zk7Lm');
    }
    expect(JSON.stringify(shown(known, { text: 'ghp_Qw3rTy9Zk7Lm2Np4Rs6' }).request)).not.toContain('Qw3rTy9Zk7Lm');
  });

  it('P1: of a short secret that stands among other text is not looked for in our own request', () => {
    const pair = Buffer.from('bob:4711').toString('base64');
    const known = knownOf(
      [
        [
          { id: 'h1', value: '4711', leaf: true },
          { id: 'basic', value: pair },
        ],
      ],
      [],
    );
    const { request } = shown(known, { text: pair });
    expect(request.headers).toEqual([{ name: 'X-G', value: pair }]);
    expect(shown(known, { text: '4711' }).request.headers).toEqual([{ name: 'X-G', value: '4711' }]);
  });
});
