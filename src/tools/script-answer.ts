// What a result says of the scripts of a request: every test, or all that failed and as many others as there is room for, and in a few
// words what the scripts left behind.
import type { ExecutionOutput } from '../../shared/contracts/execution.ts';
import type { ScriptReport } from '../execute/script-report.ts';
import { counted } from './body-sentences.ts';
import { cutAt } from './shorten.ts';

/** As JSON. */
const TEST_CHARS = 3_500;
const CONSOLE_CHARS = 1_000;
const WRITTEN_CHARS = 1_000;
const UNSUPPORTED_CHARS = 500;
const NAME_CHARS = 200;
const MESSAGE_CHARS = 400;
const LINE_CHARS = 300;
const PROBLEM_CHARS = 600;
const MOST_PROBLEMS = 5;

const DRY_RUN =
  'In a dry run only scripts before the request run; requests that they would send are refused, and nothing that they write is kept.';
const SKIPPED = 'A script before the request asked for it not to be sent, and it was not.';

export type ScriptAnswer = Pick<ExecutionOutput, 'tests' | 'scripts'> & { readonly notes: readonly string[] };

/** The fields of a result and the notes for it; `dryRun`: nothing was to be sent. */
export function answerScripts(report: ScriptReport, dryRun = false): ScriptAnswer {
  const tests = fitTests(report.tests);
  const { next, skipped, problems } = report;
  const written = take(
    report.written.map(({ layer, name }) => ({ layer, name: short(name, NAME_CHARS) })),
    WRITTEN_CHARS,
  );
  const lines = take(linesOf(report.console), CONSOLE_CHARS);
  const unsupported = take(
    report.unsupported.map((api) => short(api, NAME_CHARS)),
    UNSUPPORTED_CHARS,
  );
  const scripts = {
    ...(skipped && { skipped }),
    ...(next !== undefined && { next_request: next === null ? null : short(next, NAME_CHARS) }),
    ...(written.kept.length > 0 && { variables_set: written.kept }),
    ...(unsupported.kept.length > 0 && { unsupported: unsupported.kept }),
    ...(lines.kept.length > 0 && { console: lines.kept }),
  };
  return {
    tests: tests.kept,
    ...(Object.keys(scripts).length > 0 && { scripts }),
    notes: [
      ...problems.slice(0, MOST_PROBLEMS).map((problem) => short(problem, PROBLEM_CHARS)),
      ...(dryRun && report.count > 0 && problems.length === 0 ? [DRY_RUN] : []),
      ...(skipped ? [SKIPPED] : []),
      ...(tests.left.length > 0 ? [testsLeftOut(tests.left)] : []),
      ...leftOut(written.left.length, 'variable that scripts set', 'variables that scripts set'),
      ...leftOut(lines.left.length, 'warning or error of the console', 'warnings and errors of the console'),
      ...leftOut(unsupported.left.length, 'unsupported API', 'unsupported APIs'),
    ],
  };
}

type Tests = ExecutionOutput['tests'];

/** In their order; where not all fit, those that failed come before the others. */
function fitTests(all: ScriptReport['tests']): Fitted<Tests[number]> {
  const tests = all.map(({ name, status, message }, index) => ({
    index,
    test: {
      name: short(name, NAME_CHARS),
      status,
      ...(message !== undefined && { message: short(message, MESSAGE_CHARS) }),
    },
  }));
  const failed = tests.filter(({ test }) => test.status === 'failed');
  const others = tests.filter(({ test }) => test.status !== 'failed');
  const { kept, left } = take([...failed, ...others], TEST_CHARS, ({ test }) => test);
  return { kept: kept.sort((a, b) => a.index - b.index).map(({ test }) => test), left: left.map(({ test }) => test) };
}

function testsLeftOut(tests: Tests): string {
  const counts = (['failed', 'passed', 'skipped'] as const).flatMap((status) => {
    const { length } = tests.filter((test) => test.status === status);
    return length > 0 ? [`${counted(length)} ${status}`] : [];
  });
  const are = tests.length === 1 ? '1 more test is' : `${counted(tests.length)} more tests are`;
  return `${are} left out here: ${counts.join(', ')}.`;
}

/** What scripts log for whoever wrote them stays out. */
function linesOf(lines: ScriptReport['console']) {
  return lines.flatMap(({ level, text }) =>
    level === 'warn' || level === 'error' ? [{ level, text: short(text, LINE_CHARS) }] : [],
  );
}

interface Fitted<Item> {
  readonly kept: Item[];
  readonly left: Item[];
}

/** The first that take so many characters as JSON, and the others. */
function take<Item>(
  items: readonly Item[],
  chars: number,
  shown: (item: Item) => unknown = (item) => item,
): Fitted<Item> {
  let taken = 0;
  const end = items.findIndex((item) => {
    taken += JSON.stringify(shown(item)).length + 1;
    return taken > chars;
  });
  return end < 0 ? { kept: [...items], left: [] } : { kept: items.slice(0, end), left: items.slice(end) };
}

function leftOut(count: number, one: string, many: string): string[] {
  return count === 0 ? [] : [`${counted(count)} more ${count === 1 ? `${one} is` : `${many} are`} left out here.`];
}

/** Redacted before, so that a cut splits no secret. */
function short(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, cutAt(text, chars - 1))}…`;
}
