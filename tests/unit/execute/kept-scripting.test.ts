import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { createKeptScripting } from '../../../src/execute/kept-scripting.ts';
import type { Running } from '../../../src/execute/running.ts';

function running(ended: string[], name: string, isWaiting = false): Running {
  const parts: Partial<Running> = {
    isScriptWaiting: () => isWaiting,
    end: async () => void ended.push(name),
  };
  return parts as Running;
}

describe('executions that wait for a person', () => {
  it('P10: are of the caller who made them', async () => {
    const kept = createKeptScripting();
    const ended: string[] = [];
    const mine = running(ended, 'mine');
    kept.keep('one', 'digest', mine);
    expect(kept.take('two', 'digest')).toBeUndefined();
    expect(kept.take('one', 'digest')).toBe(mine);
    expect(kept.take('one', 'digest')).toBeUndefined();
    await kept.close();
  });

  it.each([
    ['in all', limits.keptScriptings, false],
    ['in the middle of a script', limits.waitingScripts, true],
  ])('P10: of too many %s go those of who has most', async (_, most, isWaiting) => {
    const kept = createKeptScripting();
    const ended: string[] = [];
    kept.keep('one', 'mine', running(ended, 'mine', isWaiting));
    for (let at = 0; at < most + 3; at += 1) kept.keep('two', `d${at}`, running(ended, `d${at}`, isWaiting));
    expect(ended).toEqual(['d0', 'd1', 'd2', 'd3']);
    expect(kept.take('one', 'mine')).toBeDefined();
    await kept.close();
  });
});
