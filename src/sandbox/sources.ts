// Clock, randomness and dynamic variables for scripts. What a script has drawn tells nothing of what another will draw.
import { randomFillSync, randomUUID } from 'node:crypto';
import { once } from '../../shared/once.ts';
import type { FixedSources } from './messages.ts';
import type { Sources } from './script-run.ts';

const DRAWN_AT_ONCE = 256;

/** The process's own, or such as always give the same. */
export async function createSources(fixed: FixedSources | undefined): Promise<Sources> {
  const { createDynamicValues } = await import('../execute/dynamic-values.ts');
  const now = fixed ? () => fixed.nowMs : () => Date.now();
  const random = fixed ? fixedRandom(fixed.seed) : secureRandom();
  const randomId = fixed ? () => fixedId(random) : () => randomUUID();
  const values = once(() => createDynamicValues({ now, random, randomId }));
  return { now, random, dynamic: (name) => values()(name) };
}

function secureRandom(): () => number {
  const drawn = new BigUint64Array(DRAWN_AT_ONCE);
  let next = drawn.length;
  return () => {
    if (next === drawn.length) {
      randomFillSync(drawn);
      next = 0;
    }
    const bits = drawn[next] ?? 0n;
    next += 1;
    return Number(bits >> 11n) / 2 ** 53;
  };
}

/** Weyl sequence with the finalizer of MurmurHash3: uniform enough for tests, and the same everywhere. */
function fixedRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
  };
}

function fixedId(random: () => number): string {
  const hex = Array.from({ length: 30 }, () => Math.floor(random() * 16).toString(16)).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-8${hex.slice(15, 18)}-${hex.slice(18)}`;
}
