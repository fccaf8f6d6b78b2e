// One run in its thread, as far as it needs no engine: its timers and their limits. Nothing is waited for here.
import { afterEach, describe, expect, it } from 'vitest';
import type { FromThread } from '../../../src/sandbox/messages.ts';
import { createScriptRun, type ScriptRun } from '../../../src/sandbox/script-run.ts';

const sources = { now: () => 0, random: () => 0, dynamic: () => undefined };
const silent = { resume: () => undefined, restore: () => true };

const begun: ScriptRun[] = [];
/** A run whose guest sets one timer when it begins, and what it tells then. */
function beginWithTimer(ms: number, timeMs: number): readonly FromThread[] {
  const told: FromThread[] = [];
  const run = createScriptRun(sources, { timeMs, calls: 0 }, (message) => told.push(message));
  begun.push(run);
  const start = () => {
    run.timer(1, ms);
    return undefined;
  };
  run.begin({ ...silent, start }, '');
  return [...told];
}

// A call too many ends a run, and its timers with it.
afterEach(() => {
  for (const run of begun.splice(0)) run.call('');
});

describe('a timer', () => {
  it.each([
    { ms: 900, timeMs: 1_000, isWaitedFor: true },
    { ms: 940, timeMs: 1_000, isWaitedFor: true },
    { ms: 951, timeMs: 1_000, isWaitedFor: false },
    { ms: 29_940, timeMs: 30_000, isWaitedFor: true },
    { ms: 70, timeMs: 100, isWaitedFor: true },
    { ms: 81, timeMs: 100, isWaitedFor: false },
    { ms: Number.POSITIVE_INFINITY, timeMs: 1_000, isWaitedFor: false },
  ])('of $ms ms in a run of $timeMs ms is waited for: $isWaitedFor', ({ ms, timeMs, isWaitedFor }) => {
    expect(beginWithTimer(ms, timeMs)).toEqual(isWaitedFor ? [] : [{ kind: 'failed', why: 'time' }]);
  });

  it('takes no delay that Node warns of', async () => {
    const warned: Error[] = [];
    const listen = (warning: Error) => void warned.push(warning);
    process.on('warning', listen);
    for (const ms of [2 ** 31, 1e300, Number.POSITIVE_INFINITY, Number.NaN, -1, -Infinity]) beginWithTimer(ms, 1_000);
    await new Promise(setImmediate);
    process.off('warning', listen);
    expect(warned).toEqual([]);
  });
});
