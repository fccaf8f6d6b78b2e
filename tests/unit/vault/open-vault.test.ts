import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { failureOf, must } from '../state/temporary-home.ts';
import { NOW, ORIGIN, OTHER, openedVault } from './open-vault-fixture.ts';

const VALUE = 'correct horse battery staple';

describe('set', () => {
  it('stores a value under a handle and gives everything but the value back', async () => {
    const { vault, secrets } = openedVault();
    const stored = must(
      vault.set({ name: 'KEY', value: VALUE, origins: ['HTTPS://API.example.com:443/'], label: 'Live' }),
    );
    expect(stored).toEqual({
      info: {
        id: expect.stringMatching(/^sec_[0-9a-f]{32}$/),
        name: 'KEY',
        label: 'Live',
        origins: [ORIGIN],
        pathAllowed: false,
        createdAt: NOW,
        updatedAt: NOW,
        useCount: 0,
      },
      tooShortToScrub: false,
    });
    expect(must(await secrets.resolve(stored.info.id, ORIGIN))).toBe(VALUE);
    expect(must(await secrets.resolve('KEY', ORIGIN))).toBe(VALUE);
  });

  it('P1: leaves no trace of the value in the data folder, the vault object or its answers', () => {
    const { home, vault } = openedVault();
    const stored = must(vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN] }));
    const files = ['keyward.db', 'keyward.db-wal', 'vault.key', 'vault.counter'].map((file) =>
      readFileSync(join(home, file), 'latin1'),
    );
    const shown = [
      ...files,
      JSON.stringify(stored),
      JSON.stringify(vault),
      inspect(vault, { depth: 9, showHidden: true }),
    ].join('\n');
    expect(shown).not.toContain(VALUE);
    expect(shown).not.toContain(Buffer.from(VALUE).toString('base64').slice(0, 20));
  });

  it('says when a value is too short to be scrubbed', () => {
    const { vault } = openedVault();
    const set = (length: number) =>
      must(vault.set({ name: `N${length}`, value: 'x'.repeat(length), origins: [ORIGIN] })).tooShortToScrub;
    expect([set(limits.secretMinScrubChars - 1), set(limits.secretMinScrubChars)]).toEqual([true, false]);
  });

  const refused: readonly [string, Parameters<ReturnType<typeof openedVault>['vault']['set']>[0]][] = [
    ['no origin', { name: 'KEY', value: VALUE, origins: [] }],
    ['an origin with a path', { name: 'KEY', value: VALUE, origins: [`${ORIGIN}/v1`] }],
    ['a bad name', { name: 'a b', value: VALUE, origins: [ORIGIN] }],
    ['an empty value', { name: 'KEY', value: '', origins: [ORIGIN] }],
    ['a placeholder', { name: 'KEY', value: '$' + '{KEY}', origins: [ORIGIN] }],
    ['a label of two lines', { name: 'KEY', value: VALUE, origins: [ORIGIN], label: 'a\nb' }],
    ['an expiry that is now', { name: 'KEY', value: VALUE, origins: [ORIGIN], expiresAt: NOW }],
    ['an expiry that is no number', { name: 'KEY', value: VALUE, origins: [ORIGIN], expiresAt: Number.NaN }],
  ];
  for (const [what, input] of refused) {
    it(`refuses ${what}, and makes no vault for it`, () => {
      const { vault } = openedVault();
      expect(failureOf(vault.set(input)).code).toBe('SECRET/INVALID');
      expect(must(vault.status()).exists).toBe(false);
    });
  }
});

describe('replacing', () => {
  it('keeps id, origins, label and use count, and takes the expiry away', async () => {
    const { vault, secrets } = openedVault();
    const first = must(
      vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN], label: 'Live', pathAllowed: true, expiresAt: NOW + 1 }),
    ).info;
    must(await secrets.resolve('KEY', ORIGIN));
    const second = must(vault.set({ name: 'KEY', value: 'another value', origins: [], replace: true })).info;
    const { expiresAt: _, ...kept } = first;
    expect(second).toEqual({ ...kept, rotatedAt: NOW, useCount: 1, lastUsedAt: NOW });
    expect(must(await secrets.resolve('KEY', ORIGIN))).toBe('another value');
  });

  it('takes new origins, label and path word where they are given', async () => {
    const { vault, secrets } = openedVault();
    must(vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN] }));
    const input = {
      name: 'KEY',
      value: 'another value',
      origins: [OTHER],
      label: 'New',
      pathAllowed: true,
      replace: true,
    };
    expect(must(vault.set(input)).info).toMatchObject({ origins: [OTHER], label: 'New', pathAllowed: true });
    expect(failureOf(await secrets.resolve('KEY', ORIGIN)).code).toBe('SECRET/ORIGIN_NOT_BOUND');
  });

  it('is refused without the word for it, and for a name that is not there', async () => {
    const { vault, secrets } = openedVault();
    must(vault.set({ name: 'STRIPE_KEY', value: VALUE, origins: [ORIGIN] }));
    expect(failureOf(vault.set({ name: 'STRIPE_KEY', value: 'other', origins: [ORIGIN] })).code).toBe('SECRET/EXISTS');
    const missing = failureOf(vault.set({ name: 'STRIPE_KEYS', value: 'other', origins: [], replace: true }));
    expect(missing).toMatchObject({ code: 'SECRET/NOT_FOUND', facts: { nearest: 'STRIPE_KEY' } });
    expect(must(await secrets.resolve('STRIPE_KEY', ORIGIN))).toBe(VALUE);
  });
});

describe('bind and delete', () => {
  it('adds origins and keeps the value', async () => {
    const { vault, secrets } = openedVault();
    must(vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN] }));
    expect(must(vault.bind('KEY', { origins: { add: [OTHER, ORIGIN] } })).origins).toEqual([OTHER, ORIGIN]);
    expect(must(await secrets.resolve('KEY', OTHER))).toBe(VALUE);
    expect(must(await secrets.resolve('KEY', ORIGIN))).toBe(VALUE);
  });

  it('removes a handle for good', async () => {
    const { vault, secrets } = openedVault();
    const { id } = must(vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN] })).info;
    expect(must(vault.delete(id)).name).toBe('KEY');
    expect(must(vault.list())).toEqual([]);
    for (const ref of ['KEY', id]) expect(failureOf(await secrets.resolve(ref, ORIGIN)).code).toBe('SECRET/NOT_FOUND');
  });

  it('fail for a handle that is not there, and where there is no vault', async () => {
    const { vault, secrets } = openedVault();
    const tries = async () => [
      vault.bind('KEY', { origins: { add: [ORIGIN] } }),
      vault.delete('KEY'),
      vault.describe('KEY'),
      secrets.describe('KEY'),
      await secrets.resolve('KEY', ORIGIN),
    ];
    for (const tried of await tries()) expect(failureOf(tried).code).toBe('SECRET/NOT_FOUND');
    expect(must(secrets.boundTo(ORIGIN))).toEqual([]);
    must(vault.set({ name: 'OTHER', value: VALUE, origins: [ORIGIN] }));
    for (const tried of await tries()) expect(failureOf(tried).code).toBe('SECRET/NOT_FOUND');
  });
});

describe('resolve', () => {
  it('P2: gives a value for a bound origin only', async () => {
    const { vault, secrets } = openedVault();
    must(vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN] }));
    for (const origin of [
      'http://api.example.com',
      'https://api.example.com:8443',
      'https://evil.example',
      '',
      'null',
    ]) {
      expect(failureOf(await secrets.resolve('KEY', origin)).code).toBe('SECRET/ORIGIN_NOT_BOUND');
    }
  });

  it('P7: gives nothing from the millisecond on in which a handle expires, but keeps it known to the scrubber', async () => {
    let now = NOW;
    const { vault, secrets } = openedVault({ now: () => now });
    must(vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN], expiresAt: NOW + 1_000 }));
    now = NOW + 999;
    expect(must(await secrets.resolve('KEY', ORIGIN))).toBe(VALUE);
    now = NOW + 1_000;
    expect(failureOf(await secrets.resolve('KEY', ORIGIN))).toMatchObject({
      code: 'SECRET/EXPIRED',
      facts: { expired: '2026-01-01T00:00:01.000Z' },
    });
    expect(must(secrets.boundTo(ORIGIN)).map(({ value }) => value)).toEqual([VALUE]);
  });

  it('counts each use, across processes and without one write per call', async () => {
    let now = NOW;
    const one = openedVault({ now: () => now });
    must(one.vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN] }));
    const other = openedVault({ home: one.home, now: () => now });
    for (let call = 0; call < 5; call += 1) must(await one.secrets.resolve('KEY', ORIGIN));
    for (let call = 0; call < 3; call += 1) must(await other.secrets.resolve('KEY', ORIGIN));
    now = NOW + 60_000;
    must(await one.secrets.resolve('KEY', ORIGIN));
    other.vault.close();
    expect(must(one.vault.describe('KEY'))).toMatchObject({ useCount: 9, lastUsedAt: now });
  });

  it('P1: tells every value bound to an origin, and no other', () => {
    const { vault, secrets } = openedVault();
    must(vault.set({ name: 'A', value: 'value of a', origins: [ORIGIN] }));
    must(vault.set({ name: 'B', value: 'value of b', origins: [ORIGIN, OTHER] }));
    must(vault.set({ name: 'C', value: 'value of c', origins: [OTHER] }));
    expect(must(secrets.boundTo(ORIGIN)).map(({ value }) => value)).toEqual(['value of a', 'value of b']);
    expect(must(secrets.boundTo('https://api.example.com.:443')).length).toBe(2);
    expect(must(secrets.boundTo('https://nowhere.example'))).toEqual([]);
  });

  it('P5: honours at once what another process changed', async () => {
    const server = openedVault();
    must(server.vault.set({ name: 'KEY', value: VALUE, origins: [ORIGIN] }));
    expect(must(await server.secrets.resolve('KEY', ORIGIN))).toBe(VALUE);
    const shell = openedVault({ home: server.home, keySource: {} });
    const revisions = [server.secrets.revision()];
    const noteRevision = () => revisions.push(server.secrets.revision());
    must(shell.vault.set({ name: 'KEY', value: 'rotated value', origins: [], replace: true }));
    noteRevision();
    expect(must(await server.secrets.resolve('KEY', ORIGIN))).toBe('rotated value');
    must(shell.vault.bind('KEY', { origins: { add: [OTHER] } }));
    noteRevision();
    expect(must(await server.secrets.resolve('KEY', OTHER))).toBe('rotated value');
    must(shell.vault.delete('KEY'));
    noteRevision();
    expect(failureOf(await server.secrets.resolve('KEY', ORIGIN)).code).toBe('SECRET/NOT_FOUND');
    expect(new Set(revisions).size).toBe(4);
    expect(server.secrets.revision()).toBe(server.secrets.revision());
  });
});
