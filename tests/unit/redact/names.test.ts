import { describe, expect, it } from 'vitest';
import { pairNames, pairValues } from '../../../shared/redact/field-rules.ts';
import { createNameMatcher, isSensitiveName, judgeName } from '../../../shared/redact/names.ts';
import { redactExchange } from '../../../shared/redact/redact-exchange.ts';
import { createScrubber } from '../../../shared/redact/scrubber.ts';
import { markRaw } from '../../../shared/stages/stages.ts';
import benignTable from '../../vectors/benign-names.json' with { type: 'json' };
import names from '../../vectors/field-names.json' with { type: 'json' };
import secretTable from '../../vectors/secret-names.json' with { type: 'json' };

const words = (base: string) => base.split(/(?<=\D)(?=\d)|(?<=\d)(?=\D)|_/);
const upperFirst = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

// cabinjs' spellings of a base name: alone and with `field` and `input` before and after, in each case style.
function spellings(base: string): readonly string[] {
  const companies = [[base], ['field', base], [base, 'field'], ['input', base], [base, 'input']];
  return companies.flatMap((parts) => {
    const all = parts.flatMap(words);
    const camel = all.map((word, at) => (at === 0 ? word : upperFirst(word))).join('');
    return [
      parts.join(''),
      parts.join('').toUpperCase(),
      parts.join('_'),
      parts.join('-'),
      parts.join(' '),
      parts.join('_').toUpperCase(),
      camel,
      upperFirst(camel),
    ];
  });
}

const goes = (name: string) => ['secret', 'likely', 'personal'].includes(judgeName(name));
const squeezed = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

const secret = Object.values(secretTable.groups).flat();
const misses = Object.values(secretTable.misses).flat();
const benign = Object.values(benignTable).flatMap((group) => Object.entries<unknown>(group));

/** The body that is shown of a JSON response. */
function shown(json: string): string {
  const exchange = redactExchange({
    request: { method: 'GET', url: 'http://h/', headers: [] },
    raw: markRaw({
      status: 200,
      statusText: 'OK',
      headers: [['Content-Type', 'application/json']],
      trailers: [],
      body: new TextEncoder().encode(json),
      timing: { totalMs: 1, firstByteMs: 1 },
    }),
    redirects: [],
    scrubber: createScrubber([]),
  });
  if (!exchange.ok) throw new Error(exchange.failure.code);
  return exchange.value.exchange.body.text ?? '';
}

describe('names of fields', () => {
  it('P1: finds at least 99 in 100 names of the table, and lists every other with its reason', () => {
    expect(new Set(secret).size).toBe(secret.length);
    expect(secret.length).toBeGreaterThanOrEqual(3_000);
    expect(new Set(secret.map(squeezed)).size).toBeGreaterThanOrEqual(2_000);
    const missed = secret.filter((name) => !goes(name));
    expect(missed.toSorted()).toEqual([...secretTable.byValue, ...misses].toSorted());
    expect(secretTable.byValue.filter((name) => judgeName(name) !== 'context')).toEqual([]);
    expect(missed.length / secret.length).toBeLessThan(0.01);
  });

  it('P1: takes what an undecided name holds where it looks like a key', () => {
    const body = Object.fromEntries(secretTable.byValue.map((name) => [name, 'q7Xk29LmPz4RtV8wYb']));
    expect(shown(JSON.stringify(body))).not.toContain('q7Xk29LmPz4RtV8wYb');
  });

  it('P1: finds every secret-bearing name that was collected first', () => {
    expect(names.secret.length).toBeGreaterThan(400);
    expect(names.secret.filter((name) => !goes(name))).toEqual([]);
  });

  it('P1: finds names spelled to evade: look-alikes, full-width, invisible characters, digits and signs for letters', () => {
    expect(names.evasions.filter((name) => !isSensitiveName(name))).toEqual([]);
  });

  it('P1: finds every spelling of the cabinjs base names', () => {
    const all = Array.from(new Set(names.baseNames.flatMap(spellings)));
    expect(all.length).toBeGreaterThan(2_000);
    expect(all.filter((name) => !goes(name))).toEqual([]);
  });

  it('keeps benign names', () => {
    expect(benign.length).toBeGreaterThanOrEqual(1_800);
    expect(new Set(benign.map(([name]) => squeezed(name))).size).toBeGreaterThanOrEqual(1_500);
    expect(names.benign.filter((name) => judgeName(name) !== 'plain')).toEqual([]);
    const kept = benign.map(([name]) => name).filter((name) => !names.context.includes(name));
    expect(kept.filter((name) => judgeName(name) !== 'plain')).toEqual([]);
  });

  it('passes a document of all benign names to the byte', () => {
    for (const space of [0, 2]) {
      const text = JSON.stringify(Object.fromEntries(benign), null, space);
      expect(shown(text) === text).toBe(true);
    }
  });

  it('leaves bare key, auth, code and state to their context', () => {
    expect(names.context.filter((name) => judgeName(name) !== 'context')).toEqual([]);
    expect(names.context.filter(isSensitiveName)).toEqual([]);
  });

  it('takes long names without more than a look', () => {
    expect(judgeName(`${'x'.repeat(100_000)}password`)).toBe('secret');
    expect(judgeName('a1'.repeat(100_000))).toBe('plain');
    expect(judgeName('key'.repeat(80))).toBeDefined();
  });

  it('gives the same verdicts when it remembers them', () => {
    const judge = createNameMatcher();
    for (const name of [...names.secret, ...names.benign, ...names.secret]) expect(judge(name)).toBe(judgeName(name));
  });
});

// [member that names, member that holds]
const pairs: readonly (readonly [string, string])[] = [
  ['name', 'value'],
  ['Name', 'Value'],
  ['KEY', 'VALUE'],
  ['paramName', 'paramValue'],
  ['param_name', 'param_value'],
  ['headerName', 'headerValue'],
  ['header-name', 'header-value'],
  ['ParameterKey', 'ParameterValue'],
  ['attributeName', 'stringValue'],
  ['fieldKey', 'content'],
  ['Variable', 'Val'],
  ['@name', '#text'],
  ['@_name', '_text'],
  ['name', '$t'],
  ['name', '_'],
  ['k', 'v'],
];
const noPairs = [
  'displayname',
  'username',
  'hostname',
  'names',
  'keyboard',
  'kind',
  'valued',
  'values_count',
  'via',
  '',
  '__',
];

describe('pairs of a name and a value', () => {
  it.each(pairs)('P1: {%s: secret name, %s: …} in either order', (name, value) => {
    expect(shown(JSON.stringify({ [name]: 'DB_PASSWORD', [value]: 'hunter2-x' }))).not.toContain('hunter2-x');
    expect(shown(JSON.stringify({ [value]: 'hunter2-x', [name]: 'DB_PASSWORD' }))).not.toContain('hunter2-x');
    const plain = JSON.stringify({ [name]: 'DB_HOST', [value]: 'hunter2-x' });
    expect(shown(plain)).toBe(plain);
  });

  it('has no pair in what only resembles one', () => {
    expect(noPairs.filter((name) => pairNames.has(name) || pairValues.has(name))).toEqual([]);
  });
});
