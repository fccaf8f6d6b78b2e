// Keys and passphrases that this process was handed: in the environment, in a file, as a systemd credential or on a file
// descriptor. What stood in the environment is taken out of it at once; each is read once and wiped at the end.
import { isAbsolute, join } from 'node:path';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { GivenKeySource } from '../../shared/secret/key-source.ts';
import { readDescriptor } from './key-descriptor.ts';
import { readSmallFile } from './read-small-file.ts';

export interface KeyMaterial {
  /**
   * A passphrase as UTF-8, for the caller to wipe: of the vault, of the vault once it is rekeyed, of a backup. Undefined where
   * none was given. Failures: CONFIG/UNREADABLE, CONFIG/INVALID.
   */
  passphrase(of: 'vault' | 'new' | 'backup'): Result<Buffer | undefined>;
  /** The 32 bytes of a key, for the caller to wipe. Failure: VAULT/KEY_UNAVAILABLE with the way out. */
  key(source: GivenKeySource, of: 'vault' | 'new'): Result<Buffer>;
  wipe(): void;
}

export type TakenVariables = Record<string, string | undefined>;

const PASSPHRASES = {
  vault: 'KEYWARD_PASSPHRASE',
  new: 'KEYWARD_NEW_PASSPHRASE',
  backup: 'KEYWARD_BACKUP_PASSPHRASE',
} as const;

const KEYS = { vault: 'KEYWARD_KEY', new: 'KEYWARD_NEW_KEY' } as const;

/** Variables that hold a secret themselves. */
export const SECRET_VARIABLES = [...Object.values(PASSPHRASES), ...Object.values(KEYS)];

/** Variables that say where one is. */
export const PLACE_VARIABLES = [
  ...Object.values(PASSPHRASES).map((name) => `${name}_FILE`),
  ...Object.values(KEYS).flatMap((name) => [`${name}_FD`, `${name}_CREDENTIAL`]),
];

const DEFAULT_CREDENTIAL = 'keyward.key';
const MAKE_ONE = 'A key is 32 random bytes in base64: openssl rand -base64 32.';

/** Takes what is secret out of the variables given. */
export function takeKeyMaterial(env: TakenVariables): KeyMaterial {
  const secrets = new Map<string, Buffer>();
  for (const name of SECRET_VARIABLES) {
    const value = env[name];
    if (value) secrets.set(name, Buffer.from(value));
    delete env[name];
  }
  // Now, while a number that was not left open for us cannot be one of our own files.
  const described = new Map<string, Result<Buffer>>(
    Object.values(KEYS).map((name) => [name, keyOfDescriptor(`${name}_FD`, env)]),
  );
  const readers: Readonly<Record<GivenKeySource, (name: string) => Result<Buffer>>> = {
    environment: (name) => {
      const value = secrets.get(name);
      return value ? keyIn(value, name) : unavailable(`${name} is not set`, `Start it with the key in ${name}.`);
    },
    'file-descriptor': (name) => {
      const known = described.get(name) ?? unavailable(`${name}_FD is not set`, '');
      return known.ok ? ok(Buffer.from(known.value)) : known;
    },
    'systemd-credential': (name) => readCredential(`${name}_CREDENTIAL`, env),
  };
  return {
    passphrase: (of) => readPassphrase(PASSPHRASES[of], secrets, env),
    key: (source, of) => readers[source](KEYS[of]),
    wipe() {
      for (const value of secrets.values()) value.fill(0);
      for (const known of described.values()) if (known.ok) known.value.fill(0);
      secrets.clear();
    },
  };
}

function readPassphrase(
  name: string,
  secrets: ReadonlyMap<string, Buffer>,
  env: TakenVariables,
): Result<Buffer | undefined> {
  const path = env[`${name}_FILE`];
  if (!path) {
    const given = secrets.get(name);
    return given ? passphraseIn(Buffer.from(given), name, 'it is empty') : ok(undefined);
  }
  const bytes = readSmallFile(path, limits.secretChars);
  if (bytes === undefined || bytes === 'absent') return err(failure('CONFIG/UNREADABLE', { file: path }));
  return passphraseIn(bytes, `${name}_FILE`, 'the file is empty');
}

/** One final line break is never part of a passphrase, however it is handed over. */
function passphraseIn(bytes: Buffer, name: string, problem: string): Result<Buffer> {
  const passphrase = withoutLineBreak(bytes);
  return passphrase.length === 0 ? invalid(name, problem) : ok(passphrase);
}

function readCredential(name: string, env: TakenVariables): Result<Buffer> {
  const folder = env.CREDENTIALS_DIRECTORY;
  const credential = env[name] || DEFAULT_CREDENTIAL;
  const wayOut = `Start it as a systemd service with LoadCredential=${DEFAULT_CREDENTIAL}:FILE or LoadCredentialEncrypted=.`;
  if (!folder || !isAbsolute(folder)) return unavailable('systemd gave this process no credentials', wayOut);
  if (!/^(?!\.{1,2}$)[A-Za-z0-9_.@-]{1,255}$/.test(credential)) {
    return unavailable(`${name} is not the name of a credential`, wayOut);
  }
  const bytes = readSmallFile(join(folder, credential), limits.keyFileBytes);
  if (bytes === 'absent') return unavailable(`there is no credential "${credential}"`, wayOut);
  if (bytes === undefined) return unavailable(`the credential "${credential}" cannot be read`, wayOut);
  const key = keyIn(bytes, `the credential "${credential}"`);
  bytes.fill(0);
  return key;
}

// 0, 1 and 2 belong to the client of a server over stdio.
function keyOfDescriptor(name: string, env: TakenVariables): Result<Buffer> {
  const wayOut = `Start it with the key open for reading: ${name}=3 keyward 3<FILE. It is read once.`;
  const given = env[name];
  if (!given) return unavailable(`${name} is not set`, wayOut);
  const descriptor = Number(given);
  if (!/^\d{1,5}$/.test(given) || descriptor < 3) return unavailable(`${name} is not a number from 3 up`, wayOut);
  const bytes = readDescriptor(descriptor, limits.keyFileBytes);
  if (!bytes) return unavailable(`nothing was left open as ${name}=${given}`, wayOut);
  const key = keyIn(bytes, `the file descriptor ${given}`);
  bytes.fill(0);
  return key;
}

/** The key that a line of base64 or base64url holds. */
function keyIn(text: Buffer, what: string): Result<Buffer> {
  const encoded = withoutLineBreak(text).toString('latin1');
  const key = Buffer.from(encoded, 'base64url');
  if (!/^[A-Za-z0-9_+/-]{43}=?$/.test(encoded) || key.length !== 32) {
    return unavailable(`${what} does not hold a key`, MAKE_ONE);
  }
  return ok(key);
}

function withoutLineBreak(bytes: Buffer): Buffer {
  const end = bytes.at(-1) !== 0x0a ? bytes.length : bytes.length - (bytes.at(-2) === 0x0d ? 2 : 1);
  return bytes.subarray(0, end);
}

function unavailable(reason: string, recovery: string): Result<never> {
  return err(failure('VAULT/KEY_UNAVAILABLE', { reason, recovery }));
}

function invalid(name: string, problem: string): Result<never> {
  return err(failure('CONFIG/INVALID', { file: `environment variable ${name}`, problem }));
}
