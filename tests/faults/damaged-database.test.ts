// One bit of the database file flips: every answer is the right one or a coded failure, and the process lives. A driver that
// meets a text that is not UTF-8 would end it, so this runs through the whole file.
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { Result } from '../../shared/failure/result.ts';
import { openJournal } from '../../src/journal/open-journal.ts';
import { createState } from '../../src/state/open-state.ts';
import { openVault } from '../../src/vault/open-vault.ts';
import { beginEvent, fillJournal } from '../unit/journal/journal-fixture.ts';
import { must, temporaryHome } from '../unit/state/temporary-home.ts';
import { NOW, ORIGIN, testedSource } from '../unit/vault/open-vault-fixture.ts';

/** Ten places of every page; FULL=1 takes twice as many. */
const STEP_BYTES = process.env.FULL === '1' ? 211 : 401;
const MASKS = [0x01, 0x80];
const KEY_FILES = ['vault.key', 'vault.counter', 'journal.key', 'journal.head'];

const now = () => NOW;

function openAll(home: string) {
  const state = createState(home);
  const vault = openVault({ state, keySource: { source: 'key-file' }, now });
  return { state, vault, secrets: testedSource(vault, now), journal: openJournal({ state, now }) };
}

/** A data folder at rest in one database file. */
function storedHome(): string {
  const home = temporaryHome();
  const { state, vault, journal } = openAll(home);
  for (const name of ['A', 'B']) must(vault.set({ name, value: `value of ${name}`, origins: [ORIGIN], label: name }));
  fillJournal(journal);
  vault.close();
  state.close();
  return home;
}

async function answersOver(home: string): Promise<readonly Result<unknown>[]> {
  const { state, vault, secrets, journal } = openAll(home);
  const value = await secrets.resolve('A', ORIGIN);
  if (value.ok) expect(value.value).toBe('value of A');
  const known = secrets.boundTo(ORIGIN);
  if (known.ok) expect(known.value.map((secret) => secret.value)).toEqual(['value of A', 'value of B']);
  const verified = journal.verify();
  if (verified.ok) expect(verified.value.entries).toBe(6);
  const answers = [
    value,
    known,
    verified,
    vault.list(),
    journal.history({ limit: 10 }),
    journal.entries({ limit: 10 }),
  ];
  const writes = [journal.begin(beginEvent('next')), vault.set({ name: 'C', value: 'value of C', origins: [ORIGIN] })];
  vault.close();
  state.close();
  return [...answers, ...writes];
}

it('P4, P9: a flipped bit anywhere in the database gives no wrong answer and no crash', async () => {
  const home = storedHome();
  const damaged = temporaryHome();
  mkdirSync(damaged, { mode: 0o700 });
  const bytes = readFileSync(join(home, 'keyward.db'));
  const codes = new Set<string>();
  for (let index = 0; index < bytes.length; index += STEP_BYTES) {
    for (const file of KEY_FILES) copyFileSync(join(home, file), join(damaged, file));
    for (const suffix of ['-wal', '-shm']) rmSync(join(damaged, `keyward.db${suffix}`), { force: true });
    const flipped = Buffer.from(bytes);
    flipped[index] = (flipped[index] ?? 0) ^ (MASKS[index % MASKS.length] ?? 1);
    writeFileSync(join(damaged, 'keyward.db'), flipped, { mode: 0o600 });
    for (const answer of await answersOver(damaged)) if (!answer.ok) codes.add(answer.failure.code);
  }
  expect([...codes].filter((code) => !/^(?:VAULT|JOURNAL|INTERNAL|SECRET)\//.test(code))).toEqual([]);
  expect(codes.has('VAULT/CORRUPT') && codes.has('JOURNAL/BROKEN'), [...codes].join()).toBe(true);
});
