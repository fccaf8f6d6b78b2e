import { chmodSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseKeyText } from '../../../shared/access/key-text.ts';
import { ok } from '../../../shared/failure/result.ts';
import { createKeyStore, type KeyStore } from '../../../src/access/key-store.ts';
import { createKeyUses } from '../../../src/access/key-uses.ts';
import type { State } from '../../../src/state/state.ts';
import { later } from '../state/later.ts';
import { failureOf, must, tamper, temporaryHome, temporaryState } from '../state/temporary-home.ts';
import { memoryState } from './memory-state.ts';

const HOUR = 3_600_000;

function opened(state = memoryState()) {
  const clock = { at: 1_800_000_000_000 };
  const store = createKeyStore({ state, now: () => clock.at });
  return { home: state.home, state, clock, store };
}

function opens(store: KeyStore, key: string): string | undefined {
  const parts = parseKeyText(key);
  if (!parts) throw new Error('no key');
  return must(store.verify(parts))?.callerId;
}

type Server = ReturnType<typeof atWork>;

/** A server that has let a key in before, and the same data folder as another process sees it. */
function atWork() {
  const home = temporaryHome();
  const clock = { at: later() };
  const now = () => clock.at;
  const [state, elsewhere] = [temporaryState(home), temporaryState(home)];
  const reads = { count: 0 };
  const store = createKeyStore({ state: counting(state, reads), now });
  const other = createKeyStore({ state: elsewhere, now });
  const { key } = must(other.create({ name: 'agent', scopes: ['read'], expiresAt: clock.at + HOUR }));
  return { home, clock, state, store, other, key, reads };
}

/** The same state, which counts how often it is read. */
function counting(state: State, reads: { count: number }): State {
  return {
    home: state.home,
    read(work) {
      reads.count += 1;
      return state.read(work);
    },
    write: (...asked) => state.write(...asked),
    mark: () => state.mark(),
    close: () => state.close(),
  };
}

const ENDS: readonly (readonly [title: string, end: (server: Server) => void])[] = [
  ['P7: another process revoked it', ({ other }) => must(other.revoke('agent'))],
  ['P7: this process revoked it', ({ store }) => must(store.revoke('agent'))],
  ['P7: another process rotated it', ({ other }) => must(other.rotate('agent', { graceMs: 0 }))],
  ['P7: this process rotated it', ({ store }) => must(store.rotate('agent', { graceMs: 0 }))],
  ['P7: its time has come', ({ clock }) => (clock.at += HOUR)],
  [
    'P7: the grace of a rotation is over',
    ({ other, clock }) => {
      must(other.rotate('agent', { graceMs: 1 }));
      clock.at += 1;
    },
  ],
  ['P4: its row was changed', ({ home }) => tamper(home, (sql) => sql.run("UPDATE access_key SET scopes = '[]'"))],
  ['P4: its row is gone', ({ home }) => tamper(home, (sql) => sql.run('DELETE FROM access_key'))],
  ['P4: the key of the data folder is gone', ({ home }) => rmSync(join(home, 'trust.key'))],
];

describe('the keys of callers', () => {
  it('P1: keeps nothing of a key that opens anything', () => {
    const { state, store } = opened();
    const { key } = must(store.create({ name: 'agent', scopes: [] }));
    const row = must(state.read((sql) => ({ ok: true, value: sql.one('SELECT * FROM access_key') })));
    const secret = parseKeyText(key)?.secret ?? '';
    for (const value of Object.values(row ?? {})) {
      expect(Buffer.from(value instanceof Uint8Array ? value : String(value)).includes(secret)).toBe(false);
    }
    expect(JSON.stringify(must(store.list()))).not.toContain(secret);
  });

  it('opens with the very key, until it ends', () => {
    const { clock, store } = opened();
    const made = must(store.create({ name: 'agent', scopes: ['read'], expiresAt: clock.at + HOUR }));
    const other = must(store.create({ name: 'other', scopes: [] }));
    expect(opens(store, made.key)).toBe(made.info.callerId);
    expect(opens(store, other.key)).not.toBe(made.info.callerId);
    const [mine, theirs] = [parseKeyText(made.key), parseKeyText(other.key)];
    if (!mine || !theirs) throw new Error('no keys');
    for (const parts of [
      { keyId: mine.keyId, secret: theirs.secret },
      { keyId: 'unknownunkno', secret: mine.secret },
      // What stands in the place of a row that is not there.
      { keyId: '0', secret: '' },
    ]) {
      expect(must(store.verify(parts))).toBeUndefined();
    }
    clock.at += HOUR - 1;
    expect(opens(store, made.key)).toBe(made.info.callerId);
    clock.at += 1;
    expect(opens(store, made.key)).toBeUndefined();
    expect(must(store.list()).map(({ name, state }) => [name, state])).toEqual([
      ['agent', 'expired'],
      ['other', 'active'],
    ]);
  });

  it('has one key of a name; one made after its end is another caller', () => {
    const { store } = opened();
    const first = must(store.create({ name: 'agent', scopes: [] }));
    expect(failureOf(store.create({ name: 'agent', scopes: [] })).code).toBe('ACCESS/KEY_EXISTS');
    expect(must(store.revoke('agent'))).toMatchObject([{ keyId: first.info.keyId }]);
    expect(opens(store, first.key)).toBeUndefined();
    expect(must(store.hasLive())).toBe(false);
    const second = must(store.create({ name: 'agent', scopes: [] }));
    expect(second.info.callerId).not.toBe(first.info.callerId);
    expect(must(store.hasLive())).toBe(true);
    expect(failureOf(store.revoke('agnet'))).toMatchObject({
      code: 'ACCESS/KEY_NOT_FOUND',
      facts: { nearest: 'agent' },
    });
    expect(failureOf(store.rotate('agnet', { graceMs: 0 })).code).toBe('ACCESS/KEY_NOT_FOUND');
  });

  it('P7: ends a key for a server that runs already', () => {
    const { home, store } = opened(temporaryState());
    const { key } = must(store.create({ name: 'agent', scopes: [] }));
    expect(opens(store, key)).toBeDefined();
    must(createKeyStore({ state: temporaryState(home), now: Date.now }).revoke('agent'));
    expect(opens(store, key)).toBeUndefined();
  });

  it.each(ENDS)('a key that is in use opens nothing any more: %s', (_, end) => {
    const server = atWork();
    expect([opens(server.store, server.key), opens(server.store, server.key)]).not.toContain(undefined);
    expect(server.reads.count).toBe(1);
    end(server);
    expect(opens(server.store, server.key)).toBeUndefined();
  });

  it('P7: fails for a key in use where others can read what vouches for it', () => {
    const { home, store, key } = atWork();
    const parts = parseKeyText(key);
    if (!parts) throw new Error('no key');
    expect(must(store.verify(parts))).toBeDefined();
    chmodSync(join(home, 'trust.key'), 0o640);
    expect(failureOf(store.verify(parts)).code).toBe('CONFIG/HOME_UNSAFE');
  });

  it('P10: looks up an unknown id and a wrong secret alike, each time', () => {
    const { store, key, reads } = atWork();
    const parts = parseKeyText(key);
    if (!parts) throw new Error('no key');
    const wrong = [
      { ...parts, keyId: 'unknownunkno' },
      { ...parts, secret: parts.secret.replace(/^./, other) },
    ];
    expect(opens(store, key)).toBeDefined();
    for (const each of [...wrong, ...wrong]) {
      const before = reads.count;
      expect(must(store.verify(each))).toBeUndefined();
      expect(reads.count).toBe(before + 1);
    }
    const before = reads.count;
    expect(opens(store, key)).toBeDefined();
    expect(reads.count).toBe(before);
  });

  it('rotates: the caller stays, the old key goes, at once or after a grace', () => {
    const { clock, store } = opened();
    const first = must(store.create({ name: 'agent', scopes: ['read'], expiresAt: clock.at + 10 * HOUR }));
    const second = must(store.rotate('agent', { graceMs: 0 }));
    expect(second.info).toMatchObject({ callerId: first.info.callerId, name: 'agent', scopes: ['read'] });
    expect(second.info.keyId).not.toBe(first.info.keyId);
    expect(opens(store, first.key)).toBeUndefined();
    clock.at += 2 * HOUR;
    const third = must(store.rotate('agent', { graceMs: HOUR }));
    expect(third.info.expiresAt).toBe(clock.at + 10 * HOUR);
    expect([opens(store, second.key), opens(store, third.key)]).toEqual([first.info.callerId, first.info.callerId]);
    expect(must(store.list()).map(({ state }) => state)).toEqual(['revoked', 'replaced', 'active']);
    clock.at += HOUR;
    expect([opens(store, second.key), opens(store, third.key)]).toEqual([undefined, first.info.callerId]);
    must(store.rotate('agent', { graceMs: HOUR }));
    expect(must(store.revoke('agent'))).toHaveLength(3);
    expect(must(store.hasLive())).toBe(false);
  });

  it('never gives the old key of a rotation longer than it had', () => {
    const { clock, store } = opened();
    const first = must(store.create({ name: 'agent', scopes: [], expiresAt: clock.at + HOUR }));
    must(store.rotate('agent', { graceMs: 24 * HOUR, expiresAt: clock.at + 99 * HOUR }));
    clock.at += HOUR;
    expect(opens(store, first.key)).toBeUndefined();
  });

  it('takes names that show on one line, and no others', () => {
    const { store } = opened();
    const nameOf = (name: string) => store.create({ name, scopes: [] });
    for (const name of ['a', 'Ops team: nightly', 'größe', '🔑', 'x'.repeat(64)]) {
      expect(must(nameOf(name)).info.name).toBe(name);
    }
    const none = ['', ' ', ' a', 'a ', 'x'.repeat(65), 'a\nb', 'a\tb', 'a\u202eb', 'a\u0000b', '\ud800', 'a\u2028b'];
    for (const name of none) expect(failureOf(nameOf(name)).code, JSON.stringify(name)).toBe('INPUT/INVALID');
  });

  const CHANGES: readonly (readonly [what: string, sql: string])[] = [
    ['the scopes', `UPDATE access_key SET scopes = '["execute:unsafe"]'`],
    ['the caller', "UPDATE access_key SET caller_id = 'somebody'"],
    ['the name', "UPDATE access_key SET name = 'admin'"],
    ['the expiry', 'UPDATE access_key SET expires_at = NULL'],
    ['the end', 'UPDATE access_key SET revoked_at = 0'],
    ['the age', 'UPDATE access_key SET created_at = 0'],
    ['the proof', "UPDATE access_key SET mac = ''"],
    ['a name that is no text', "UPDATE access_key SET name = CAST(x'ff' AS TEXT)"],
    ['a short digest', "UPDATE access_key SET digest = x'00'"],
    [
      'a row of its own',
      `INSERT INTO access_key SELECT 'ffffffffffff', caller_id, name, digest, scopes, created_at, NULL, NULL, mac FROM access_key; DELETE FROM access_key WHERE key_id <> 'ffffffffffff'`,
    ],
  ];

  it.each(CHANGES)('P4: is no key once the database was changed: %s', (_, statements) => {
    const { state, clock, store } = opened();
    const { key } = must(store.create({ name: 'agent', scopes: ['read'], expiresAt: clock.at + HOUR }));
    state.write((sql) => {
      for (const statement of statements.split('; ')) sql.run(statement);
      return ok(undefined);
    }, 'durable');
    const parts = parseKeyText(key);
    for (const keyId of [parts?.keyId ?? '', 'ffffffffffff']) {
      expect(must(store.verify({ keyId, secret: parts?.secret ?? '' }))).toBeUndefined();
    }
    expect(must(store.list()).map(({ state }) => state)).toEqual(['unverified']);
    expect(must(store.hasLive())).toBe(false);
    const [{ name = '' } = {}] = must(store.list());
    if (name !== '\ufffd') expect(must(store.revoke(name))).toHaveLength(1);
  });

  it('P4: is no key without the key outside of the database, or with another one', () => {
    const { home, store } = opened();
    const { key } = must(store.create({ name: 'agent', scopes: [] }));
    rmSync(join(home, 'trust.key'));
    expect(opens(store, key)).toBeUndefined();
    must(store.create({ name: 'other', scopes: [] }));
    expect(opens(store, key)).toBeUndefined();
    expect(must(store.create({ name: 'agent', scopes: [] })).info.name).toBe('agent');
  });

  it('remembers when a key was used last, and writes it once a minute', () => {
    const { state, clock, store } = opened();
    const { info } = must(store.create({ name: 'agent', scopes: [] }));
    const uses = createKeyUses(state);
    const written = () => must(store.list()).map(({ lastUsedAt }) => lastUsedAt);
    uses.note(info.keyId, clock.at);
    uses.note('nosuchkeynos', clock.at);
    expect(written()).toEqual([undefined]);
    uses.close();
    expect(written()).toEqual([clock.at]);
    uses.note(info.keyId, clock.at + 1_000);
    expect(written()).toEqual([clock.at]);
    uses.close();
    expect(written()).toEqual([clock.at + 1_000]);
  });
});

function other(character: string): string {
  return character === 'A' ? 'B' : 'A';
}
