import { ok } from '../../../shared/failure/result.ts';
import { type KeySource, randomKey, unavailable } from '../key-context.ts';

const RECOVERY = 'A vault in memory ends with its process: fill a new one from a backup with KEYWARD_RESTORE=FILE.';

/** A key that is nowhere but in the vault that was made with it. */
export const memorySource: KeySource = {
  where: () => 'the memory of this process, and nowhere else',
  find: () => unavailable('it was in memory only', RECOVERY),
  make: () => ok(randomKey('memory')),
  draw: () => unavailable('a vault that is kept cannot have a key that is not', 'Choose another key source.'),
  recovery: RECOVERY,
  warning: 'WARNING: the vault is in memory only. Nothing that is stored in it outlives this process.',
  mistakable: false,
};
