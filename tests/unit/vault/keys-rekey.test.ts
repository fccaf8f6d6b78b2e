// One key takes the place of another: the secrets stay, and a run that ends at any step leaves a vault that opens.
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ok } from '../../../shared/failure/result.ts';
import type { GivenKeySource, KeySourceKind } from '../../../shared/secret/key-source.ts';
import type { KeySourceConfig } from '../../../src/vault/key-context.ts';
import type { RekeyStep } from '../../../src/vault/rekey.ts';
import { failureOf, must, tamper, temporaryHome } from '../state/temporary-home.ts';
import { memoryKeyring, type OpenedVault, ORIGIN, openedVault, withKey, withPassphrase } from './open-vault-fixture.ts';

const VALUES = { A: 'value of a', B: 'value of b' } as const;
const STEPS: readonly RekeyStep[] = ['noted', 'stored', 'sealed', 'replaced', 'removed'];

type Target = KeySourceConfig & { readonly source: KeySourceKind };

const keychain: Target = { source: 'keychain' };
const keyFile: Target = { source: 'key-file' };
const given = (byte: number, source: GivenKeySource = 'environment'): Target => ({ ...withKey(byte), source });
const PASSPHRASE: Target = { ...withPassphrase('six words that nobody knows'), source: 'passphrase' };

interface Stand {
  readonly home: string;
  readonly keyring: ReturnType<typeof memoryKeyring>;
  open(keySource: KeySourceConfig): OpenedVault;
}

function standWith(from: KeySourceConfig): Stand {
  const home = temporaryHome();
  const keyring = memoryKeyring();
  const open = (keySource: KeySourceConfig) => openedVault({ home, keySource, makeKeyring: () => keyring });
  const { vault } = open(from);
  for (const [name, value] of Object.entries(VALUES)) must(vault.set({ name, value, origins: [ORIGIN] }));
  vault.close();
  return { home, keyring, open };
}

async function rekey({ open }: Stand, from: KeySourceConfig, to: Target, newDataKey: boolean, endAt?: RekeyStep) {
  const { vault } = open(from);
  const upkeep = await vault.upkeep();
  const onStep = (step: RekeyStep) => {
    if (step === endAt) throw new Error('ended');
  };
  try {
    return upkeep.rekey({ to, newDataKey, onStep });
  } finally {
    vault.close();
  }
}

async function valuesWith({ open }: Stand, keySource: KeySourceConfig) {
  const { secrets, vault } = open(keySource);
  const found: Record<string, string> = {};
  for (const name of Object.keys(VALUES)) {
    const value = await secrets.resolve(name, ORIGIN);
    found[name] = value.ok ? value.value : value.failure.code;
  }
  vault.close();
  return found;
}

/** What a vault whose key has this source leaves anywhere. */
function expectNothingLeft({ home, keyring }: Stand, source: KeySourceKind): void {
  const files = readdirSync(home).filter((file) => file.startsWith('vault.'));
  const items = [...keyring.items.keys()].map((account) => account.split(':')[0]);
  expect(files.sort()).toEqual(
    source === 'keychain' ? [] : source === 'key-file' ? ['vault.counter', 'vault.key'] : ['vault.counter'],
  );
  expect(items.sort()).toEqual(source === 'keychain' ? ['vault-counter', 'vault-key'] : []);
}

const moves: readonly (readonly [from: Target, to: Target])[] = [
  [keyFile, keyFile],
  [keychain, keychain],
  [keyFile, keychain],
  [keychain, keyFile],
  [keyFile, given(2)],
  [given(1), keychain],
  [given(1, 'systemd-credential'), given(2, 'file-descriptor')],
];

/** A key that is handed over is neither noted nor stored. */
const stepsTo = ({ source }: Target) => (source === 'keychain' || source === 'key-file' ? STEPS : STEPS.slice(2));

describe('rekeying', () => {
  for (const [at, [from, to]] of moves.entries()) {
    const newDataKey = at % 2 === 0;
    it(`from ${from.source} to ${to.source} keeps every secret and leaves nothing of the old key`, async () => {
      const stand = standWith(from);
      const before = must(stand.open({}).vault.list());
      const done = must(await rekey(stand, from, to, newDataKey));
      expect(done).toMatchObject({ from: from.source, to: to.source, secrets: 2, left: 0 });
      expect(must(stand.open({}).vault.list()), 'ids and policies stay').toEqual(before);
      expect(await valuesWith(stand, to)).toEqual(VALUES);
      expectNothingLeft(stand, to.source);
    });

    for (const endAt of stepsTo(to)) {
      it(`P5: from ${from.source} to ${to.source} that ends once ${endAt} leaves a vault that opens, and nothing else`, async () => {
        const stand = standWith(from);
        await expect(rekey(stand, from, to, newDataKey, endAt)).rejects.toThrow('ended');
        const now = endAt === 'replaced' || endAt === 'removed' ? to : from;
        expect(await valuesWith(stand, now)).toEqual(VALUES);
        const { vault } = stand.open(now);
        expect(must((await vault.upkeep()).verify())).toMatchObject({ secrets: 2, left: 0 });
        expectNothingLeft(stand, now.source);
      });
    }
  }

  it('to a passphrase and from one', async () => {
    const stand = standWith(keyFile);
    must(await rekey(stand, {}, PASSPHRASE, false));
    expect(await valuesWith(stand, {})).toEqual({ A: 'VAULT/KEY_UNAVAILABLE', B: 'VAULT/KEY_UNAVAILABLE' });
    must(await rekey(stand, withPassphrase('six words that nobody knows'), keyFile, true));
    expect(await valuesWith(stand, keyFile)).toEqual(VALUES);
  });

  it('with a new data key encrypts everything anew, and without it nothing', async () => {
    for (const newDataKey of [true, false]) {
      const stand = standWith(keyFile);
      const before = ciphertexts(stand.home);
      must(await rekey(stand, keyFile, keyFile, newDataKey));
      const kept = ciphertexts(stand.home).filter((each) => before.includes(each));
      expect(kept.length).toBe(newDataKey ? 0 : 2);
    }
  });

  it('P4: the old key opens nothing any more, not even with the old header put back', async () => {
    const stand = standWith(given(1));
    tamper(stand.home, (sql) => sql.run('CREATE TABLE kept AS SELECT * FROM vault'));
    must(await rekey(stand, given(1), given(2), true));
    expect(await valuesWith(stand, given(1))).toEqual({ A: 'VAULT/KEY_WRONG', B: 'VAULT/KEY_WRONG' });
    tamper(stand.home, (sql) => {
      sql.run('DELETE FROM vault');
      sql.run('INSERT INTO vault SELECT * FROM kept');
    });
    for (const code of Object.values(await valuesWith(stand, given(1)))) expect(code).toMatch(/^VAULT\//);
  });
});

function ciphertexts(home: string): string[] {
  const found: string[] = [];
  tamper(home, (sql) => {
    for (const row of sql.all('SELECT hex(ciphertext) AS text FROM handle')) found.push(String(row.text));
  });
  return found;
}

describe('P7: rekeying is refused, and nothing changes,', () => {
  const locked = () => {
    throw new Error('unlock prompt was dismissed');
  };
  const refusals: readonly [what: string, from: Target, config: KeySourceConfig, to: Target, code: string][] = [
    ['without the present key', given(1), {}, keyFile, 'VAULT/KEY_UNAVAILABLE'],
    ['with a wrong present key', given(1), withKey(3), keyFile, 'VAULT/KEY_WRONG'],
    ['to the key that it has', given(1), withKey(1), given(1, 'file-descriptor'), 'INPUT/INVALID'],
    ['without a new key', keyFile, {}, { source: 'environment' }, 'VAULT/KEY_UNAVAILABLE'],
    ['without a new passphrase', keyFile, {}, { source: 'passphrase' }, 'VAULT/KEY_UNAVAILABLE'],
    [
      'to a short passphrase',
      keyFile,
      {},
      { ...withPassphrase('elevenchars'), source: 'passphrase' },
      'VAULT/KEY_UNAVAILABLE',
    ],
    ['to memory', keyFile, {}, { source: 'memory' }, 'VAULT/KEY_UNAVAILABLE'],
    ['to a locked keychain', keyFile, {}, keychain, 'VAULT/KEY_UNAVAILABLE'],
    ['over a damaged record, with a new data key', keyFile, {}, keyFile, 'VAULT/CORRUPT'],
  ];
  for (const [what, from, config, to, code] of refusals) {
    it(what, async () => {
      const stand = standWith(from);
      if (code === 'VAULT/CORRUPT')
        tamper(stand.home, (sql) => sql.run("UPDATE handle SET tag = zeroblob(16) WHERE handle.name = 'B'"));
      const makeKeyring = () => ({ read: locked, write: locked, delete: locked });
      const { vault } = openedVault({ home: stand.home, keySource: config, makeKeyring });
      const before = headerOf(stand.home);
      const tried = (await vault.upkeep()).rekey({ to, newDataKey: true });
      expect(failureOf(tried).code).toBe(code);
      expect(headerOf(stand.home)).toBe(before);
      vault.close();
      expect((await valuesWith(stand, from)).A).toBe(VALUES.A);
      const extra = readdirSync(stand.home).filter((file) => file.startsWith('vault.key.'));
      expect(extra).toEqual([]);
    });
  }
});

function headerOf(home: string): string {
  let text = '';
  tamper(home, (sql) => {
    text = String(sql.one('SELECT hex(wrapped_key) || hex(manifest) || key_id AS text FROM vault')?.text);
  });
  return text;
}

describe('a process that has the vault open while another rekeys it', () => {
  for (const newDataKey of [false, true]) {
    it(`goes on with the new key where it can have it (${newDataKey ? 'new' : 'same'} data key)`, async () => {
      const stand = standWith(keyFile);
      const { secrets, vault } = stand.open(keyFile);
      expect(must(await secrets.resolve('A', ORIGIN))).toBe(VALUES.A);
      must(await rekey(stand, keyFile, keyFile, newDataKey));
      must(vault.set({ name: 'C', value: 'value of c', origins: [ORIGIN] }));
      expect(must(await secrets.resolve('A', ORIGIN))).toBe(VALUES.A);
      expect(must(stand.open(keyFile).vault.check()).secrets).toBe(3);
    });
  }

  it('P7: is refused where it cannot', async () => {
    const stand = standWith(keyFile);
    const { secrets, vault } = stand.open(keyFile);
    must(await secrets.resolve('A', ORIGIN));
    must(await rekey(stand, keyFile, given(2), false));
    expect(failureOf(await secrets.resolve('A', ORIGIN)).code).toBe('VAULT/KEY_UNAVAILABLE');
    expect(failureOf(vault.set({ name: 'C', value: 'x', origins: [ORIGIN] })).code).toBe('VAULT/KEY_UNAVAILABLE');
  });
});

describe('notes of keys to be removed', () => {
  it('P4: that someone else wrote remove nothing, of this vault or another', async () => {
    const stand = standWith(keychain);
    stand.keyring.write(`vault-key:${'e'.repeat(32)}`, 'of another vault');
    tamper(stand.home, (sql) => {
      sql.run("INSERT INTO spare_key (key_id, source, mac) SELECT key_id, 'keychain', zeroblob(32) FROM vault");
      sql.run("INSERT INTO spare_key (key_id, source, mac) VALUES (?, 'keychain', zeroblob(32))", 'e'.repeat(32));
    });
    const { vault } = stand.open(keychain);
    must((await vault.upkeep()).verify());
    expect(stand.keyring.items.has(`vault-key:${'e'.repeat(32)}`)).toBe(true);
    expect(await valuesWith(stand, keychain)).toEqual(VALUES);
  });

  it('stay while the keychain that has the key is locked, and are told', async () => {
    const stand = standWith(keychain);
    await expect(rekey(stand, keychain, keyFile, false, 'replaced')).rejects.toThrow('ended');
    const locked = (): never => {
      throw new Error('unlock prompt was dismissed');
    };
    const shut = openedVault({
      home: stand.home,
      makeKeyring: () => ({ read: locked, write: locked, delete: locked }),
    });
    const upkeep = await shut.vault.upkeep();
    expect(must(upkeep.verify())).toMatchObject({ removed: 0, left: 1 });
    expect(must(upkeep.describe())).toMatchObject({ spareKeys: 1 });
    shut.vault.close();
    const { vault } = stand.open(keyFile);
    expect(must((await vault.upkeep()).verify())).toMatchObject({ removed: 1, left: 0 });
    expectNothingLeft(stand, 'key-file');
  });
});

describe('a key file', () => {
  it('P5: that a killed process left under two names is left under one', async () => {
    const stand = standWith(keyFile);
    must(await rekey(stand, keyFile, keyFile, false));
    const key = readFileSync(join(stand.home, 'vault.key'), 'utf8');
    const [, id = ''] = key.split('\n');
    writeFileSync(join(stand.home, `vault.key.${id}`), key, { mode: 0o600 });
    const { vault } = stand.open(keyFile);
    must((await vault.upkeep()).verify());
    expectNothingLeft(stand, 'key-file');
    expect(await valuesWith(stand, keyFile)).toEqual(VALUES);
  });

  it('P5: that a killed process had not finished goes with its note', async () => {
    const stand = standWith(keyFile);
    await expect(rekey(stand, keyFile, keyFile, false, 'stored')).rejects.toThrow('ended');
    const [unfinished = ''] = readdirSync(stand.home).filter((name) => /^vault\.key\.[0-9a-f]{32}$/.test(name));
    renameSync(join(stand.home, unfinished), join(stand.home, `${unfinished}.0123456789abcdef.tmp`));
    const { vault } = stand.open(keyFile);
    expect(must((await vault.upkeep()).verify())).toMatchObject({ left: 0 });
    expectNothingLeft(stand, 'key-file');
  });

  it('P5: that lies where the new one would go is not replaced', async () => {
    const stand = standWith(given(1));
    const foreign = `keyward-key-v1\n${'0'.repeat(32)}\n${Buffer.alloc(32, 9).toString('base64url')}\n`;
    writeFileSync(join(stand.home, 'vault.key'), foreign, { mode: 0o600 });
    must(await rekey(stand, given(1), keyFile, false));
    expect(readFileSync(join(stand.home, 'vault.key'), 'utf8')).toBe(foreign);
    expect(await valuesWith(stand, keyFile)).toEqual(VALUES);
  });
});

describe('a key of many sources at once', () => {
  it('is never tried in the place of the one that the vault has', async () => {
    const stand = standWith(given(1, 'file-descriptor'));
    const asked: string[] = [];
    const keySource: KeySourceConfig = {
      passphrase: () => ok(Buffer.from('six words that nobody knows')),
      givenKey: (source) => {
        asked.push(source);
        return ok(Buffer.alloc(32, 1));
      },
    };
    expect(await valuesWith(stand, keySource)).toEqual(VALUES);
    expect(asked).toEqual(['file-descriptor']);
  });
});
