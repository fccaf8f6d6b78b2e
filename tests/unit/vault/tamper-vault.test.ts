// Whoever can write the database, but has no key, must not be able to move, widen, revive or remove a secret unnoticed.
import { copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { columnList } from '../../../src/state/columns.ts';
import { failureOf, must, tamper } from '../state/temporary-home.ts';
import { NOW, type OpenedVault, ORIGIN, OTHER, openedVault } from './open-vault-fixture.ts';

const EVIL = 'https://evil.example';

/** A vault with two secrets, A and B, whose files are at rest. */
function storedVault(): string {
  const { home, vault } = openedVault();
  must(vault.set({ name: 'A', value: 'value of a', origins: [ORIGIN], label: 'Label', expiresAt: NOW + 1_000 }));
  must(vault.set({ name: 'B', value: 'value of b', origins: [OTHER] }));
  return home;
}

/** Everything that a signer, a server or an operator could still be told about A. */
async function attemptsAtA({ vault, secrets }: OpenedVault) {
  return [
    await secrets.resolve('A', ORIGIN),
    await secrets.resolve('A', EVIL),
    await secrets.resolve('A', OTHER),
    secrets.boundTo(ORIGIN),
    vault.check(),
  ];
}

async function expectRefused(opened: OpenedVault): Promise<void> {
  for (const attempt of await attemptsAtA(opened)) {
    const { code } = failureOf(attempt);
    expect(['VAULT/CORRUPT', 'SECRET/NOT_FOUND', 'SECRET/ORIGIN_NOT_BOUND']).toContain(code);
  }
  expect(failureOf(opened.vault.check()).code).toBe('VAULT/CORRUPT');
}

const sealedColumns = { nonce: 'bytes', ciphertext: 'bytes', tag: 'bytes' } as const;
const textColumns = { id: 'text', name: 'text', label: 'text', origins: 'text' } as const;

const MASKS = [0x01, 0x80];

describe('P4: a flipped bit in any byte of a record is refused', () => {
  const columns = [
    ...Object.keys(sealedColumns).map((name) => [name, 'BLOB']),
    ...Object.keys(textColumns).map((name) => [name, 'TEXT']),
  ];
  for (const [column = '', type = ''] of columns) {
    it(column, async () => {
      const home = storedVault();
      // The record is found by a column that this test leaves alone.
      const where = column === 'name' ? "handle.label = 'Label'" : "handle.name = 'A'";
      const write = (bytes: Buffer) =>
        tamper(home, (sql) => sql.run(`UPDATE handle SET ${column} = CAST(? AS ${type}) WHERE ${where}`, bytes));
      const whole = bytesIn(home, column, where);
      for (const [index, byte] of whole.entries()) {
        for (const mask of MASKS) {
          const flipped = Buffer.from(whole);
          flipped[index] = byte ^ mask;
          write(flipped);
          await expectRefused(openedVault({ home }));
        }
      }
      write(whole);
      expect(must(await openedVault({ home }).secrets.resolve('A', ORIGIN))).toBe('value of a');
    });
  }
});

function bytesIn(home: string, column: string, where: string): Buffer {
  let found: unknown;
  tamper(home, (sql) => {
    found = sql.one(`SELECT ${columnList({ [column]: 'bytes' })} FROM handle WHERE ${where}`)?.[column];
  });
  if (!Buffer.isBuffer(found) || found.length === 0) throw new Error(`no ${column}`);
  return found;
}

const edits: readonly [what: string, edit: string][] = [
  ['origins widened', `UPDATE handle SET origins = '["${ORIGIN}","${EVIL}"]' WHERE handle.name = 'A'`],
  ['origins replaced', `UPDATE handle SET origins = '["${EVIL}"]' WHERE handle.name = 'A'`],
  ['origins joined into one', `UPDATE handle SET origins = '["${ORIGIN}${EVIL}"]' WHERE handle.name = 'A'`],
  ['origins emptied', "UPDATE handle SET origins = '[]' WHERE handle.name = 'A'"],
  ['origins not a list', `UPDATE handle SET origins = '"${ORIGIN}"' WHERE handle.name = 'A'`],
  ['the path word given', "UPDATE handle SET path_allowed = 1 WHERE handle.name = 'A'"],
  ['the path word out of range', "UPDATE handle SET path_allowed = 2 WHERE handle.name = 'A'"],
  ['the expiry moved', "UPDATE handle SET expires_at = expires_at + 1 WHERE handle.name = 'A'"],
  ['the expiry taken away', "UPDATE handle SET expires_at = NULL WHERE handle.name = 'A'"],
  ['the label taken away', "UPDATE handle SET label = NULL WHERE handle.name = 'A'"],
  ['the label emptied', "UPDATE handle SET label = '' WHERE handle.name = 'A'"],
  ['the creation moved', "UPDATE handle SET created_at = created_at - 1 WHERE handle.name = 'A'"],
  ['the change moved', "UPDATE handle SET updated_at = updated_at + 1 WHERE handle.name = 'A'"],
  ['the version raised', "UPDATE handle SET version = version + 1 WHERE handle.name = 'A'"],
  ['a tag of four bytes', "UPDATE handle SET tag = substr(tag, 1, 4) WHERE handle.name = 'A'"],
  ['a tag of fifteen bytes', "UPDATE handle SET tag = substr(tag, 1, 15) WHERE handle.name = 'A'"],
  ['no tag', "UPDATE handle SET tag = x'' WHERE handle.name = 'A'"],
  ['a nonce of eleven bytes', "UPDATE handle SET nonce = substr(nonce, 1, 11) WHERE handle.name = 'A'"],
  ['a nonce of thirteen bytes', "UPDATE handle SET nonce = CAST(nonce || x'00' AS BLOB) WHERE handle.name = 'A'"],
  ['the value cut short', "UPDATE handle SET ciphertext = substr(ciphertext, 1, 4) WHERE handle.name = 'A'"],
  ['the value made longer', "UPDATE handle SET ciphertext = CAST(ciphertext || x'00' AS BLOB) WHERE handle.name = 'A'"],
  ['the value of B under A', swap('nonce', 'ciphertext', 'tag')],
  ['the origins of B under A', swap('origins')],
  ['the name changed', "UPDATE handle SET name = 'X' WHERE handle.name = 'A'"],
  ['another record removed', "DELETE FROM handle WHERE handle.name = 'B'"],
  ['the record removed', "DELETE FROM handle WHERE handle.name = 'A'"],
  [
    'a record added',
    "INSERT INTO handle SELECT 'sec_0', 'C', label, origins, 0, 0, 0, NULL, tier, NULL, NULL, NULL, source, NULL, 1, nonce, ciphertext, tag FROM handle LIMIT 1",
  ],
  ['every record removed', 'DELETE FROM handle'],
  ['the header removed', 'DELETE FROM vault'],
  ['the generation lowered', 'UPDATE vault SET generation = generation - 1'],
  ['the generation raised', 'UPDATE vault SET generation = generation + 1'],
  ['the manifest replaced', 'UPDATE vault SET manifest = zeroblob(32)'],
  ['the manifest emptied', "UPDATE vault SET manifest = x''"],
  ['the vault id replaced', "UPDATE vault SET vault_id = 'other'"],
  ['the wrapped key replaced', 'UPDATE vault SET wrapped_key = zeroblob(32)'],
  ['a wrapping tag of four bytes', 'UPDATE vault SET tag = substr(tag, 1, 4)'],
  ['the key parameters replaced', "UPDATE vault SET kdf = '{}'"],
  ['the creation of the vault moved', 'UPDATE vault SET created_at = created_at + 1'],
  ['the format raised', 'UPDATE vault SET format = 2'],
  ['the key source unknown', "UPDATE vault SET key_source = 'constructor'"],
];

function swap(...columns: string[]): string {
  const sets = columns.map((column) => `${column} = (SELECT ${column} FROM handle WHERE name = 'B')`);
  return `UPDATE handle SET ${sets.join(', ')} WHERE name = 'A'`;
}

describe('P4: an edited vault is refused', () => {
  for (const [what, edit] of edits) {
    it(what, async () => {
      const home = storedVault();
      tamper(home, (sql) => sql.run(edit));
      const opened = openedVault({ home, keySource: {} });
      await expectRefused(opened);
      expect(opened.vault.set({ name: 'A', value: 'new', origins: [], replace: true }).ok, 'sealed anew').toBe(false);
    });
  }

  it('a record put back to an older copy of itself, which is authentic by itself', async () => {
    const { home, vault } = openedVault();
    must(vault.set({ name: 'A', value: 'revoked value', origins: [ORIGIN] }));
    tamper(home, (sql) => sql.run('CREATE TABLE kept AS SELECT * FROM handle'));
    must(vault.set({ name: 'A', value: 'new value', origins: [], replace: true }));
    tamper(home, (sql) => {
      sql.run('DELETE FROM handle');
      sql.run('INSERT INTO handle SELECT * FROM kept');
    });
    await expectRefused(openedVault({ home }));
  });

  it('the whole database put back to an older copy', async () => {
    const { home, vault } = openedVault();
    must(vault.set({ name: 'A', value: 'revoked value', origins: [ORIGIN] }));
    const copy = join(home, 'copy.db');
    tamper(home, (sql) => sql.run('DELETE FROM handle_use'));
    const files = ['', '-wal', '-shm'];
    for (const suffix of files) copyFileSync(join(home, `keyward.db${suffix}`), `${copy}${suffix}`);
    must(vault.delete('A'));
    for (const suffix of files) copyFileSync(`${copy}${suffix}`, join(home, `keyward.db${suffix}`));
    const opened = openedVault({ home });
    const refused = failureOf(await opened.secrets.resolve('A', ORIGIN));
    expect(refused).toMatchObject({ code: 'VAULT/ROLLED_BACK', facts: { found: 1, seen: 2 } });
    expect(failureOf(opened.vault.set({ name: 'B', value: 'new', origins: [ORIGIN] })).code).toBe('VAULT/ROLLED_BACK');
    rmSync(join(home, 'vault.counter'));
    expect(must(await opened.secrets.resolve('A', ORIGIN)), 'the way out that the failure names').toBe('revoked value');
  });
});

describe('a damaged record', () => {
  it('P5: can be deleted, which leaves the others whole', async () => {
    const home = storedVault();
    tamper(home, (sql) => sql.run("UPDATE handle SET tag = zeroblob(16) WHERE handle.name = 'A'"));
    const { vault, secrets } = openedVault({ home });
    expect(must(await secrets.resolve('B', OTHER))).toBe('value of b');
    expect(failureOf(vault.list())).toMatchObject({ code: 'VAULT/CORRUPT', facts: { what: 'the secret "A"' } });
    must(vault.delete('A'));
    expect(must(vault.check()).secrets).toBe(1);
    expect(must(await secrets.resolve('B', OTHER))).toBe('value of b');
  });

  it('P4: is not sealed anew by binding or replacing it', () => {
    const home = storedVault();
    tamper(home, (sql) => sql.run(`UPDATE handle SET origins = '["${EVIL}"]' WHERE handle.name = 'A'`));
    const { vault } = openedVault({ home });
    expect(failureOf(vault.bind('A', { origins: { add: [ORIGIN] } })).code).toBe('VAULT/CORRUPT');
    expect(failureOf(vault.set({ name: 'A', value: 'new value', origins: [], replace: true })).code).toBe(
      'VAULT/CORRUPT',
    );
  });
});
