// A backup holds everything but use counts, shows nothing without its passphrase, and comes back whole or not at all.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Result } from '../../../shared/failure/result.ts';
import { limits } from '../../../shared/limits.ts';
import { secretPlaces, secretSources } from '../../../shared/secret/secret-ref.ts';
import { type BackupContents, readContents, writeContents } from '../../../src/vault/backup-contents.ts';
import { readBackupFile, writeBackupFile } from '../../../src/vault/backup-file.ts';
import { type DeriveKey, openBackup, sealBackup } from '../../../src/vault/backup-format.ts';
import { passphraseKey } from '../../../src/vault/passphrase.ts';
import type { RestoreRule } from '../../../src/vault/restore.ts';
import { failureOf, must, tamper, temporaryHome } from '../state/temporary-home.ts';
import { tempFolder } from '../workspace/temp-folder.ts';
import { NOW, ORIGIN, OTHER, openedVault } from './open-vault-fixture.ts';

/** Any key of 32 bytes will do where scrypt itself is not the question: it takes a third of a second. */
const quick =
  (words: string): DeriveKey =>
  (parameters) =>
    createHash('sha256').update(words).update(parameters).digest();

const WORDS = 'six words that nobody knows';
const EMPTY: RestoreRule = { merge: false, replace: [], acceptOlder: false };
const MERGE: RestoreRule = { ...EMPTY, merge: true };

async function filledVault(now = () => NOW) {
  const opened = openedVault({ now });
  must(opened.vault.set({ name: 'A', value: 'value of a', origins: [ORIGIN], label: 'Label', expiresAt: NOW + 9_000 }));
  must(opened.vault.set({ name: 'B', value: 'value of b ☂', origins: [OTHER, ORIGIN], pathAllowed: true }));
  return { ...opened, upkeep: await opened.vault.upkeep() };
}

async function emptyVault(now = () => NOW) {
  const opened = openedVault({ now });
  return { ...opened, upkeep: await opened.vault.upkeep() };
}

const backupOf = (upkeep: Awaited<ReturnType<typeof filledVault>>['upkeep'], derive = quick(WORDS)) =>
  must(upkeep.backup(derive, 'b')).bytes;

describe('a backup', () => {
  it('restores on another machine, with every policy and id', async () => {
    const one = await filledVault();
    const bytes = backupOf(one.upkeep, (parameters) => passphraseKey(Buffer.from(WORDS), parameters));
    const other = await emptyVault();
    const derive: DeriveKey = (parameters) => passphraseKey(Buffer.from(WORDS), parameters);
    expect(must(other.upkeep.restore(bytes, derive, EMPTY, 'b'))).toEqual({
      added: ['A', 'B'],
      replaced: [],
      kept: [],
    });
    expect(must(other.vault.list())).toEqual(must(one.vault.list()));
    expect(must(await other.secrets.resolve('A', ORIGIN))).toBe('value of a');
    expect(must(await other.secrets.resolve('B', OTHER))).toBe('value of b ☂');
    expect(must(other.vault.check()).secrets).toBe(2);
  });

  it('P1: shows no name, origin or value without its passphrase', async () => {
    const bytes = backupOf((await filledVault()).upkeep).toString('latin1');
    for (const part of ['value of', 'Label', 'example', 'sec_', '"A"']) expect(bytes).not.toContain(part);
  });

  it('keeps the number of uses out: they begin anew', async () => {
    const { upkeep, secrets } = await filledVault();
    must(await secrets.resolve('A', ORIGIN));
    const other = await emptyVault();
    must(other.upkeep.restore(backupOf(upkeep), quick(WORDS), EMPTY, 'b'));
    expect(must(other.vault.describe('A')).useCount).toBe(0);
  });

  it('P4: is not made of a vault with a damaged record', async () => {
    const { home } = await filledVault();
    tamper(home, (sql) => sql.run("UPDATE handle SET tag = zeroblob(16) WHERE handle.name = 'B'"));
    const upkeep = await openedVault({ home }).vault.upkeep();
    expect(failureOf(upkeep.backup(quick(WORDS), 'b'))).toMatchObject({ facts: { what: 'the secret "B"' } });
  });
});

describe('P4: a changed backup is refused before anything is written', () => {
  it('whichever byte is changed', async () => {
    const bytes = backupOf((await filledVault()).upkeep);
    for (let at = 0; at < bytes.length; at += 1) {
      for (const mask of [0x01, 0x80]) {
        const changed = Buffer.from(bytes);
        changed[at] = (bytes[at] ?? 0) ^ mask;
        expect(typeof openBackup(changed, quick(WORDS)), `byte ${at}`).toBe('string');
      }
    }
    expect(typeof openBackup(bytes, quick(WORDS))).toBe('object');
  });

  it('wherever it is cut, and whatever follows it', async () => {
    const bytes = backupOf((await filledVault()).upkeep);
    for (let length = 0; length < bytes.length; length += 1) {
      expect(typeof openBackup(bytes.subarray(0, length), quick(WORDS)), `${length} bytes`).toBe('string');
    }
    expect(typeof openBackup(Buffer.concat([bytes, Buffer.alloc(1)]), quick(WORDS))).toBe('string');
  });

  const spoiled: readonly [what: string, spoil: (bytes: Buffer, other: Buffer) => Buffer, says: string][] = [
    [
      'the head of one and the body of another',
      (bytes, other) => swapBodies(bytes, other),
      'the passphrase is not the one',
    ],
    ['a cheaper cost', (bytes) => edit(bytes, '"n":131072', '"n":65536'), 'the passphrase is not the one'],
    ['another version', (bytes) => edit(bytes, 'keyward-backup 1', 'keyward-backup 2'), 'another version'],
    ['another file', () => Buffer.from('PK\u0003\u0004 something else'), 'not a backup'],
    ['nothing', () => Buffer.alloc(0), 'not a backup'],
    [
      'a header without end',
      (bytes) => Buffer.from(bytes.toString('latin1').replaceAll('\n{', '\n{'.padEnd(9_000)), 'latin1'),
      'damaged',
    ],
    ['one byte too many', () => Buffer.alloc(limits.backupBytes + 1), 'larger than'],
  ];
  for (const [what, spoil, says] of spoiled) {
    it(what, async () => {
      const one = backupOf((await filledVault()).upkeep);
      const two = backupOf((await filledVault()).upkeep);
      const { upkeep, vault } = await emptyVault();
      const refused = failureOf(upkeep.restore(spoil(one, two), quick(WORDS), EMPTY, 'b'));
      expect(refused.code).toBe('VAULT/BACKUP_INVALID');
      expect(refused.facts.problem).toContain(says);
      expect(must(vault.status()).exists).toBe(false);
    });
  }

  it('a wrong passphrase, and parameters out of bounds, which cost nothing', async () => {
    const { upkeep } = await filledVault();
    expect(openBackup(backupOf(upkeep), quick('other words'))).toContain('the passphrase');
    const real: DeriveKey = (parameters) => passphraseKey(Buffer.from(WORDS), parameters);
    for (const n of [65_536, 131_071, 131_073, 262_144, 1_048_576, 99_999_999]) {
      const changed = edit(backupOf(upkeep), '"n":131072', `"n":${n}`);
      expect(openBackup(changed, real), String(n)).toBe('its scrypt parameters are out of bounds');
    }
  });
});

function edit(bytes: Buffer, from: string, to: string): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(from, to), 'latin1');
}

function swapBodies(one: Buffer, other: Buffer): Buffer {
  const end = (bytes: Buffer) => bytes.indexOf('}\n') + 2;
  return Buffer.concat([one.subarray(0, end(one)), other.subarray(end(other))]);
}

const hex = (length: number) =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length }).map((all) => all.join(''));
const time = fc.integer({ min: 0, max: 4_102_444_800_000 });
const some = <T>(known: readonly T[]) => fc.uniqueArray(fc.constantFrom(...known), { minLength: 1 });

const secret = fc.record({
  policy: fc.record(
    {
      id: hex(32).map((digits) => `sec_${digits}`),
      name: fc.stringMatching(/^[A-Za-z0-9_.-]{1,20}$/),
      label: fc.stringMatching(/^[ -~]{0,20}$/),
      origins: fc.uniqueArray(fc.constantFrom(ORIGIN, OTHER, 'https://[::1]:8443'), { minLength: 1 }),
      pathAllowed: fc.boolean(),
      createdAt: time,
      updatedAt: time,
      expiresAt: time,
      tier: fc.constantFrom('reading', 'writing'),
      places: some(secretPlaces),
      methods: some(['GET', 'POST', 'VERSION-CONTROL']),
      maxUses: fc.nat(),
      source: fc.constantFrom(...secretSources),
      rotatedAt: time,
    },
    { requiredKeys: ['id', 'name', 'origins', 'pathAllowed', 'createdAt', 'updatedAt'] },
  ),
  version: fc.nat(),
  value: fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes)),
});

const contents = fc.record({
  origin: fc.record({ vaultId: hex(32), generation: fc.nat(), madeAt: time }),
  secrets: fc.uniqueArray(secret, { maxLength: 5, selector: ({ policy }) => policy.name }),
});

describe('what a backup holds', () => {
  it('comes back as it was, whatever it is', () => {
    fc.assert(
      fc.property(contents, (given) => {
        const held = given as BackupContents;
        const sealed = sealBackup(writeContents(held), quick(WORDS)) ?? Buffer.alloc(0);
        const opened = openBackup(sealed, quick(WORDS));
        expect(typeof opened === 'string' ? opened : readContents(opened)).toEqual(held);
      }),
      { numRuns: 60 },
    );
  });

  const whole = {
    id: `sec_${'a'.repeat(32)}`,
    name: 'A',
    origins: [ORIGIN],
    pathAllowed: false,
    createdAt: 1,
    updatedAt: 1,
  };
  const wrong: readonly [what: string, policy: Record<string, unknown>][] = [
    ['an id of another form', { ...whole, id: 'sec_1' }],
    ['no name', { ...whole, name: '' }],
    ['an origin that is not spelled as it is stored', { ...whole, origins: ['HTTPS://api.example.com/'] }],
    ['an origin twice', { ...whole, origins: [ORIGIN, ORIGIN] }],
    ['no origin', { ...whole, origins: [] }],
    ['a field that nobody knows', { ...whole, admin: true }],
    ['a field that every object has', { ...whole, constructor: 1 }],
    ['a flag that is a number', { ...whole, pathAllowed: 1 }],
    ['a time before all time', { ...whole, createdAt: -1 }],
    ['a place that nobody knows', { ...whole, places: ['url'] }],
    ['a method in lower case', { ...whole, methods: ['get'] }],
  ];
  for (const [what, policy] of wrong) {
    it(`P4: is refused with ${what}`, () => {
      const origin = { vaultId: '0'.repeat(32), generation: 1, madeAt: 1 };
      const made = (some: unknown) =>
        readContents(
          writeContents({ origin, secrets: [{ policy: some, version: 1, value: Buffer.from('v') }] } as BackupContents),
        );
      expect(made(policy)).toBeUndefined();
      expect(made(whole)).toBeDefined();
    });
  }
});

describe('restoring into a vault that is not empty', () => {
  it('P5: is refused without a rule, and takes what the rule says', async () => {
    const { upkeep } = await filledVault();
    const bytes = backupOf(upkeep);
    const other = await emptyVault();
    must(other.vault.set({ name: 'A', value: 'own value', origins: [ORIGIN] }));
    const restore = (rule: Partial<RestoreRule>) =>
      other.upkeep.restore(bytes, quick(WORDS), { ...EMPTY, ...rule }, 'b');
    expect(failureOf(restore({}))).toMatchObject({ code: 'VAULT/NOT_EMPTY', facts: { secrets: '1 secret' } });
    expect(failureOf(restore({ replace: ['C'] }))).toMatchObject({ code: 'SECRET/NOT_FOUND', facts: { name: 'C' } });
    expect(must(other.vault.list()).length).toBe(1);
    expect(must(restore({ merge: true }))).toEqual({ added: ['B'], replaced: [], kept: ['A'] });
    expect(must(await other.secrets.resolve('A', ORIGIN))).toBe('own value');
    expect(must(restore({ replace: ['A'] }))).toEqual({ added: [], replaced: ['A'], kept: ['B'] });
    expect(must(await other.secrets.resolve('A', ORIGIN))).toBe('value of a');
    expect(must(other.vault.describe('A')).id, 'ids stay').toBe(must((await filledBack(bytes)).describe('A')).id);
    expect(must(other.vault.check()).secrets).toBe(2);
  });

  it('P4: brings nothing older back without the operator’s word', async () => {
    let now = NOW;
    const { upkeep, vault, secrets } = await filledVault(() => now);
    const bytes = backupOf(upkeep);
    now += 1_000;
    must(vault.set({ name: 'A', value: 'rotated', origins: [], replace: true }));
    must(vault.delete('B'));
    for (const rule of [MERGE, { ...EMPTY, replace: ['A'] }]) {
      expect(failureOf(upkeep.restore(bytes, quick(WORDS), rule, 'b')).code).toBe('VAULT/BACKUP_OLDER');
    }
    expect(must(await secrets.resolve('A', ORIGIN))).toBe('rotated');
    const agreed = { merge: true, replace: ['A'], acceptOlder: true };
    expect(must(upkeep.restore(bytes, quick(WORDS), agreed, 'b'))).toEqual({ added: ['B'], replaced: ['A'], kept: [] });
    expect(must(await secrets.resolve('A', ORIGIN))).toBe('value of a');
    expect(must(vault.check()).secrets).toBe(2);
  });

  it('P4: nor into a vault of another machine that has a newer value', async () => {
    const { upkeep } = await filledVault();
    const other = await emptyVault(() => NOW + 1_000);
    must(other.vault.set({ name: 'A', value: 'newer', origins: [ORIGIN] }));
    const replace = { ...EMPTY, replace: ['A'] };
    expect(failureOf(other.upkeep.restore(backupOf(upkeep), quick(WORDS), replace, 'b')).code).toBe(
      'VAULT/BACKUP_OLDER',
    );
    expect(must(other.upkeep.restore(backupOf(upkeep), quick(WORDS), MERGE, 'b')).kept).toEqual(['A']);
  });
});

async function filledBack(bytes: Buffer) {
  const { upkeep, vault } = await emptyVault();
  must(upkeep.restore(bytes, quick(WORDS), EMPTY, 'b'));
  return vault;
}

describe('the file of a backup', () => {
  it('is closed to others and takes nothing’s place unless so told', () => {
    const path = join(tempFolder({}), 'b');
    must(writeBackupFile(path, Buffer.from('one'), { force: false }));
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(failureOf(writeBackupFile(path, Buffer.from('two'), { force: false })).code).toBe(
      'VAULT/BACKUP_NOT_WRITTEN',
    );
    expect(readFileSync(path, 'utf8')).toBe('one');
    must(writeBackupFile(path, Buffer.from('two'), { force: true }));
    expect(must(readBackupFile(path)).toString()).toBe('two');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is never made through a link, nor read where it is none', () => {
    const root = tempFolder({ target: 'x' });
    symlinkSync('target', join(root, 'link'));
    expect(failureOf(writeBackupFile(join(root, 'link'), Buffer.from('y'), { force: false })).code).toBe(
      'VAULT/BACKUP_NOT_WRITTEN',
    );
    must(writeBackupFile(join(root, 'link'), Buffer.from('y'), { force: true }));
    expect(readFileSync(join(root, 'target'), 'utf8')).toBe('x');
    mkdirSync(join(root, 'folder'));
    for (const name of ['folder', 'missing', join('missing', 'b')]) {
      expect(failureOf(readBackupFile(join(root, name))).code).toBe('VAULT/BACKUP_INVALID');
      expect(failureOf(writeBackupFile(join(root, name, 'b', 'c'), Buffer.alloc(1), { force: true })).code).toBe(
        'VAULT/BACKUP_NOT_WRITTEN',
      );
    }
    writeFileSync(join(root, 'large'), '');
    expect(must(readBackupFile(join(root, 'large'))).length).toBe(0);
  });
});

describe('a vault in memory', () => {
  it('is filled from a backup, and leaves nothing on disk', async () => {
    const { openChosenVault } = await import('../../../src/vault/choose-vault.ts');
    const { createState } = await import('../../../src/state/open-state.ts');
    const { upkeep } = await filledVault();
    const derive: DeriveKey = (parameters) => passphraseKey(Buffer.from(WORDS), parameters);
    const file = join(tempFolder({}), 'b');
    must(writeBackupFile(file, backupOf(upkeep, derive), { force: false }));
    const home = temporaryHome();
    const state = createState(home);
    const ok = (value: Buffer) => ({ ok: true, value }) as const;
    const keys = { passphrase: () => ok(Buffer.from(WORDS)), key: () => ok(Buffer.alloc(32)) };
    const chosen = { state, now: () => NOW, source: 'memory', keys, restore: file, serves: false } as const;
    const vault = must(await openChosenVault(chosen));
    expect(must(vault.list()).map(({ name }) => name)).toEqual(['A', 'B']);
    expect(must(vault.check())).toMatchObject({ source: 'memory', secrets: 2 });
    const within = await vault.upkeep();
    const refused: readonly [string, Result<unknown>][] = [
      ['set', vault.set({ name: 'A', value: 'another value', origins: [], replace: true })],
      ['bind', vault.bind('A', { origins: { add: [OTHER] } })],
      ['delete', vault.delete('A')],
      ['restore', within.restore(backupOf(upkeep), quick(WORDS), MERGE, 'b')],
      ['rekey', within.rekey({ to: { source: 'key-file' }, newDataKey: true })],
    ];
    for (const [what, done] of refused) expect(failureOf(done).code, `P5: ${what}`).toBe('VAULT/KEY_UNAVAILABLE');
    expect(must(vault.list()).map(({ name, updatedAt }) => [name, updatedAt])).toEqual([
      ['A', NOW],
      ['B', NOW],
    ]);
    vault.close();
    const stored = must(await openChosenVault({ ...chosen, source: undefined, restore: undefined }));
    expect(must(stored.status()).exists).toBe(false);
    state.close();
  });

  it('P5: takes what a process stores that goes on, and nothing of one that ends', async () => {
    const { openChosenVault } = await import('../../../src/vault/choose-vault.ts');
    const { createState } = await import('../../../src/state/open-state.ts');
    const none = () => ({ ok: true, value: undefined }) as const;
    const keys = { passphrase: none, key: () => ({ ok: true, value: Buffer.alloc(32) }) as const };
    for (const [source, serves, isTaken] of [
      ['memory', true, true],
      ['memory', false, false],
      ['key-file', false, true],
    ] as const) {
      const state = createState(temporaryHome());
      const vault = must(await openChosenVault({ state, now: () => NOW, source, keys, restore: undefined, serves }));
      expect(vault.mayChange().ok, `${source} ${serves}`).toBe(isTaken);
      expect(vault.set({ name: 'A', value: 'some value', origins: [ORIGIN] }).ok, `${source} ${serves}`).toBe(isTaken);
      expect(must(vault.status()).exists).toBe(isTaken);
      vault.close();
      state.close();
    }
  });

  it('P7: is not put in the place of one that is stored', async () => {
    const { openChosenVault } = await import('../../../src/vault/choose-vault.ts');
    const { createState } = await import('../../../src/state/open-state.ts');
    const { home } = await filledVault();
    const state = createState(home);
    const none = () => ({ ok: true, value: undefined }) as const;
    const keys = { passphrase: none, key: () => ({ ok: true, value: Buffer.alloc(32) }) as const };
    const tried = await openChosenVault({
      state,
      now: () => NOW,
      source: 'memory',
      keys,
      restore: undefined,
      serves: true,
    });
    expect(failureOf(tried)).toMatchObject({ code: 'VAULT/KEY_UNAVAILABLE' });
    state.close();
  });
});
