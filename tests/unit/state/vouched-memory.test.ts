import { chmodSync, copyFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import { makeTrustKey } from '../../../src/state/trust-key.ts';
import { createVouchedMemory } from '../../../src/state/vouched-memory.ts';
import { later } from './later.ts';
import { must, tamper, temporaryHome, temporaryState } from './temporary-home.ts';

function opened({ now = later, most = 8, keeps = (value: number) => value > 0 } = {}) {
  const home = temporaryHome();
  const state = temporaryState(home);
  must(makeTrustKey(home));
  const memory = createVouchedMemory<number>(state, { now, most, keeps });
  let reads = 0;
  const read = (): Result<number> => {
    reads += 1;
    return ok(reads);
  };
  return { home, state, key: join(home, 'trust.key'), memory, recall: (key = 'a') => must(memory.recall(key, read)) };
}

type Opened = ReturnType<typeof opened>;

const ANY_ROW =
  "INSERT INTO trusted_config (file, hash, text, raised, mac, trusted_at) VALUES ('f', '', '', '[]', '', 1)";

const CHANGES: readonly (readonly [what: string, change: (opened: Opened) => void])[] = [
  ['another connection commits', ({ home }) => tamper(home, (sql) => sql.run(ANY_ROW))],
  ['this connection wrote', ({ memory }) => memory.forget()],
  ['this connection wrote by way of another memory', ({ state }) => another(state).forget()],
  ['the key is another', ({ key }) => writeFileSync(key, `${'A'.repeat(43)}\n`)],
  ['the key is open to others', ({ key }) => chmodSync(key, 0o644)],
  ['the key is another file of the same text', ({ key }) => replace(key)],
  ['a link stands in its place', ({ key }) => moveBehindLink(key)],
  ['the key is gone', ({ key }) => rmSync(key)],
  ['the state is closed', ({ state }) => state.close()],
];

describe('what is remembered of vouched rows', () => {
  it.each(CHANGES)('P7: is read again once %s', (_, change) => {
    const parts = opened();
    expect([parts.recall(), parts.recall()]).toEqual([1, 1]);
    change(parts);
    expect(parts.recall()).toBe(2);
  });

  it('P7: is not remembered while the next change of the key may not show', () => {
    let at = 0;
    const { key, recall } = opened({ now: () => at });
    const changedAt = Math.floor(statSync(key).ctimeMs);
    at = changedAt + 49;
    expect([recall(), recall()]).toEqual([1, 2]);
    at = changedAt - 60_000;
    expect([recall(), recall()]).toEqual([3, 4]);
    at = changedAt + 50;
    expect([recall(), recall()]).toEqual([5, 5]);
  });

  it('is what was asked for last, by name, and nothing that is not to be kept', () => {
    const { memory, recall } = opened({ most: 2, keeps: (value) => value !== 5 });
    expect([recall('a'), recall('b'), recall('b'), recall('a'), recall('c')]).toEqual([1, 2, 2, 1, 3]);
    expect([recall('a'), recall('c'), recall('b')]).toEqual([1, 3, 4]);
    expect([recall('d'), recall('d'), recall('d')]).toEqual([5, 6, 6]);
    const failed = () => err(failure('INTERNAL/STATE_UNAVAILABLE', { reason: 'SQLITE_BUSY' }));
    expect(memory.recall('e', failed).ok).toBe(false);
    expect([recall('e'), recall('e')]).toEqual([7, 7]);
  });
});

function another(state: Opened['state']) {
  return createVouchedMemory<string>(state, { now: later, most: 1 });
}

function replace(key: string): void {
  copyFileSync(key, `${key}.new`);
  renameSync(`${key}.new`, key);
}

function moveBehindLink(key: string): void {
  renameSync(key, `${key}.old`);
  symlinkSync(`${key}.old`, key);
}
