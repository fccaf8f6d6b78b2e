import { mkdirSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { createMemoryState } from '../../../src/state/open-state.ts';
import type { State } from '../../../src/state/state.ts';
import { temporaryHome } from '../state/temporary-home.ts';

/** A database without a disk, beside a data folder for the key that vouches for its rows. */
export function memoryState(): State {
  const home = temporaryHome();
  mkdirSync(home, { mode: 0o700 });
  const state = createMemoryState(home);
  onTestFinished(() => state.close());
  return state;
}
