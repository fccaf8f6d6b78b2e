// `test`, and what a script may ask of the results so far.
import type { Run } from '../run.ts';

export interface TestResult {
  readonly description: string;
  readonly status: 'pass' | 'fail';
  readonly error?: string;
  readonly actual?: unknown;
  readonly expected?: unknown;
}

export interface BrunoTests {
  /** Gives a promise that is kept when the test has ended, however it ended. */
  readonly test: (name: unknown, body: () => unknown) => Promise<void>;
  readonly results: TestResult[];
}

export function createTests(run: Run): BrunoTests {
  const results: TestResult[] = [];
  const test = (name: unknown, body: () => unknown): Promise<void> => {
    const description = String(name);
    return new Promise((resolve) => {
      const passed = (): void => {
        results.push({ description, status: 'pass' });
        resolve();
      };
      const failed = (thrown: unknown): never => {
        results.push({ description, status: 'fail', ...factsOf(thrown) });
        resolve();
        throw thrown;
      };
      run.tests.test(description, () => {
        let given: unknown;
        try {
          given = body();
        } catch (thrown) {
          return failed(thrown);
        }
        if (isThenable(given)) return given.then(passed, failed);
        return passed();
      });
    });
  };
  return { test, results };
}

/** The shape of `bru.getTestResults()` and `bru.getAssertionResults()`. */
export function summarised<Result extends { readonly status: 'pass' | 'fail' }>(results: readonly Result[]) {
  const passed = results.filter(({ status }) => status === 'pass').length;
  const summary = { total: results.length, passed, failed: results.length - passed, skipped: 0 };
  return { summary, results: results.map((result) => ({ ...result })) };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

function factsOf(thrown: unknown): Omit<TestResult, 'description' | 'status'> {
  if (typeof thrown !== 'object' || thrown === null) return { error: 'An unexpected error occurred.' };
  const error =
    'message' in thrown && typeof thrown.message === 'string' ? thrown.message : 'An unexpected error occurred.';
  return {
    error,
    ...('actual' in thrown && { actual: thrown.actual }),
    ...('expected' in thrown && { expected: thrown.expected }),
  };
}
