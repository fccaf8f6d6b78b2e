// What scripts print is kept for people, bounded.

import { limits } from '../../../shared/limits.ts';
import type { ScriptOutcome } from '../../../shared/script/job.ts';
import { inspect } from './inspect.ts';
import { bounded } from './outcome-text.ts';

type Line = ScriptOutcome['console'][number];

export interface ScriptConsole {
  readonly lines: readonly Line[];
  /** The object that scripts call. */
  readonly api: Readonly<Record<string, (...values: unknown[]) => void>>;
}

const levels: Readonly<Record<string, Line['level']>> = {
  log: 'log',
  debug: 'log',
  trace: 'log',
  dir: 'log',
  table: 'log',
  group: 'log',
  info: 'info',
  warn: 'warn',
  error: 'error',
};
const silent = ['clear', 'groupEnd', 'groupCollapsed', 'time', 'timeEnd', 'timeLog', 'count', 'countReset'];

/** `plain` takes the marks of references away. */
export function createConsole(plain: (text: string) => string): ScriptConsole {
  const lines: Line[] = [];
  const print = (level: Line['level'], values: readonly unknown[]): void => {
    if (lines.length >= limits.scriptConsoleLines) return;
    const isFull = lines.length === limits.scriptConsoleLines - 1;
    lines.push(
      isFull
        ? { level: 'warn', text: 'Further lines are left out' }
        : { level, text: bounded(plain(values.map(inspect).join(' '))) },
    );
  };
  const api: Record<string, (...values: unknown[]) => void> = {};
  for (const [name, level] of Object.entries(levels)) api[name] = (...values) => print(level, values);
  for (const name of silent) api[name] = () => undefined;
  api.assert = (condition, ...values) => {
    if (!condition) print('error', ['Assertion failed:', ...values]);
  };
  return { lines, api };
}
