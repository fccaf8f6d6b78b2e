// The tests of a run, in the order in which they began.

import { limits } from '../../../shared/limits.ts';
import type { ScriptTest } from '../../../shared/script/job.ts';
import { bounded, thrownMessage } from './outcome-text.ts';
import type { Tests } from './run.ts';

export interface TestList extends Tests {
  /** Tests that have not ended fail with that. */
  results(): ScriptTest[];
}

type Status = ScriptTest['status'];

/** `plain` takes the marks of references away. */
export function createTests(plain: (text: string) => string): TestList {
  const entries: { name: string; status?: Status; message?: string }[] = [];
  const shown = (text: string): string => bounded(plain(text));
  const begin = (name: unknown): ((status: Status, message?: string) => void) => {
    if (entries.length >= limits.scriptTests) throw new RangeError(`More than ${limits.scriptTests} tests`);
    const entry: (typeof entries)[number] = { name: shown(String(name)) };
    entries.push(entry);
    return (status, message) => {
      if (entry.status !== undefined) return;
      entry.status = status;
      if (message !== undefined) entry.message = shown(message);
    };
  };
  return {
    test(name, body) {
      const end = begin(name);
      const failed = (thrown: unknown): void => end('failed', thrownMessage(thrown));
      try {
        const result = body();
        if (isThenable(result)) result.then(() => end('passed'), failed);
        else end('passed');
      } catch (thrown) {
        failed(thrown);
      }
    },
    skip: (name) => begin(name)('skipped'),
    record: (name, passed, message) => begin(name)(passed ? 'passed' : 'failed', message),
    results: () =>
      entries.map(({ name, status, message }) => {
        if (status === undefined) return { name, status: 'failed', message: 'The test did not end' };
        return message === undefined ? { name, status } : { name, status, message };
      }),
  };
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { readonly then?: unknown }).then === 'function'
  );
}
