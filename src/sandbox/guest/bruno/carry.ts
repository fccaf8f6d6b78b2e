// What a script before the request leaves for those after it, which are another run. It goes with the execution and is no variable.
import type { Run } from '../run.ts';
import { parsedJson } from './given.ts';

export function carry(run: Run, name: string, value: unknown): void {
  run.gathered.carried = JSON.stringify({ ...all(run), [name]: value });
}

/** Undefined where nothing was left. */
export function carried(run: Run, name: string): unknown {
  return all(run)[name];
}

function all({ gathered, job }: Run): Readonly<Record<string, unknown>> {
  const text = gathered.carried ?? job.carried;
  return text === undefined ? {} : (parsedJson(text) as Record<string, unknown>);
}
