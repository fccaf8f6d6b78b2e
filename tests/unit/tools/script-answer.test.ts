// P12: what a result says of scripts stays small, whatever they did.
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import type { ScriptReport } from '../../../src/execute/script-report.ts';
import { answerScripts } from '../../../src/tools/script-answer.ts';

const NOTHING: ScriptReport = {
  count: 0,
  tests: [],
  console: [],
  written: [],
  skipped: false,
  problems: [],
  unsupported: [],
};
const answer = (report: Partial<ScriptReport>, dryRun?: boolean) => answerScripts({ ...NOTHING, ...report }, dryRun);
const tests = (...statuses: ScriptReport['tests'][number]['status'][]) =>
  statuses.map((status, index) => ({ name: `test ${index}`, status }));
const many = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index));

describe('what a result says of scripts', () => {
  it('is nothing where there are none', () => {
    expect(answer({})).toEqual({ tests: [], notes: [] });
    expect(answer({}, true)).toEqual({ tests: [], notes: [] });
  });

  it('is all that they left behind', () => {
    const report: Partial<ScriptReport> = {
      count: 2,
      tests: [
        { name: 'a', status: 'passed' },
        { name: 'b', status: 'failed', message: 'expected 1 to equal 2' },
      ],
      console: [
        { level: 'log', text: 'hello' },
        { level: 'info', text: 'hello' },
        { level: 'warn', text: 'careful' },
        { level: 'error', text: 'oh' },
      ],
      written: [{ layer: 'environment', name: 'token' }],
      next: 'Second',
      unsupported: ['pm.datasets'],
      problems: ['SCRIPT/TIME_LIMIT: …'],
    };
    expect(answer(report)).toEqual({
      tests: report.tests,
      scripts: {
        next_request: 'Second',
        variables_set: [{ layer: 'environment', name: 'token' }],
        unsupported: ['pm.datasets'],
        console: [
          { level: 'warn', text: 'careful' },
          { level: 'error', text: 'oh' },
        ],
      },
      notes: ['SCRIPT/TIME_LIMIT: …'],
    });
  });

  it('tells of none as the next one', () => {
    expect(answer({ next: null }).scripts).toEqual({ next_request: null });
  });

  it('tells of a request that was taken back', () => {
    expect(answer({ count: 1, skipped: true })).toMatchObject({
      scripts: { skipped: true },
      notes: [expect.stringContaining('it was not')],
    });
  });

  it.each([
    ['says what it leaves out', { count: 1 }, [expect.stringContaining('In a dry run only scripts before')]],
    ['says why none ran', { count: 1, problems: ['off'] }, ['off']],
  ])('a dry run %s', (_, report, notes) => {
    expect(answer(report, true).notes).toEqual(notes);
  });
});

describe('P12: of too much', () => {
  it('tests that failed come before the others, all in their order', () => {
    const all = tests(
      ...many(300, (index) => (index % 100 === 99 ? ('failed' as const) : ('passed' as const))),
      'skipped',
    );
    const { tests: kept, notes } = answer({ tests: all });
    expect(kept.filter(({ status }) => status === 'failed')).toHaveLength(3);
    expect(kept).toEqual(
      [...kept].sort(
        (a, b) => all.findIndex(({ name }) => name === a.name) - all.findIndex(({ name }) => name === b.name),
      ),
    );
    const passed = 297 - (kept.length - 3);
    expect(notes).toEqual([`${passed + 1} more tests are left out here: ${passed} passed, 1 skipped.`]);
  });

  it('says how much it leaves out', () => {
    const { notes } = answer({
      tests: [
        { name: 'x', status: 'failed' },
        ...many(40, () => ({ name: 'x'.repeat(190), status: 'failed' as const })),
      ],
      written: many(1_000, (index) => ({ layer: 'environment', name: `variable ${index}` })),
      console: many(200, () => ({ level: 'error' as const, text: 'x'.repeat(1_000) })),
      unsupported: many(100, (index) => `pm.unknown${index}`),
    });
    expect(notes.map((note) => note.replace(/^\d+/, 'N'))).toEqual([
      expect.stringMatching(/^N more tests are left out here: \d+ failed\.$/),
      'N more variables that scripts set are left out here.',
      'N more warnings and errors of the console are left out here.',
      'N more unsupported APIs are left out here.',
    ]);
  });

  it('it stays small, however long each of it is', () => {
    const long = 'ü"\\'.repeat(100_000);
    const answered = answer({
      count: 3,
      tests: many(1_000, () => ({ name: long, status: 'failed', message: long })),
      written: many(1_000, () => ({ layer: 'globals', name: long })),
      console: many(200, () => ({ level: 'error', text: long })),
      unsupported: many(1_000, () => long),
      problems: many(10, () => long),
      next: long,
      skipped: true,
    });
    expect(JSON.stringify({ ...answered, notes: [] }).length).toBeLessThan(limits.resultChars / 4);
    expect(JSON.stringify(answered.notes).length).toBeLessThan(limits.resultChars / 4);
  });
});
