// What a record allows, held by the vault itself: without the courier in front of it.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'libsql';
import { describe, expect, it } from 'vitest';
import type { SecretUse } from '../../../shared/secret/permits.ts';
import { seal } from '../../../shared/secret/seal.ts';
import { migrations } from '../../../src/state/migrations.ts';
import { replaceSecret } from '../../../src/vault/adopt.ts';
import { failureOf, must, tamper, temporaryHome } from '../state/temporary-home.ts';
import { NOW, ORIGIN, openedVault } from './open-vault-fixture.ts';

const VALUE = 'value-of-the-reading-one';
const WRITING = 'value-of-the-writing-one';
const signal = new AbortController().signal;
const DAY_MS = 86_400_000;

function use(more: Partial<SecretUse> = {}): SecretUse {
  return { origin: ORIGIN, method: 'GET', places: ['header'], ...more };
}

describe('P2: the vault gives a value for what its record allows only', () => {
  const rows: readonly [string, object, Partial<SecretUse>, string][] = [
    ['a place that is not stated', { places: ['auth'] }, { places: ['header'] }, 'SECRET/PLACE_NOT_ALLOWED'],
    ['a second place', { places: ['header'] }, { places: ['header', 'body'] }, 'SECRET/PLACE_NOT_ALLOWED'],
    ['the place stated', { places: ['header'] }, {}, 'ok'],
    ['an auth field', { places: ['header'] }, { places: ['auth'] }, 'SECRET/PLACE_NOT_ALLOWED'],
    ['a path without the word for it', {}, { places: ['path'] }, 'SECRET/PLACE_NOT_ALLOWED'],
    ['a path with the word for it', { pathAllowed: true }, { places: ['path'] }, 'ok'],
    ['a path stated as a place', { places: ['path'] }, { places: ['path'] }, 'ok'],
    ['a method that is not stated', { methods: ['post'] }, {}, 'SECRET/METHOD_NOT_ALLOWED'],
    ['the method stated', { methods: ['get'] }, {}, 'ok'],
    [
      'a method that a header makes another',
      { methods: ['GET'] },
      { otherMethods: ['PUT'] },
      'SECRET/METHOD_NOT_ALLOWED',
    ],
    ['a method that only a secret names', { methods: ['GET'] }, { otherMethods: [''] }, 'SECRET/METHOD_NOT_ALLOWED'],
    ['another origin', {}, { origin: 'https://b.example.com' }, 'SECRET/ORIGIN_NOT_BOUND'],
  ];
  for (const [what, stated, asked, outcome] of rows) {
    it(what, async () => {
      const { vault, secrets } = openedVault();
      must(vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN], ...stated }));
      const resolved = await secrets.resolveFor('KEY', { ...use(), ...asked }, signal);
      expect(resolved.ok ? 'ok' : resolved.failure.code).toBe(outcome);
    });
  }

  it('P7: an expired one says the way out', async () => {
    let now = NOW;
    const { vault, secrets } = openedVault({ now: () => now });
    must(vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN], expiresAt: NOW + DAY_MS }));
    now = NOW + DAY_MS;
    expect(failureOf(await secrets.resolveFor('KEY', use(), signal)).code).toBe('SECRET/EXPIRED');
    const { info } = must(vault.set({ name: 'KEY', value: 'another value', origins: [], replace: true }));
    expect(info).toMatchObject({ rotatedAt: now, createdAt: NOW });
    expect(must(await secrets.resolveFor('KEY', use(), signal))).toBe('another value');
  });
});

describe('P2: a new value', () => {
  const rules = { places: ['auth'], methods: ['GET'], maxUses: 5, label: 'Label', expiresAt: NOW + DAY_MS };

  it('out of a file leaves everything that the handle may be used for as it is', () => {
    for (const at of [NOW, NOW + 2 * DAY_MS]) {
      let now = NOW;
      const { vault } = openedVault({ now: () => now });
      const before = must(vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN], ...rules })).info;
      now = at;
      const adopted = { name: 'KEY', value: seal('a%20b'), form: 'percent-encoded' } as const;
      const { info } = must(replaceSecret(vault, adopted));
      expect(info).toEqual({ ...before, updatedAt: at, rotatedAt: at });
      const moved = must(replaceSecret(vault, adopted, { origins: ['https://b.example.com'] })).info;
      expect(moved).toEqual({ ...info, origins: ['https://b.example.com'] });
    }
  });

  it('P7: does not take the place of a reference without the word for it', () => {
    const { vault } = openedVault();
    must(vault.set({ name: 'KEY', value: 'env:TOKEN', outside: true, origins: [ORIGIN] }));
    const next = { name: 'KEY', origins: [], replace: true };
    expect(failureOf(vault.set({ ...next, value: VALUE })).code).toBe('SECRET/INVALID');
    const adopted = { name: 'KEY', value: seal(VALUE), form: 'plain' } as const;
    expect(failureOf(replaceSecret(vault, adopted)).code).toBe('SECRET/INVALID');
    expect(must(vault.describe('KEY')).source).toBe('env');
    expect(must(vault.set({ ...next, value: 'env:OTHER', outside: true })).info.source).toBe('env');
    expect(must(vault.set({ ...next, value: VALUE, endsReference: true })).info.source).toBeUndefined();
  });
});

describe('P5: a number of uses', () => {
  it('holds for two processes that ask at once, and after a crash of one', async () => {
    const one = openedVault();
    const { id } = must(one.vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN], maxUses: 5 })).info;
    const other = openedVault({ home: one.home });
    const asked = await Promise.all(
      Array.from({ length: 20 }, (_, index) => (index % 2 ? one : other).secrets.resolveFor(id, use(), signal)),
    );
    expect(asked.filter(({ ok }) => ok)).toHaveLength(5);
    for (const refused of asked.filter(({ ok }) => !ok)) expect(failureOf(refused).code).toBe('SECRET/USED_UP');
    // Neither was closed: what they counted is on disk already.
    const third = openedVault({ home: one.home });
    expect(must(third.vault.describe('KEY'))).toMatchObject({ useCount: 5, maxUses: 5 });
    expect(failureOf(await third.secrets.resolveFor(id, use(), signal)).code).toBe('SECRET/USED_UP');
  });

  it('counts what was used before it was stated, and begins anew with a new value', async () => {
    const { vault, secrets } = openedVault();
    const { id } = must(vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN] })).info;
    for (let call = 0; call < 3; call += 1) must(await secrets.resolveFor(id, use(), signal));
    must(vault.bind(id, { maxUses: 4 }));
    must(await secrets.resolveFor(id, use(), signal));
    expect(failureOf(await secrets.resolveFor(id, use(), signal)).code).toBe('SECRET/USED_UP');
    must(vault.set({ name: 'KEY', value: 'another value', origins: [], replace: true }));
    expect(must(vault.describe(id))).toMatchObject({ useCount: 0, maxUses: 4 });
    expect(must(await secrets.resolveFor(id, use(), signal))).toBe('another value');
  });

  it('P7: is not given where the use cannot be written', async () => {
    const { home, vault, secrets } = openedVault();
    must(vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN], maxUses: 5 }));
    must(await secrets.resolveFor('KEY', use(), signal));
    tamper(home, (sql) => sql.run('ALTER TABLE handle_use RENAME COLUMN uses TO used'));
    expect(failureOf(await secrets.resolveFor('KEY', use(), signal)).code).toMatch(/^VAULT\/NOT_WRITABLE$|^INTERNAL\//);
  });
});

describe('two tiers under one name', () => {
  function twoTiers() {
    const opened = openedVault();
    const reading = must(opened.vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN] })).info;
    const writing = must(opened.vault.set({ name: 'KEY', tier: 'writing', value: WRITING, origins: [] })).info;
    return { ...opened, reading, writing };
  }

  it('stand beside each other: the name finds the reading one, which tells of the other', () => {
    const { vault, reading, writing } = twoTiers();
    expect(writing).toMatchObject({ tier: 'writing', origins: [ORIGIN] });
    expect(must(vault.describe('KEY'))).toMatchObject({ id: reading.id, writingId: writing.id });
    expect(must(vault.describe('KEY', 'writing')).id).toBe(writing.id);
    expect(must(vault.list()).map(({ id }) => id)).toEqual([reading.id, writing.id]);
    expect(failureOf(vault.set({ name: 'KEY', tier: 'writing', value: 'x', origins: [ORIGIN] })).code).toBe(
      'SECRET/EXISTS',
    );
    expect(failureOf(vault.describe('OTHER', 'writing')).code).toBe('SECRET/NOT_FOUND');
  });

  it('P2: the writing one is given for an unsafe method that was allowed, and for nothing else', async () => {
    const { secrets, reading, writing } = twoTiers();
    const rows: readonly [Partial<SecretUse>, string][] = [
      [{}, VALUE],
      [{ method: 'POST' }, VALUE],
      [{ tier: 'writing' }, VALUE],
      [{ tier: 'writing', method: 'HEAD', otherMethods: ['GET'] }, VALUE],
      [{ tier: 'writing', method: 'POST' }, WRITING],
      [{ tier: 'writing', otherMethods: ['DELETE'] }, WRITING],
      [{ tier: 'reading', method: 'DELETE' }, VALUE],
    ];
    for (const ref of ['KEY', reading.id, writing.id]) {
      for (const [asked, value] of rows) expect(must(await secrets.resolveFor(ref, use(asked), signal))).toBe(value);
    }
  });

  it('P1: the writing one is told to a scrubber that asks for it, and to no other', () => {
    const { secrets } = twoTiers();
    expect(must(secrets.boundTo(ORIGIN)).map(({ value }) => value)).toEqual([VALUE]);
    expect(must(secrets.boundTo(ORIGIN, 'writing')).map(({ value }) => value)).toEqual([WRITING]);
    expect(must(secrets.boundTo('https://b.example.com', 'writing'))).toEqual([]);
  });

  it('a name that has a writing one only', async () => {
    const { vault, secrets } = openedVault();
    expect(failureOf(vault.set({ name: 'KEY', tier: 'writing', value: WRITING, origins: [] })).code).toBe(
      'SECRET/NOT_FOUND',
    );
    const { id } = must(vault.set({ name: 'KEY', tier: 'writing', value: WRITING, origins: [ORIGIN] })).info;
    for (const ref of ['KEY', id]) {
      expect(failureOf(await secrets.resolveFor(ref, use(), signal)).code).toBe('SECRET/WRITING_ONLY');
      expect(failureOf(secrets.describe(ref, 'reading')).code).toBe('SECRET/WRITING_ONLY');
      expect(must(await secrets.resolveFor(ref, use({ tier: 'writing', method: 'PUT' }), signal))).toBe(WRITING);
    }
  });

  it('P4: an edited tier, place, method or number of uses is refused', () => {
    for (const edit of [
      "tier = 'reading', name = 'X'",
      'places = \'["body"]\'',
      'places = NULL',
      'methods = \'["GET"]\'',
      'max_uses = 99',
      'max_uses = NULL',
      'rotated_at = 5',
      "source = 'env'",
      "source = 'other'",
    ]) {
      const { home, vault } = openedVault();
      const stated = { places: ['header'], methods: ['PUT'], maxUses: 3 };
      must(vault.set({ name: 'KEY', tier: 'writing', value: WRITING, origins: [ORIGIN], ...stated }));
      tamper(home, (sql) => sql.run(`UPDATE handle SET ${edit}`));
      expect(failureOf(openedVault({ home }).vault.check()).code, edit).toBe('VAULT/CORRUPT');
    }
  });
});

describe('bind', () => {
  it('is refused where the secret was changed since it was looked at', () => {
    let now = NOW;
    const { vault } = openedVault({ now: () => now });
    const { id, updatedAt } = must(vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN] })).info;
    now += 1;
    must(vault.bind(id, { methods: { only: ['GET'] } }, updatedAt));
    expect(failureOf(vault.bind(id, { methods: { only: 'any' } }, updatedAt)).code).toBe('SECRET/INVALID');
    expect(must(vault.describe(id)).methods).toEqual(['GET']);
  });
});

describe('P5: a vault of an older version', () => {
  it('opens, keeps its counts, and takes a second tier', async () => {
    const home = temporaryHome();
    const first = openedVault({ home });
    const { id } = must(first.vault.set({ name: 'OLD', value: VALUE, origins: [ORIGIN], label: 'L' })).info;
    must(await first.secrets.resolveFor(id, use(), signal));
    first.vault.close();
    const { vault, secrets } = openedVault({ home: olderCopy(home) });
    expect(must(vault.check()).secrets).toBe(1);
    expect(must(vault.describe('OLD'))).toMatchObject({ id, label: 'L', useCount: 1 });
    expect(must(await secrets.resolveFor('OLD', use(), signal))).toBe(VALUE);
    must(vault.set({ name: 'OLD', tier: 'writing', value: WRITING, origins: [] }));
    expect(must(vault.check()).secrets).toBe(2);
  });

  const VAULT =
    'one, format, vault_id, key_source, key_id, kdf, nonce, wrapped_key, tag, created_at, generation, manifest';
  const HANDLE =
    'id, name, label, origins, path_allowed, created_at, updated_at, expires_at, version, nonce, ciphertext, tag';

  /** What a data folder holds, in a database of the steps before the one that added what custody needs. */
  function olderCopy(home: string): string {
    const older = temporaryHome();
    mkdirSync(older, { mode: 0o700 });
    for (const file of ['vault.key', 'vault.counter']) copyFileSync(join(home, file), join(older, file));
    const steps = migrations.findIndex((step) => step.includes('UNIQUE (name, tier)'));
    expect(steps).toBeGreaterThan(0);
    const path = join(older, 'keyward.db');
    writeFileSync(path, '', { mode: 0o600 });
    const database = new Database(path);
    for (const step of migrations.slice(0, steps)) database.exec(step);
    database.exec(`PRAGMA user_version = ${steps}`);
    database.exec(`ATTACH '${join(home, 'keyward.db')}' AS newer`);
    database.exec(`INSERT INTO vault (${VAULT}) SELECT ${VAULT} FROM newer.vault`);
    database.exec(`INSERT INTO handle (${HANDLE}) SELECT ${HANDLE} FROM newer.handle`);
    database.exec('INSERT INTO handle_use SELECT * FROM newer.handle_use');
    database.close();
    return older;
  }
});
