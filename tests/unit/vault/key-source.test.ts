// Where the key comes from, and that a vault whose key cannot be had is left exactly as it is.
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeFailure } from '../../../shared/failure/failure.ts';
import { ok } from '../../../shared/failure/result.ts';
import { givenKeySources, keySources } from '../../../shared/secret/key-source.ts';
import type { KeySourceConfig } from '../../../src/vault/key-context.ts';
import { keySourceWarning } from '../../../src/vault/key-source.ts';
import { probeKeychain } from '../../../src/vault/keychain.ts';
import type { Keyring } from '../../../src/vault/keyring.ts';
import { osKeyring } from '../../../src/vault/os-keyring.ts';
import { failureOf, must, tamper, temporaryHome } from '../state/temporary-home.ts';
import { memoryKeyring, ORIGIN, openedVault, type VaultSetup, withKey, withPassphrase } from './open-vault-fixture.ts';

const PASSPHRASE = 'a long passphrase';

function throwing(message: string): () => Keyring {
  const fail = (): never => {
    throw new Error(message);
  };
  return () => ({ read: fail, write: fail, delete: fail });
}

// What the pinned package was seen to throw in each situation.
const keyrings: readonly [situation: string, state: string, make: () => Keyring][] = [
  ['one that works', 'available', () => memoryKeyring()],
  ['a locked one', 'locked', throwing('Platform failure: Secret Service: unlock prompt was dismissed')],
  [
    'no D-Bus',
    'absent',
    throwing('Platform failure: DBus error: Using X11 for dbus-daemon autolaunch was disabled at compile time'),
  ],
  [
    'a keyring that cannot write its file',
    'error',
    throwing("Platform failure: DBus error: Couldn't create item: An error occurred on the device"),
  ],
  [
    'a keyring that does not answer',
    'error',
    throwing('Platform failure: DBus error: Did not receive a reply. Possible causes include: …'),
  ],
  ['no login collection', 'absent', throwing('Secret Service: no result found')],
  ['one that fails', 'error', throwing('Platform failure: something else')],
  ['one that forgets', 'error', () => ({ ...memoryKeyring(), read: () => undefined })],
  ['one that answers with something else', 'error', () => ({ ...memoryKeyring(), read: () => 'something else' })],
];

describe('the keychain', () => {
  for (const [situation, state, make] of keyrings) {
    it(`P5: ${situation} is ${state}`, () => expect(probeKeychain(make)).toBe(state));
  }

  it('is left as it was by the probe', () => {
    const keyring = memoryKeyring();
    probeKeychain(() => keyring);
    expect(keyring.items.size).toBe(0);
  });

  it.skipIf(process.platform !== 'linux' || process.env.DBUS_SESSION_BUS_ADDRESS !== undefined)(
    'P5: the real one, pinned, is absent where no Secret Service runs, and never the kernel keyring',
    () => expect(probeKeychain(osKeyring)).toBe('absent'),
  );
});

describe('a new vault', () => {
  it('takes the keychain where nothing is configured and it works', () => {
    const keyring = memoryKeyring();
    const { home, vault } = openedVault({ keySource: {}, makeKeyring: () => keyring });
    must(vault.set({ name: 'KEY', value: 'some value', origins: [ORIGIN] }));
    expect(must(vault.status())).toEqual({ exists: true, secrets: 1, source: 'keychain' });
    expect([...keyring.items.keys()].map((account) => account.split(':')[0]).sort()).toEqual([
      'vault-counter',
      'vault-key',
    ]);
    expect(existsSync(join(home, 'vault.key'))).toBe(false);
  });

  for (const [situation, state, makeKeyring] of keyrings.filter(([, found]) => found !== 'available')) {
    it(`P7: is not made over ${situation} (${state}): nothing falls back by itself`, () => {
      const { home, vault } = openedVault({ keySource: {}, makeKeyring });
      const refused = failureOf(vault.set({ name: 'KEY', value: 'some value', origins: [ORIGIN] }));
      expect(refused.code).toBe('VAULT/KEY_UNAVAILABLE');
      const { fix } = describeFailure(refused);
      for (const way of ['KEYWARD_KEY_SOURCE=passphrase', 'KEYWARD_PASSPHRASE_FILE', 'KEYWARD_KEY_SOURCE=key-file'])
        expect(fix).toContain(way);
      expect(existsSync(join(home, 'vault.key'))).toBe(false);
      expect(must(vault.status()).exists).toBe(false);
    });
  }

  it('P7: is not made without the passphrase that was configured', () => {
    const none: KeySourceConfig = { source: 'passphrase', passphrase: () => ok(undefined) };
    const short = withPassphrase('elevenchars', 'passphrase');
    for (const keySource of [{ source: 'passphrase' } as const, none, withPassphrase('', 'passphrase'), short]) {
      const { vault } = openedVault({ keySource });
      expect(failureOf(vault.set({ name: 'KEY', value: 'v', origins: [ORIGIN] })).code).toBe('VAULT/KEY_UNAVAILABLE');
    }
  });

  it('warns of a key file, a key in the environment and a vault in memory', () => {
    const { vault } = openedVault();
    must(vault.set({ name: 'KEY', value: 'some value', origins: [ORIGIN] }));
    expect(must(vault.status()).warning).toMatch(/^WARNING: .*vault\.key/);
    const warned = keySources.filter((source) => keySourceWarning(source) !== undefined);
    expect(warned).toEqual(['environment', 'key-file', 'memory']);
  });

  it('P5: uses the key file that a crash left behind, and never writes over one', async () => {
    const { home, vault } = openedVault();
    must(vault.set({ name: 'KEY', value: 'some value', origins: [ORIGIN] }));
    const key = readFileSync(join(home, 'vault.key'), 'utf8');
    tamper(home, (sql) => {
      sql.run('DELETE FROM handle');
      sql.run('DELETE FROM vault');
    });
    const again = openedVault({ home });
    must(again.vault.set({ name: 'KEY', value: 'some value', origins: [ORIGIN] }));
    expect(readFileSync(join(home, 'vault.key'), 'utf8')).toBe(key);
    expect(must(await openedVault({ home }).secrets.resolve('KEY', ORIGIN))).toBe('some value');
  });

  it('P5: refuses a damaged key file instead of writing over it', () => {
    const home = temporaryHome();
    const { vault } = openedVault({ home });
    writeFileSync(join(home, 'vault.key'), 'not a key\n', { mode: 0o600 });
    expect(failureOf(vault.set({ name: 'KEY', value: 'v', origins: [ORIGIN] })).code).toBe('VAULT/KEY_UNAVAILABLE');
    expect(readFileSync(join(home, 'vault.key'), 'utf8')).toBe('not a key\n');
  });
});

interface Case {
  readonly what: string;
  readonly made: KeySourceConfig;
  readonly reopened: KeySourceConfig;
  readonly code: string;
  readonly spoil?: (home: string) => void;
  readonly keyring?: (made: ReturnType<typeof memoryKeyring>) => Keyring;
}

const keyFile = { source: 'key-file' } as const;
const passphrase = withPassphrase(PASSPHRASE, 'passphrase');
const environment = withKey(1, 'environment');
const UNAVAILABLE = 'VAULT/KEY_UNAVAILABLE';

const cases: readonly Case[] = [
  {
    what: 'key file missing',
    made: keyFile,
    reopened: {},
    code: UNAVAILABLE,
    spoil: (home) => rmSync(join(home, 'vault.key')),
  },
  {
    what: 'key file readable by others',
    made: keyFile,
    reopened: {},
    code: UNAVAILABLE,
    spoil: (home) => chmodSync(join(home, 'vault.key'), 0o640),
  },
  { what: 'key file behind a link', made: keyFile, reopened: {}, code: UNAVAILABLE, spoil: moveBehindLink },
  {
    what: 'key file emptied',
    made: keyFile,
    reopened: {},
    code: UNAVAILABLE,
    spoil: (home) => writeFileSync(join(home, 'vault.key'), ''),
  },
  {
    what: 'key file of another vault',
    made: keyFile,
    reopened: {},
    code: 'VAULT/KEY_WRONG',
    spoil: (home) => writeKey(home, '0'.repeat(32)),
  },
  {
    what: 'key file with another key under its id',
    made: keyFile,
    reopened: {},
    code: 'VAULT/CORRUPT',
    spoil: (home) => writeKey(home),
  },
  { what: 'no passphrase', made: passphrase, reopened: {}, code: UNAVAILABLE },
  { what: 'an empty passphrase', made: passphrase, reopened: withPassphrase(''), code: UNAVAILABLE },
  { what: 'a wrong passphrase', made: passphrase, reopened: withPassphrase(`${PASSPHRASE} `), code: 'VAULT/KEY_WRONG' },
  { what: 'no key handed over', made: environment, reopened: {}, code: UNAVAILABLE },
  { what: 'another key handed over', made: environment, reopened: withKey(2), code: 'VAULT/KEY_WRONG' },
  {
    what: 'the key handed over by another source than the configured one',
    made: environment,
    reopened: withKey(1, 'file-descriptor'),
    code: UNAVAILABLE,
  },
  { what: 'memory configured for a key file', made: keyFile, reopened: { source: 'memory' }, code: UNAVAILABLE },
  { what: 'another source configured', made: keyFile, reopened: passphrase, code: UNAVAILABLE },
  {
    what: 'the keychain configured for a key file',
    made: keyFile,
    reopened: { source: 'keychain' },
    code: UNAVAILABLE,
  },
  {
    what: 'keychain locked',
    made: { source: 'keychain' },
    reopened: {},
    code: UNAVAILABLE,
    keyring: throwing('unlock prompt was dismissed'),
  },
  {
    what: 'keychain absent',
    made: { source: 'keychain' },
    reopened: {},
    code: UNAVAILABLE,
    keyring: throwing('DBus error'),
  },
  {
    what: 'keychain of another user',
    made: { source: 'keychain' },
    reopened: {},
    code: UNAVAILABLE,
    keyring: () => memoryKeyring(),
  },
  {
    what: 'keychain entry damaged',
    made: { source: 'keychain' },
    reopened: {},
    code: 'VAULT/KEY_WRONG',
    keyring: damagedKeyring,
  },
];

function moveBehindLink(home: string): void {
  renameSync(join(home, 'vault.key'), join(home, 'elsewhere'));
  symlinkSync(join(home, 'elsewhere'), join(home, 'vault.key'));
}

function writeKey(home: string, id?: string): void {
  const [magic, ownId] = readFileSync(join(home, 'vault.key'), 'utf8').split('\n');
  writeFileSync(join(home, 'vault.key'), `${magic}\n${id ?? ownId}\n${Buffer.alloc(32, 7).toString('base64url')}\n`);
}

function damagedKeyring(made: ReturnType<typeof memoryKeyring>): Keyring {
  return memoryKeyring(new Map([...made.items].map(([account, value]) => [account, value.slice(1)])));
}

describe('P5: an existing vault whose key cannot be had is refused, and not one byte changes', () => {
  const inWords = cases.filter(({ made }) => made === passphrase);
  for (const row of cases.filter((each) => !inWords.includes(each))) {
    it(row.what, () => expectRefused(row, storedHome(row)));
  }

  // A key from words is slow to make, and none of these changes a byte of what it opens.
  it(inWords.map(({ what }) => what).join(', '), async () => {
    const [first] = inWords;
    if (!first) throw new Error('no row');
    const stored = storedHome(first);
    for (const row of inWords) await expectRefused(row, stored);
  });

  interface StoredHome {
    readonly home: string;
    readonly memory: ReturnType<typeof memoryKeyring>;
  }

  function storedHome({ made, spoil }: Case): StoredHome {
    const memory = memoryKeyring();
    const { home, vault } = openedVault({ keySource: made, makeKeyring: () => memory });
    must(vault.set({ name: 'KEY', value: 'some value', origins: [ORIGIN] }));
    spoil?.(home);
    return { home, memory };
  }

  async function expectRefused({ what, reopened, code, keyring }: Case, { home, memory }: StoredHome): Promise<void> {
    const found = keyring?.(memory) ?? memory;
    const setup: VaultSetup = { home, keySource: reopened, makeKeyring: () => found };
    const { vault, secrets } = openedVault(setup);
    expect(
      must(vault.list()).map(({ name }) => name),
      `${what}: metadata needs no key`,
    ).toEqual(['KEY']);
    const before = bytesOf(home);
    const attempts = [
      () => secrets.resolve('KEY', ORIGIN),
      () => vault.set({ name: 'NEW', value: 'x', origins: [ORIGIN] }),
      () => secrets.boundTo(ORIGIN),
      () => vault.set({ name: 'KEY', value: 'x', origins: [], replace: true }),
      () => vault.bind('KEY', { origins: { add: [ORIGIN] } }),
      () => vault.delete('KEY'),
      () => vault.check(),
    ];
    // A passphrase is slow to try, and each of these asks for the key in the same way.
    for (const attempt of what === 'a wrong passphrase' ? attempts.slice(0, 2) : attempts) {
      expect(failureOf(await attempt()).code, what).toBe(code);
    }
    expect(bytesOf(home), what).toEqual(before);
    expect(must(secrets.boundTo('https://nowhere.example')), 'a call without handles needs no key').toEqual([]);
  }

  it('and opens again once the key is back', async () => {
    const keyring = memoryKeyring();
    let locked = false;
    const makeKeyring = () => (locked ? throwing('unlock prompt was dismissed')() : keyring);
    const { home, vault } = openedVault({ keySource: {}, makeKeyring });
    must(vault.set({ name: 'KEY', value: 'some value', origins: [ORIGIN] }));
    locked = true;
    const { secrets } = openedVault({ home, keySource: {}, makeKeyring });
    expect(failureOf(await secrets.resolve('KEY', ORIGIN)).code).toBe(UNAVAILABLE);
    locked = false;
    expect(must(await secrets.resolve('KEY', ORIGIN))).toBe('some value');
  });
});

describe('a key that is handed over', () => {
  for (const source of givenKeySources) {
    it(`opens the vault that was made with it (${source}), and nothing of it is on disk`, async () => {
      const { home, vault } = openedVault({ keySource: withKey(7, source) });
      must(vault.set({ name: 'KEY', value: 'some value', origins: [ORIGIN] }));
      expect(must(vault.status()).source).toBe(source);
      const { secrets } = openedVault({ home, keySource: withKey(7) });
      expect(must(await secrets.resolve('KEY', ORIGIN))).toBe('some value');
      const key = Buffer.alloc(32, 7);
      for (const file of readdirSync(home)) expect(readFileSync(join(home, file)).includes(key), file).toBe(false);
      expect(existsSync(join(home, 'vault.key'))).toBe(false);
    });
  }
});

describe('what a source is handed', () => {
  it('is wiped once the vault is open', async () => {
    const handed: Buffer[] = [];
    const give = (bytes: Buffer) => {
      handed.push(bytes);
      return ok(bytes);
    };
    const sources: readonly KeySourceConfig[] = [
      { source: 'environment', givenKey: () => give(Buffer.alloc(32, 7)) },
      { source: 'passphrase', passphrase: () => give(Buffer.from(PASSPHRASE)) },
    ];
    for (const keySource of sources) {
      const { vault, secrets } = openedVault({ keySource });
      must(vault.set({ name: 'KEY', value: 'some value', origins: [ORIGIN] }));
      expect(must(await secrets.resolve('KEY', ORIGIN))).toBe('some value');
    }
    expect(handed.length).toBe(2);
    for (const bytes of handed) expect(bytes.every((byte) => byte === 0)).toBe(true);
  });
});

describe('a passphrase', () => {
  it('opens the vault in any Unicode form, named as the source or not', async () => {
    const { home, vault } = openedVault({ keySource: withPassphrase('caf\u00e9 au lait', 'passphrase') });
    must(vault.set({ name: 'KEY', value: 'some value', origins: [ORIGIN] }));
    const { secrets } = openedVault({ home, keySource: withPassphrase('cafe\u0301 au lait') });
    expect(must(await secrets.resolve('KEY', ORIGIN))).toBe('some value');
  });

  const costs = [
    '{"n":65536,"r":8,"p":1}',
    '{"n":2097152,"r":8,"p":1}',
    '{"n":131073,"r":8,"p":1}',
    '{"n":131072,"r":9,"p":1}',
    '{"n":131072,"r":8,"p":2}',
    '[]',
    '',
  ];
  for (const cost of costs) {
    it(`P4: refuses the stored cost ${cost || '(none)'} before it costs anything`, async () => {
      const { home, vault } = openedVault();
      must(vault.set({ name: 'KEY', value: 'some value', origins: [ORIGIN] }));
      const kdf = cost.replace('}', `,"salt":"${Buffer.alloc(16).toString('base64url')}"}`);
      tamper(home, (sql) => sql.run("UPDATE vault SET key_source = 'passphrase', kdf = ?", kdf));
      const { secrets } = openedVault({ home, keySource: withPassphrase(PASSPHRASE) });
      expect(failureOf(await secrets.resolve('KEY', ORIGIN)).code).toBe('VAULT/CORRUPT');
    });
  }
});

/** The bytes of every file that a change would touch. The -shm file is SQLite's scratch memory and says nothing. */
function bytesOf(home: string): Record<string, string> {
  const files = readdirSync(home).filter((file) => !file.endsWith('-shm'));
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(home, file), 'latin1')]));
}
