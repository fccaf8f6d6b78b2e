// Every byte that says what a record may do, or how the vault opens, is part of what it authenticates; and what a roll-back
// shows, for each place of the key.
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { KeySourceKind } from '../../../shared/secret/key-source.ts';
import { createHeader, openHeader, type VaultHeader } from '../../../src/vault/header.ts';
import type { KeySourceConfig } from '../../../src/vault/key-context.ts';
import { openRecord, type RecordPolicy, type StoredRecord, sealRecord } from '../../../src/vault/record.ts';
import { failureOf, must, tamper, temporaryHome } from '../state/temporary-home.ts';
import { memoryKeyring, NOW, ORIGIN, OTHER, openedVault, withKey } from './open-vault-fixture.ts';

const KEY = Buffer.alloc(32, 1);
const VAULT = '0'.repeat(32);

const FULL: Required<RecordPolicy> = {
  id: `sec_${'a'.repeat(32)}`,
  name: 'NAME',
  label: 'Label',
  origins: [ORIGIN, OTHER],
  pathAllowed: true,
  createdAt: 1_000,
  updatedAt: 2_000,
  expiresAt: 3_000,
  tier: 'writing',
  places: ['header', 'path'],
  methods: ['POST', 'PUT'],
  maxUses: 10,
  source: 'vault',
  rotatedAt: 1_500,
};

const flips = (text: string): string[] =>
  [...text].flatMap((char, at) =>
    [0x01, 0x20].map((mask) => text.slice(0, at) + String.fromCharCode(char.charCodeAt(0) ^ mask) + text.slice(at + 1)),
  );

/** Every value next to the one given: each character changed, each number one off, each list with one more, one less, turned. */
function neighbours(value: unknown): unknown[] {
  if (typeof value === 'string') return [...flips(value), `${value}x`, value.slice(1), undefined];
  if (typeof value === 'number') return [value + 1, value - 1, undefined];
  if (typeof value === 'boolean') return [!value];
  if (!Array.isArray(value)) return [];
  const each = value.flatMap((item, at) => neighbours(item).map((other) => value.with(at, other ?? '')));
  return [...each, [...value, 'extra'], value.slice(1), [], [value.join('')], [value.join(',')], value.toReversed()];
}

describe('P4: a record opens with every field as it was sealed, and with no other', () => {
  const sealed = sealRecord(KEY, VAULT, FULL, 5, Buffer.from('value'));
  it('as it was sealed', () => expect(openRecord(KEY, VAULT, sealed)?.toString()).toBe('value'));

  for (const [field, value] of Object.entries(FULL)) {
    it(field, () => {
      const required = ['id', 'name', 'createdAt', 'updatedAt'].includes(field);
      const changes = neighbours(value).filter((change) => change !== undefined || !required);
      expect(changes.length).toBeGreaterThan(0);
      for (const change of changes) {
        const { [field]: _, ...rest } = { ...FULL } as Record<string, unknown>;
        const policy = (change === undefined ? rest : { ...rest, [field]: change }) as unknown as RecordPolicy;
        // An absent tier and source are spelled `reading` and `value`; every other absence is a change.
        expect(openRecord(KEY, VAULT, { ...sealed, policy }), JSON.stringify(change)).toBeUndefined();
      }
    });
  }

  it('version, vault and key', () => {
    expect(openRecord(KEY, VAULT, { ...sealed, version: 6 })).toBeUndefined();
    for (const vault of flips(VAULT)) expect(openRecord(KEY, vault, sealed)).toBeUndefined();
    expect(openRecord(Buffer.alloc(32, 2), VAULT, sealed)).toBeUndefined();
  });

  it('not with a field’s text moved into its neighbour', () => {
    const moved: readonly Partial<RecordPolicy>[] = [
      { name: 'NAM', label: 'ELabel' },
      { places: ['header'], methods: ['path', 'POST', 'PUT'] as const },
      { tier: 'reading', source: 'value' },
    ];
    for (const change of moved) {
      const record: StoredRecord = { ...sealed, policy: { ...FULL, ...change } };
      expect(openRecord(KEY, VAULT, record)).toBeUndefined();
    }
  });

  it('not with the nonce, the value or the tag of another', () => {
    const other = sealRecord(KEY, VAULT, { ...FULL, id: `sec_${'b'.repeat(32)}` }, 5, Buffer.from('value'));
    for (const part of ['nonce', 'ciphertext', 'tag'] as const) {
      const mixed = { ...sealed, sealed: { ...sealed.sealed, [part]: other.sealed[part] } };
      expect(openRecord(KEY, VAULT, mixed), part).toBeUndefined();
    }
    expect(openRecord(KEY, VAULT, { ...sealed, sealed: other.sealed })).toBeUndefined();
  });
});

describe('P4: a header opens with every field as it was made, and with no other', () => {
  const kdf = '{"n":131072,"r":8,"p":1,"salt":"AAAAAAAAAAAAAAAAAAAAAA"}';
  const header = createHeader({ source: 'passphrase', id: 'c'.repeat(32), kdf }, KEY, 1_000);
  it('as it was made', () => expect(openHeader(header, KEY)).toBeDefined());

  const texts: readonly [field: string, value: string, set: (value: string) => VaultHeader][] = [
    ['vault id', header.vaultId, (vaultId) => ({ ...header, vaultId })],
    ['source', header.key.source, (source) => ({ ...header, key: { ...header.key, source: source as KeySourceKind } })],
    ['key id', header.key.id, (id) => ({ ...header, key: { ...header.key, id } })],
    ['parameters', kdf, (changed) => ({ ...header, key: { ...header.key, kdf: changed } })],
  ];
  for (const [field, value, set] of texts) {
    it(field, () => {
      for (const changed of flips(value)) expect(openHeader(set(changed), KEY), changed).toBeUndefined();
    });
  }

  it('creation, and every byte of nonce, wrapped key and tag', () => {
    expect(openHeader({ ...header, createdAt: 1_001 }, KEY)).toBeUndefined();
    for (const part of ['nonce', 'ciphertext', 'tag'] as const) {
      for (const [at, byte] of header.wrapped[part].entries()) {
        const bytes = Buffer.from(header.wrapped[part]);
        bytes[at] = byte ^ 0x01;
        expect(openHeader({ ...header, wrapped: { ...header.wrapped, [part]: bytes } }, KEY), part).toBeUndefined();
      }
    }
  });
});

describe('P4: columns moved from one record to another', () => {
  const edits: readonly string[] = [
    "(places, methods) = (SELECT places, methods FROM handle WHERE name = 'B')",
    "(max_uses, tier) = (SELECT max_uses, tier FROM handle WHERE name = 'B')",
  ];
  for (const edit of edits) {
    it(`are refused: ${edit}`, async () => {
      const { home, vault } = openedVault();
      const own = { places: ['header'], methods: ['GET'], maxUses: 3 };
      must(vault.set({ name: 'A', value: 'value of a', origins: [ORIGIN], ...own }));
      must(vault.set({ name: 'B', value: 'value of b', origins: [ORIGIN], methods: ['POST'] }));
      vault.close();
      tamper(home, (sql) => sql.run(`UPDATE handle SET ${edit} WHERE handle.name = 'A'`));
      const again = openedVault({ home });
      expect((await again.secrets.resolve('A', ORIGIN)).ok).toBe(false);
      expect(failureOf(again.vault.check()).code).toBe('VAULT/CORRUPT');
    });
  }
});

const sources: readonly [source: KeySourceKind, config: KeySourceConfig][] = [
  ['keychain', { source: 'keychain' }],
  ['key-file', { source: 'key-file' }],
  ['environment', withKey(1, 'environment')],
  ['file-descriptor', withKey(1, 'file-descriptor')],
  ['systemd-credential', withKey(1, 'systemd-credential')],
];

describe('an older copy of the whole database', () => {
  const files = ['keyward.db', 'keyward.db-wal', 'keyward.db-shm'];
  const copy = (from: string, to: string, names: readonly string[]) => {
    for (const name of names) {
      if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name));
      else rmSync(join(to, name), { force: true });
    }
  };
  for (const [source, config] of sources) {
    it(`P4: is noticed with the key from ${source}${source === 'keychain' ? ', its files put back as well' : ', unless the counter is put back too'}`, () => {
      const home = temporaryHome();
      const kept = join(home, '..');
      const keyring = memoryKeyring();
      const open = () => openedVault({ home, keySource: config, makeKeyring: () => keyring });
      const first = open();
      must(first.vault.set({ name: 'A', value: 'revoked', origins: [ORIGIN] }));
      copy(home, kept, [...files, 'vault.counter']);
      must(first.vault.delete('A'));
      first.vault.close();
      copy(kept, home, files);
      expect(failureOf(open().vault.check()).code).toBe('VAULT/ROLLED_BACK');
      copy(kept, home, [...files, 'vault.counter']);
      // With the counter outside of the folder the whole folder can be put back and shows; in it, it does not.
      const whole = open().vault.check();
      expect(whole.ok ? 'not noticed' : whole.failure.code).toBe(
        source === 'keychain' ? 'VAULT/ROLLED_BACK' : 'not noticed',
      );
    });
  }

  it('cannot be told where the counter is gone, and verify says so', async () => {
    const { home, vault } = openedVault({ now: () => NOW });
    must(vault.set({ name: 'A', value: 'value of a', origins: [ORIGIN] }));
    expect(must((await vault.upkeep()).verify())).toMatchObject({ counterFound: true });
    rmSync(join(home, 'vault.counter'));
    expect(must((await vault.upkeep()).verify())).toMatchObject({ counterFound: false });
    must(vault.set({ name: 'B', value: 'value of b', origins: [ORIGIN] }));
    expect(must((await vault.upkeep()).verify())).toMatchObject({ counterFound: true });
  });
});
