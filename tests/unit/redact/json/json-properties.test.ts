import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  containerGoes,
  contextGoes,
  isSensitive,
  numberGoes,
  oauthNames,
  pairNames,
  pairValues,
} from '../../../../shared/redact/field-rules.ts';
import { redactJson } from '../../../../shared/redact/json/redact-json.ts';
import { isInert } from '../../../../shared/redact/marker.ts';
import { createNameMatcher, type NameVerdict } from '../../../../shared/redact/names.ts';
import { redactExchange } from '../../../../shared/redact/redact-exchange.ts';
import { hasHeaderRule, redactHeader } from '../../../../shared/redact/redact-header.ts';
import { createScrubber } from '../../../../shared/redact/scrubber.ts';
import { markRaw } from '../../../../shared/stages/stages.ts';
import names from '../../../vectors/field-names.json' with { type: 'json' };

const R = '[redacted]';
const judge = createNameMatcher();
const bytesOf = (text: string) => new TextEncoder().encode(text);

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The rules of field-rules.ts on parsed values: parse, walk and compare is what the scanner must agree with. */
function walk(node: Json, underAuth: boolean): Json {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return walkList(node);
  const entries = Object.entries(node);
  const pairs = entries.flatMap(([name, value]) => (pairNames.has(name) && typeof value === 'string' ? [value] : []));
  return Object.fromEntries(
    entries.map(([name, value]) => {
      const taker = takerOf(name, value, { pairs, names: entries.map(([each]) => each), underAuth });
      return [name, taker === undefined ? walk(value, name.toLowerCase() === 'auth') : replaced(taker, value)];
    }),
  );
}

function walkList(list: readonly Json[]): Json {
  const [name, value] = list;
  if (list.length === 2 && typeof name === 'string' && typeof value === 'string' && containerGoes(judge(name)))
    return [name, replaced(name, value)];
  return list.map((item) => walk(item, false));
}

interface Company {
  readonly pairs: readonly string[];
  readonly names: readonly string[];
  readonly underAuth: boolean;
}

/** The name by which a member's value goes. */
function takerOf(name: string, value: Json, { pairs, names: members, underAuth }: Company): string | undefined {
  if (goes(judge(name), value)) return name;
  if (pairValues.has(name)) {
    const pair = pairs.find((each) =>
      judge(each) === 'context'
        ? /^(?:auth|key)$/i.test(each) && typeof value === 'string' && contextGoes(each, value, false)
        : goes(judge(each), value),
    );
    if (pair !== undefined) return pair;
    return underAuth && name === 'value' && typeof value === 'string' ? name : undefined;
  }
  if (judge(name) !== 'context' || typeof value !== 'string') return undefined;
  if (name.toLowerCase() === 'key' && members.some((each) => pairValues.has(each))) return undefined;
  return contextGoes(
    name,
    value,
    members.some((each) => oauthNames.has(each)),
  )
    ? name
    : undefined;
}

function goes(verdict: NameVerdict, value: Json): boolean {
  if (typeof value === 'string') return isSensitive(verdict);
  if (typeof value === 'number') return numberGoes(verdict);
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return false;
  return containerGoes(verdict) && !isOfNumbers(value);
}

function isOfNumbers(value: Json): boolean {
  if (typeof value !== 'object' || value === null) return typeof value !== 'string';
  return Array.isArray(value) && value.length > 0 && value.every(isOfNumbers);
}

function replaced(name: string, value: Json): Json {
  if (typeof value !== 'string') return R;
  if (isInert(value)) return value;
  return hasHeaderRule(name) ? redactHeader(name, value).text : R;
}

const memberNames = fc.oneof(
  fc.constantFrom(...names.secret),
  fc.constantFrom(...names.benign, ...names.context),
  fc.constantFrom(
    ...['name', 'key', 'header', 'paramName', 'value', 'content', 'Current-Value', 'data', 'text'],
    ...['grant_type', 'client_id', 'Auth', 'auth', 'Key', 'state', '__proto__', 'constructor'],
  ),
  fc.string({ maxLength: 8 }),
);
const opaque = 'aB3xQ9z7pLm4Kd8W2';
const leaves = fc.oneof(
  fc.string({ maxLength: 10 }),
  fc.constantFrom('password', 'token', 'auth', 'key', 'Cookie', opaque, '{{ref}}', R, 'Bearer abc', 'a=b; c=d', ''),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (Object.is(number, -0) ? 0 : number)),
  fc.boolean(),
  fc.constant(null),
);
const documents = fc.letrec<{ tree: Json }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    leaves,
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.array(fc.tuple(memberNames, tie('tree')), { maxLength: 5 }).map((entries) => Object.fromEntries(entries)),
  ),
})).tree;

/** Escapes some characters that need none. */
const escaped = (text: string) =>
  text.replace(/[a-z]/g, (letter) =>
    letter < 'g' ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter,
  );

describe('JSON of any kind', () => {
  it('P1: what the scanner shows is what a walk over the parsed value gives', () => {
    fc.assert(
      fc.property(documents, fc.nat(3), (document, indent) => {
        const text = JSON.stringify(document, null, indent);
        const shown = redactJson(bytesOf(text), { judge });
        expect(shown.verdict).toBe('json');
        expect(JSON.parse(shown.text)).toEqual(walk(document, false));
        expect(shown.counts.names > 0 || shown.text === text).toBe(true);
        expect(redactJson(bytesOf(shown.text), { judge })).toMatchObject({ text: shown.text, counts: { names: 0 } });
      }),
      { numRuns: 1_000 },
    );
  });

  it('P1: escapes change nothing but the text that they stand in', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names.secret, ...names.benign), leaves), (document) => {
        const text = JSON.stringify(document).replace(/"(?:[^"\\]|\\.)*"/g, (token) =>
          token.includes('\\') ? token : escaped(token),
        );
        const shown = redactJson(bytesOf(text), { judge });
        expect(JSON.parse(shown.text)).toEqual(walk(document, false));
      }),
      { numRuns: 300 },
    );
  });

  it('P9: is JSON for the scanner exactly where it is for JSON.parse', () => {
    const pieces = fc.constantFrom(
      '',
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '0',
      '-',
      '.',
      'e',
      '+',
      '\\',
      't',
      'nul',
      ' ',
      '\u0001',
      '\u00e9',
    );
    fc.assert(
      fc.property(documents, fc.nat(), fc.nat(2), pieces, (document, place, cut, piece) => {
        const whole = JSON.stringify(document);
        const at = place % (whole.length + 1);
        const text = whole.slice(0, at) + piece + whole.slice(at + cut);
        expect(redactJson(bytesOf(text), { judge }).verdict === 'json').toBe(isJson(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('P1: stays JSON wherever known values stand in it, and across whatever', () => {
    const stretches = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 30 })), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(documents, stretches, (document, gaps) => {
        const bytes = bytesOf(JSON.stringify(document));
        let at = 0;
        const spans = gaps.flatMap(([gap, length]) => {
          const start = at + gap;
          at = Math.min(bytes.length, start + length);
          return start < at ? [{ start, end: at }] : [];
        });
        const shown = redactJson(bytes, { judge, find: (searched) => (searched === bytes ? spans : []) });
        expect(isJson(shown.text)).toBe(true);
      }),
      { numRuns: 800 },
    );
  });

  it('P1: benign documents come out as they went in, byte by byte', () => {
    const benign = fc.dictionary(
      fc.constantFrom(...names.benign),
      fc.oneof(fc.constant('some value'), fc.integer(), fc.boolean()),
    );
    fc.assert(
      fc.property(fc.array(benign, { maxLength: 4 }), fc.nat(3), (document, indent) => {
        const text = JSON.stringify(document, null, indent);
        expect(shownBody(text, [])).toMatchObject({ kind: 'json', text });
      }),
      { numRuns: 300 },
    );
  });
});

const planted = 'xq7Handle42Value';
const secrets = fc.constantFrom(...names.secret);
const around = fc.tuple(fc.constantFrom('', 'é', 'a "b" ', '\\n', '\ud83d\ude00 '), fc.constantFrom('', ' z', '\n'));
/** Documents with one value planted: where a name takes it, or where only a scrubber finds it. */
const hidden = fc.oneof(
  secrets.map((name): Json => ({ [name]: planted, after: 1 })),
  secrets.map((name): Json => ({ value: planted, name, after: true })),
  secrets.map((name): Json => ({ key: name, x: [1, { y: 'z' }], value: planted })),
  fc
    .constantFrom('token', 'client_secret', 'password')
    .map((name): Json => ({ [name]: { a: 1, b: [planted, 2] }, c: 3 })),
  fc.constantFrom<Json>(
    { auth: { type: 'x', value: planted } },
    { code: planted, x: 1, grant_type: 'authorization_code' },
    [
      ['Authorization', `Bearer ${planted}`],
      ['x', 'y'],
    ],
    [{ 'set-cookie': `sid=${planted}; Path=/` }],
    { text: `{"token":"${planted}"}` },
  ),
);
const known = fc.tuple(documents, around, fc.constantFrom('a', planted)).map(
  ([document, [before, after], name]): Json => ({
    x: document,
    [name]: `${before}${planted}${after}`,
    y: [planted, document],
  }),
);

describe('a planted value', () => {
  it('P1: is nowhere in what is shown of a document that hides it anywhere', () => {
    fc.assert(
      fc.property(known, fc.nat(2), (document, indent) => {
        const { text = '', kind } = shownBody(JSON.stringify(document, null, indent), [planted]);
        expect(kind).toBe('json');
        expect(isJson(text)).toBe(true);
        expect(text).not.toContain(planted);
        expect(shownBody(text, [planted])).toMatchObject({ kind, text });
      }),
      { numRuns: 250 },
    );
  });

  // The beginning of a value is as much of it as an agent needs to guess at.
  const beginning = planted.slice(0, 8);

  it('P1: shows no beginning of itself in any beginning of a document that holds it by name', () => {
    fc.assert(
      fc.property(hidden, fc.nat(1), (document, indent) => {
        const text = JSON.stringify(document, null, indent);
        for (let end = 0; end <= text.length; end += 1) {
          expect(shownBody(text.slice(0, end), [], true).text ?? '', text.slice(0, end)).not.toContain(beginning);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('P1: shows no beginning of itself in any beginning of a document in which only a scrubber finds it', () => {
    fc.assert(
      fc.property(known, (document) => {
        const bytes = bytesOf(JSON.stringify(document));
        for (let end = 0; end <= bytes.length; end += 1) {
          expect(shownBody(bytes.subarray(0, end), [planted], true).text ?? '').not.toContain(beginning);
        }
      }),
      { numRuns: 8 },
    );
  });
});

function shownBody(body: string | Uint8Array, values: readonly string[], incomplete = false) {
  const redacted = redactExchange({
    request: { method: 'GET', url: 'http://h/', headers: [] },
    raw: markRaw({
      status: 200,
      statusText: 'OK',
      headers: [['Content-Type', 'application/json']],
      trailers: [],
      body: typeof body === 'string' ? bytesOf(body) : body,
      timing: { totalMs: 1, firstByteMs: 1 },
      ...(incomplete && { incomplete: 'size' as const }),
    }),
    redirects: [],
    scrubber: createScrubber(values.map((value) => ({ id: 'planted', value }))),
  });
  if (!redacted.ok) throw new Error(redacted.failure.code);
  return redacted.value.exchange.body;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
