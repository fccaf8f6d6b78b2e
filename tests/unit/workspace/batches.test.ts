import { describe, expect, it } from 'vitest';
import { type Batch, createBatches } from '../../../src/workspace/batches.ts';

/** Batches as they come, each held until it is let go. */
function gather(maxEvents: number) {
  const came: Batch[] = [];
  const waiting: (() => void)[] = [];
  let finish: () => void = () => undefined;
  const batches = createBatches({
    quietMs: 1,
    latestMs: 5,
    maxEvents,
    run: async (batch) => {
      came.push(batch);
      for (const wake of waiting.splice(0)) wake();
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
    },
  });
  return {
    batches,
    came,
    next: () => new Promise<void>((resolve) => waiting.push(resolve)),
    finish: () => finish(),
  };
}

describe('batches of changes', () => {
  it('hold everything that happened until it was quiet, folder by folder', async () => {
    const { batches, came, next, finish } = gather(100);
    batches.note({ folder: '/a', name: 'x', renamed: false });
    batches.note({ folder: '/a', name: 'y', renamed: true });
    batches.note({ folder: '/a', name: 'x', renamed: false });
    batches.note({ folder: '/b', renamed: false });
    await next();
    expect(came).toEqual([
      {
        everything: false,
        touched: new Map([
          ['/a', { names: new Set(['x', 'y']), renamed: true, unsure: false }],
          ['/b', { names: new Set(), renamed: false, unsure: true }],
        ]),
      },
    ]);
    finish();
    batches.close();
  });

  it('wait for the one before, and lose nothing of what happens meanwhile', async () => {
    const { batches, came, next, finish } = gather(100);
    batches.note({ folder: '/a', name: 'x', renamed: false });
    await next();
    batches.note({ folder: '/a', name: 'y', renamed: false });
    batches.note({ folder: '/a', name: 'z', renamed: false });
    expect(came).toHaveLength(1);
    const second = next();
    finish();
    await second;
    expect(came[1]?.touched.get('/a')?.names).toEqual(new Set(['y', 'z']));
    finish();
    batches.close();
  });

  it.each([
    [3, true],
    [4, false],
  ])('are about everything from %i events on: %s', async (maxEvents, everything) => {
    const { batches, came, next, finish } = gather(maxEvents);
    for (const name of ['x', 'y', 'z']) batches.note({ folder: '/a', name, renamed: false });
    await next();
    expect(came[0]?.everything).toBe(everything);
    finish();
    batches.close();
  });

  it('end when they are closed', async () => {
    const { batches, came, next, finish } = gather(100);
    const other = gather(100);
    batches.note({ folder: '/a', name: 'x', renamed: false });
    batches.close();
    other.batches.note({ folder: '/a', name: 'x', renamed: false });
    await other.next();
    expect(came).toEqual([]);
    finish();
    other.finish();
    other.batches.close();
    void next;
  });
});
