// What is taken of a script's output, with the value just outside each boundary.
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { readScriptCall, readScriptOutcome } from '../../../shared/script/outcome.ts';
import { jobOf } from './engine-stand.ts';

const EMPTY = { tests: [], writes: [], derived: [], console: [], skip: false, unsupported: [] };
const { request } = jobOf('');

const many = (count: number, item: unknown) => Array.from({ length: count }, () => item);
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);

const withAuth = (fields: unknown) => ({ ...request, auth: { type: 'basic', fields } });
const withAuthFields = (count: number) =>
  withAuth(Object.fromEntries(Array.from({ length: count }, (_, n) => [`n${n}`, ''])));

const test = { name: 'a', status: 'passed' };
const write = { layer: 'environment', name: '__proto__', value: null };
const line = { level: 'log', text: 'a' };
const derived = { id: 1, operation: { name: 'hash', algorithm: 'sha256' }, inputs: ['a'] };

describe('the outcome of scripts', () => {
  it.each<{ readonly given: string; readonly change: object; readonly taken: boolean }>([
    { given: 'nothing', change: {}, taken: true },
    {
      given: 'all there is',
      change: {
        request,
        next: null,
        visualizer: { template: 't', data: { a: 1 } },
        error: { name: 'E', message: '', label: '' },
      },
      taken: true,
    },
    { given: 'as many tests as may be', change: { tests: many(limits.scriptTests, test) }, taken: true },
    { given: 'one test more', change: { tests: many(limits.scriptTests + 1, test) }, taken: false },
    { given: 'as many writes as may be', change: { writes: many(limits.scriptWrites, write) }, taken: true },
    { given: 'one write more', change: { writes: many(limits.scriptWrites + 1, write) }, taken: false },
    { given: 'as many lines as may be', change: { console: many(limits.scriptConsoleLines, line) }, taken: true },
    { given: 'one line more', change: { console: many(limits.scriptConsoleLines + 1, line) }, taken: false },
    {
      given: 'as many derived values as may be',
      change: { derived: many(limits.derivedValues, derived) },
      taken: true,
    },
    { given: 'one derived value more', change: { derived: many(limits.derivedValues + 1, derived) }, taken: false },
    { given: 'data that is too deep', change: { visualizer: { template: '', data: nested(100) } }, taken: false },
    {
      given: 'as many fields of an auth as may be',
      change: { request: withAuthFields(limits.scriptAuthFields) },
      taken: true,
    },
    { given: 'one more', change: { request: withAuthFields(limits.scriptAuthFields + 1) }, taken: false },
    { given: 'fields of an auth that are a list', change: { request: withAuth([]) }, taken: false },
    {
      given: 'data that is as deep as may be',
      change: { visualizer: { template: '', data: nested(62) } },
      taken: true,
    },
    {
      given: 'data that is one level deeper',
      change: { visualizer: { template: '', data: nested(63) } },
      taken: false,
    },
    {
      given: 'an operation that is none',
      change: { derived: [{ ...derived, operation: { name: 'reveal' } }] },
      taken: false,
    },
    { given: 'a layer that is none', change: { writes: [{ ...write, layer: 'vault' }] }, taken: false },
    { given: 'a field that is none', change: { more: 1 }, taken: false },
    { given: 'a field of a test that is none', change: { tests: [{ ...test, more: 1 }] }, taken: false },
    { given: 'a name that is no text', change: { tests: [{ ...test, name: { toString: 'a' } }] }, taken: false },
    { given: 'a missing field', change: { tests: undefined }, taken: false },
    { given: 'a request without a body', change: { request: { ...request, body: undefined } }, taken: false },
  ])('with $given is taken: $taken', ({ change, taken }) => {
    const read = readScriptOutcome(JSON.stringify({ ...EMPTY, ...change }));
    expect(read.ok).toBe(taken);
    if (!read.ok) expect(read.failure.code).toBe('SCRIPT/OUTPUT_LIMIT');
  });

  it('takes as many characters as may be, and not one more', () => {
    const outcome = (chars: number) =>
      JSON.stringify({ ...EMPTY, console: [{ level: 'log', text: 'x'.repeat(chars) }] });
    const room = limits.scriptOutputChars - outcome(0).length;
    expect(readScriptOutcome(outcome(room)).ok).toBe(true);
    expect(readScriptOutcome(outcome(room + 1)).ok).toBe(false);
  });

  it('takes as many values as may be, and not one more', () => {
    const outcome = (values: number) =>
      JSON.stringify({ ...EMPTY, visualizer: { template: '', data: many(values, 1) } });
    const room = limits.scriptOutputMarks - [...outcome(1).matchAll(/[[{,:]/g)].length + 1;
    expect(readScriptOutcome(outcome(room)).ok).toBe(true);
    expect(readScriptOutcome(outcome(room + 1)).ok).toBe(false);
  });

  it('keeps names of a prototype as mere names', () => {
    const text = JSON.stringify({
      ...EMPTY,
      request: { ...request, auth: { type: 'basic', fields: {} } },
      writes: [write],
    });
    const read = readScriptOutcome(text.replace('"fields":{}', '"fields":{"__proto__":"x","constructor":"y"}'));
    expect(read.ok && Object.getPrototypeOf(read.value.request?.auth.fields)).toBe(Object.prototype);
    expect(read.ok && read.value.writes[0]?.name).toBe('__proto__');
    expect(readScriptOutcome(JSON.stringify(EMPTY).replace('{', '{"__proto__":{"tests":1},')).ok).toBe(false);
  });

  it('repeats nothing of what a script wrote', () => {
    const read = readScriptOutcome(JSON.stringify({ ...EMPTY, 'planted-key': 'planted-value' }));
    expect(JSON.stringify(read)).not.toContain('planted');
  });
});

describe('a call of a script', () => {
  it.each<{ readonly text: string; readonly taken: boolean }>([
    { text: JSON.stringify({ kind: 'send', request, derived: [derived] }), taken: true },
    { text: JSON.stringify({ kind: 'run', request: 'Items' }), taken: true },
    { text: JSON.stringify({ kind: 'run', request }), taken: false },
    { text: JSON.stringify({ kind: 'read', path: '/etc/passwd' }), taken: false },
    {
      text: JSON.stringify({
        kind: 'send',
        request: { ...request, headers: many(5_001, { name: '', value: '', enabled: true }) },
        derived: [],
      }),
      taken: false,
    },
    { text: 'no JSON', taken: false },
  ])('$text is taken: $taken', ({ text, taken }) => {
    expect(readScriptCall(text).ok).toBe(taken);
  });
});
