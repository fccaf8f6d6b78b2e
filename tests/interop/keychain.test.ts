// The four states of a keychain, told by a real Secret Service, and what becomes of a vault in each.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryHome } from '../unit/state/temporary-home.ts';
import {
  lock,
  logOut,
  missingPrograms,
  newUser,
  startBus,
  startLocked,
  startProduct,
  unlock,
} from './secret-service.ts';

const missing = missingPrograms();
const whyNot = missing.length === 0 ? '' : ` (skipped: ${missing.join(', ')} not installed)`;

/** The bytes of every file that a change would touch; -wal and -shm are merged and made anew by each opening. */
function bytesOf(home: string): Record<string, string> {
  const files = readdirSync(home).filter((file) => !/-(?:shm|wal)$/.test(file));
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(home, file), 'latin1')]));
}

const LOCKED = 'VAULT/KEY_UNAVAILABLE: the keychain is locked';
const ABSENT = 'VAULT/KEY_UNAVAILABLE: there is no keychain here';

describe.skipIf(missing.length > 0)(`a real Secret Service${whyNot}`, () => {
  it('P5: keeps the key over a lock, refuses while it is locked or broken, and nothing is wiped', async () => {
    const home = temporaryHome();
    const user = await startBus(newUser());
    await unlock(user);
    const ask = startProduct(user, home);
    expect(await ask('state')).toBe('available');
    expect(await ask('store A')).toBe('ok');
    expect(await ask('read A')).toBe('ok');
    lock(user);
    const before = bytesOf(home);
    expect(await ask('state')).toBe('locked');
    for (const command of ['read A', 'store B', 'check', 'rekey']) expect(await ask(command), command).toBe(LOCKED);
    expect(bytesOf(home)).toEqual(before);
    await unlock(user);
    expect(await ask('state')).toBe('available');
    for (const command of ['read A', 'rekey', 'store B', 'check', 'read A']) expect(await ask(command)).toBe('ok');

    await unlock(user, { fullDisk: true });
    expect(await ask('state')).toBe('error');
    expect(await ask('read A'), 'what it holds can still be read').toBe('ok');
    expect(await ask('rekey')).toBe('VAULT/KEY_UNAVAILABLE: the keychain does not work');
    expect(await ask('read A')).toBe('ok');
  });

  it('P5: that starts locked, or holds another user’s keys, has a vault refused and nothing overwritten', async () => {
    const home = temporaryHome();
    const folders = newUser();
    const first = await startBus(folders);
    await unlock(first);
    expect(await startProduct(first, home)('store A')).toBe('ok');
    const before = bytesOf(home);

    await logOut(first);
    const again = await startBus(folders);
    startLocked(again);
    const askAgain = startProduct(again, home);
    expect(await askAgain('read A')).toBe(LOCKED);
    expect(await askAgain('store B')).toBe(LOCKED);

    const other = await startBus(newUser());
    await unlock(other);
    const askOther = startProduct(other, home);
    expect(await askOther('state')).toBe('available');
    const empty = 'VAULT/KEY_UNAVAILABLE: the keychain has no entry for this vault';
    for (const command of ['read A', 'store B', 'check']) expect(await askOther(command), command).toBe(empty);
    expect(bytesOf(home)).toEqual(before);

    await unlock(again);
    expect(await askAgain('read A')).toBe('ok');
  });

  it('P7: that is not there, or has no collection, makes no vault and falls back to nothing', async () => {
    const without = newUser();
    const bare = await startBus(newUser());
    for (const user of [without, bare]) {
      const home = temporaryHome();
      const ask = startProduct(user, home);
      expect(await ask('state')).toBe('absent');
      expect(await ask('store A')).toBe(ABSENT);
      expect(readdirSync(home).filter((file) => file.startsWith('vault'))).toEqual([]);
    }
  });
});
