// Where the key-encryption key comes from. The source is chosen once, when the vault is made, and never changes by itself:
// a source that fails is a refusal with the way out, not a reason to try the next.
import { randomBytes } from 'node:crypto';
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { KEY_BYTES } from './aead.ts';
import { createKeyFile, KEY_FILE, readKeyFile } from './key-file.ts';
import { KEYCHAIN_PROBLEMS, probeKeychain, useKeychain } from './keychain.ts';
import type { MakeKeyring } from './keyring.ts';
import { newScryptParameters, passphraseKey } from './passphrase.ts';

export type KeySourceKind = 'keychain' | 'passphrase' | 'key-file';

/** What the operator configured. Without `source` an existing vault's own source is used, and the keychain for a new vault. */
export interface KeySourceConfig {
  readonly source?: KeySourceKind;
  readonly passphrase?: string;
}

export interface KeyContext {
  readonly home: string;
  readonly config: KeySourceConfig;
  readonly makeKeyring: MakeKeyring;
}

/** Names a key without holding it: stored in the vault's header. */
export interface KeyIdentity {
  readonly source: KeySourceKind;
  readonly id: string;
  /** How a passphrase becomes the key; empty for the other sources. */
  readonly kdf: string;
}

export interface KeyEncryptionKey {
  readonly identity: KeyIdentity;
  readonly key: Buffer;
}

/** The key of an existing vault. Makes nothing and changes nothing. Failures: VAULT/KEY_UNAVAILABLE, VAULT/KEY_WRONG, VAULT/CORRUPT. */
export function findKey(identity: KeyIdentity, context: KeyContext): Result<Buffer> {
  if (!Object.hasOwn(FINDERS, identity.source)) {
    return err(failure('VAULT/CORRUPT', { what: 'its header names an unknown key source' }));
  }
  const { source } = context.config;
  if (source !== undefined && source !== identity.source) {
    const reason = `this vault was made with the key source ${identity.source}, but ${source} is configured`;
    return unavailable(reason, RECOVERY[identity.source]);
  }
  return FINDERS[identity.source](identity, context);
}

/** A key for a new vault, stored before this returns; call it only where no vault exists. Failure: VAULT/KEY_UNAVAILABLE. */
export function makeKey(context: KeyContext): Result<KeyEncryptionKey> {
  return MAKERS[context.config.source ?? 'keychain'](context);
}

/** To be shown at every start and by doctor: what the chosen source does not protect against. Undefined for the others. */
export function keySourceWarning(source: KeySourceKind | undefined): string | undefined {
  if (source !== 'key-file') return undefined;
  return `WARNING: the vault's key lies in the file ${KEY_FILE} beside the vault. Whoever can copy the data folder can read every secret. Use the keychain or a passphrase where you can.`;
}

type Find = (identity: KeyIdentity, context: KeyContext) => Result<Buffer>;

const FINDERS: Readonly<Record<KeySourceKind, Find>> = {
  keychain: findInKeychain,
  passphrase: findByPassphrase,
  'key-file': findInFile,
};

const RECOVERY: Readonly<Record<KeySourceKind, string>> = {
  keychain: "Unlock this user's keychain, or restore its entry, and try again.",
  passphrase: 'Give the passphrase in KEYWARD_PASSPHRASE or KEYWARD_PASSPHRASE_FILE.',
  'key-file': `Put ${KEY_FILE} back into the data folder, owned by this user with mode 0600.`,
};

function findInKeychain(identity: KeyIdentity, { makeKeyring }: KeyContext): Result<Buffer> {
  const found = useKeychain(makeKeyring, (keyring) => keyring.read(keychainAccount(identity.id)));
  if (!found.ok) return unavailable(KEYCHAIN_PROBLEMS[found.state], RECOVERY.keychain);
  if (found.value === undefined) return unavailable('the keychain has no entry for this vault', RECOVERY.keychain);
  const key = Buffer.from(found.value, 'base64url');
  return key.length === KEY_BYTES ? ok(key) : wrong('keychain');
}

function findByPassphrase(identity: KeyIdentity, { config }: KeyContext): Result<Buffer> {
  if (!config.passphrase) return unavailable('no passphrase was given', RECOVERY.passphrase);
  const key = passphraseKey(config.passphrase, identity.kdf);
  return key ? ok(key) : err(failure('VAULT/CORRUPT', { what: 'the passphrase parameters of its header' }));
}

function findInFile(identity: KeyIdentity, { home }: KeyContext): Result<Buffer> {
  const found = readKeyFile(home);
  if (!found.ok) return unavailable(problemOf(found.failure), RECOVERY['key-file']);
  if (found.value === undefined) return unavailable(`the file ${KEY_FILE} is missing`, RECOVERY['key-file']);
  if (found.value === 'damaged') return unavailable(`the file ${KEY_FILE} is damaged`, RECOVERY['key-file']);
  return found.value.id === identity.id ? ok(found.value.key) : wrong('key-file');
}

const MAKERS: Readonly<Record<KeySourceKind, (context: KeyContext) => Result<KeyEncryptionKey>>> = {
  keychain: makeInKeychain,
  passphrase: makeByPassphrase,
  'key-file': makeInFile,
};

const OTHER_SOURCES =
  'Choose another key source: KEYWARD_KEY_SOURCE=passphrase with KEYWARD_PASSPHRASE or KEYWARD_PASSPHRASE_FILE, or KEYWARD_KEY_SOURCE=key-file.';

function makeInKeychain({ makeKeyring }: KeyContext): Result<KeyEncryptionKey> {
  const state = probeKeychain(makeKeyring);
  if (state !== 'available') return unavailable(KEYCHAIN_PROBLEMS[state], OTHER_SOURCES);
  const made = newKey('keychain');
  // The account is random, so nothing that the keychain holds can be overwritten.
  const stored = useKeychain(makeKeyring, (keyring) => {
    keyring.write(keychainAccount(made.identity.id), made.key.toString('base64url'));
    return keyring.read(keychainAccount(made.identity.id)) === made.key.toString('base64url');
  });
  if (!stored.ok) return unavailable(KEYCHAIN_PROBLEMS[stored.state], OTHER_SOURCES);
  return stored.value ? ok(made) : unavailable(KEYCHAIN_PROBLEMS.error, OTHER_SOURCES);
}

function makeByPassphrase({ config }: KeyContext): Result<KeyEncryptionKey> {
  if (!config.passphrase) return unavailable('no passphrase was given', RECOVERY.passphrase);
  const kdf = newScryptParameters();
  const key = passphraseKey(config.passphrase, kdf);
  return key ? ok({ identity: { source: 'passphrase', id: randomId(), kdf }, key }) : unavailable('scrypt failed', '');
}

// A key file without a vault is left by a crash between the two, or by a process that makes the vault at this moment: it is used, never replaced.
function makeInFile({ home }: KeyContext): Result<KeyEncryptionKey> {
  const made = newKey('key-file');
  const created = createKeyFile(home, { id: made.identity.id, key: made.key });
  if (!created.ok) return unavailable(problemOf(created.failure), OTHER_SOURCES);
  if (created.value === 'created') return ok(made);
  const found = readKeyFile(home);
  if (!found.ok) return unavailable(problemOf(found.failure), RECOVERY['key-file']);
  if (found.value === undefined || found.value === 'damaged') {
    return unavailable(`the file ${KEY_FILE} is damaged`, `Move ${KEY_FILE} away if nothing needs it, and try again.`);
  }
  return ok({ identity: { ...made.identity, id: found.value.id }, key: found.value.key });
}

function newKey(source: KeySourceKind): KeyEncryptionKey {
  return { identity: { source, id: randomId(), kdf: '' }, key: randomBytes(KEY_BYTES) };
}

function randomId(): string {
  return randomBytes(16).toString('hex');
}

function keychainAccount(keyId: string): string {
  return `vault-key:${keyId}`;
}

function problemOf({ facts }: Failure): string {
  return `the file ${KEY_FILE} cannot be used (${String(facts.problem ?? facts.reason ?? 'unknown')})`;
}

function unavailable(reason: string, recovery: string): Result<never> {
  return err(failure('VAULT/KEY_UNAVAILABLE', { reason, recovery }));
}

function wrong(source: KeySourceKind): Result<never> {
  return err(failure('VAULT/KEY_WRONG', { source }));
}
