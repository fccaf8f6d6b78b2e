// Answers made to keep the redactor busy. Where a pattern is quadratic each size would take more than its time, which is tens of times
// what it takes: a test that ends is the proof.
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { redactExchange } from '../../../shared/redact/redact-exchange.ts';
import { createScrubber } from '../../../shared/redact/scrubber.ts';
import { createWork } from '../../../shared/redact/work.ts';
import { markRaw } from '../../../shared/stages/stages.ts';

const secret = 'plainSecretValue0042xyz';
const scrubber = createScrubber([{ id: 'h1', value: secret }]);

function redact(body: string, type = 'text/plain') {
  return redactExchange({
    request: { method: 'GET', url: 'http://h/', headers: [] },
    raw: markRaw({
      status: 200,
      statusText: 'OK',
      headers: [['Content-Type', type]],
      trailers: [],
      body: new TextEncoder().encode(body),
      timing: { totalMs: 1, firstByteMs: 1 },
    }),
    redirects: [],
    scrubber,
  });
}

const SIZE = 250_000;
const TIME = { timeout: 7_500 };
const fill = (piece: string) => piece.repeat(SIZE / piece.length);
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

// [what, media type, body]
const bodies: readonly (readonly [string, string, string])[] = [
  ['spaces in an element', 'application/xml', `</a><a>${fill(' ')}<b`],
  ['sections without an end', 'application/xml', `</a>${fill('<password><![CDATA[')}`],
  ['sections with one end', 'application/xml', `</a>${fill('<a><![CDATA[')}]]>`],
  ['dispositions on one line', 'multipart/form-data', fill('content-disposition: name="password";')],
  ['dispositions on lines', 'multipart/form-data', fill('content-disposition: name="password"\na:b\n')],
  ['one long run of hex', 'text/plain', '41'.repeat(4 * SIZE)],
  [
    'opaque texts with a dot',
    'application/json',
    JSON.stringify(many(125, () => `{"key":"aB1${'a'.repeat(4_085)}."}`)),
  ],
  ['opaque keys', 'application/json', JSON.stringify(many(125, () => ({ key: `aB1${'a'.repeat(4_085)}.` })))],
  [
    'names that are all different',
    'application/json',
    `{${many(50_000, (index) => `"tokenAa${index}passcodeuserkeyvaluefieldinput":1`).join(',')}}`,
  ],
  ['half-open quotes', 'text/plain', fill('a="\\"')],
  ['numbers', 'application/json', `[${fill('1.2345678901234e13,')}0]`],
  ['digits', 'text/plain', fill('1')],
];

describe('hostile answers', () => {
  it.each(bodies)('P12: are read in linear time: %s', TIME, (_, type, body) => {
    expect(redact(body, type).ok).toBe(true);
  });

  const pieces = ['&#', '%', '\\u00', '<a ', "='", '{"a":', '?a=', '=\n', '\ndata:', 'eyJ', 'bearer ', '-----BEGIN '];
  it.each(pieces)('P12: are read in linear time, whatever they repeat: %j', TIME, (piece) => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      expect(redact(fill(piece), type).ok).toBe(true);
    }
    expect(redact(JSON.stringify({ a: fill(piece) }), 'application/json').ok).toBe(true);
  });

  it('P12: gets through tens of megabytes without a break', () => {
    const body = `bearer ${'a.'.repeat(6_000_000)}`;
    expect(redact(body)).toMatchObject({ ok: true, value: { exchange: { body: { kind: 'text' } } } });
  });

  it('P12: names of an object are not looked up on its prototype', () => {
    for (const name of ['toString', 'constructor', 'valueOf', '__proto__']) {
      expect(redact(`&${name}; &${name} {"${name}":1} <${name}>x</${name}>`).ok).toBe(true);
    }
  });
});

const packers = [
  ['gzip', gzipSync],
  ['zlib', deflateSync],
  ['deflate', deflateRawSync],
] as const;
const long = Buffer.alloc(40_000_000, 'a');
const FULL = process.env.FULL === '1';

describe.each(packers)('compressed data in base64: %s', (name, pack) => {
  it('P7: over the work that one answer may cost, is withheld and never passed', () => {
    const bomb = pack(long).toString('base64');
    const small = pack(long.subarray(0, 200_000)).toString('base64');
    const bodiesOver = [bomb, many(5_000, () => small).join(' '), JSON.stringify({ a: bomb })];
    for (const [at, body] of bodiesOver.entries()) {
      expect(redact(body)).toMatchObject({
        ok: true,
        value: { exchange: { body: { kind: 'withheld', bytes: body.length } } },
      });
      // The search is the same for an answer and for a text: of a text each body is tried once, in one packing. FULL=1 tries all.
      if (!FULL && packers[at]?.[0] !== name) continue;
      expect(scrubber.scrub(body)).toEqual({ text: '[withheld]', hits: 1 });
    }
  });

  it('P1: is looked through to its end', () => {
    const late = pack(`${'a'.repeat(3_000_000)} ${secret} `).toString('base64');
    expect(scrubber.scrub(`see ${late} end`)).toEqual({ text: 'see [redacted] end', hits: 1 });
    const short = pack(`{"t":"${secret}"}`).toString('base64');
    const least = createScrubber([{ id: 'h2', value: 'hunter2Z' }]);
    expect(least.scrub(pack('a: hunter2Z, b: hunter3Z').toString('base64')).hits).toBe(1);
    expect(scrubber.scrub(`see ${short} end`).text).toMatch(/^see \[redacted\]=* end$/);
  });
});

it('P7: the work of one answer is shared by all of its texts', () => {
  const packed = gzipSync(Buffer.alloc(200_000, 'a')).toString('base64');
  const work = createWork(packed.length);
  let calls = 0;
  while (work.left >= 0 && calls < 1_000) {
    scrubber.scrub(packed, work);
    calls += 1;
  }
  expect(calls).toBeGreaterThan(1);
  expect(calls).toBeLessThan(1_000);
  expect(scrubber.scrub('harmless', work)).toEqual({ text: '[withheld]', hits: 1 });
});
