// What every key source has in common: what it is given, what it answers, and how it refuses.
import { randomBytes } from 'node:crypto';
import { failure } from '../../shared/failure/failure.ts';
import { err, type Result } from '../../shared/failure/result.ts';
import type { GivenKeySource, KeySourceKind } from '../../shared/secret/key-source.ts';
import { KEY_BYTES } from './aead.ts';
import type { MakeKeyring } from './keyring.ts';

/** What the operator configured. Without `source` an existing vault's own source is used, and the keychain for a new vault. */
export interface KeySourceConfig {
  readonly source?: KeySourceKind;
  /** The passphrase as UTF-8, undefined where none was given. Whoever asks wipes it. */
  readonly passphrase?: () => Result<Buffer | undefined>;
  /** The key that the process was handed. Whoever asks wipes it. Failure: VAULT/KEY_UNAVAILABLE with the way out. */
  readonly givenKey?: (source: GivenKeySource) => Result<Buffer>;
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

/** One place that keys come from. All failures are VAULT/KEY_UNAVAILABLE unless stated. */
export interface KeySource {
  /** Where the key is, in words for the operator. */
  where(identity: Pick<KeyIdentity, 'id'>, context: KeyContext): string;
  /** The key of an existing vault. Makes and changes nothing. Failures: also VAULT/KEY_WRONG, VAULT/CORRUPT. */
  find(identity: KeyIdentity, context: KeyContext): Result<Buffer>;
  /** A key for a new vault, kept before this returns. */
  make(context: KeyContext): Result<KeyEncryptionKey>;
  /** A key that may take the place of another; kept nowhere yet. */
  draw(context: KeyContext): Result<KeyEncryptionKey>;
  /** Absent where whoever starts the process keeps the key: then there is nothing to store and nothing to remove. */
  readonly store?: KeyStore;
  /** What brings the key of an existing vault back. */
  readonly recovery: string;
  /** To be shown at every start: what this source does not protect against. */
  readonly warning?: string;
  /** The operator can give a wrong one by mistake; otherwise a key that is found by its id is the right one. */
  readonly mistakable: boolean;
}

/** A source that stores keys, each under its id, so that the new one and the old one can lie side by side. */
export interface KeyStore {
  keep(made: KeyEncryptionKey, context: KeyContext): Result<void>;
  /** Removes one key; that it is not there is fine. */
  remove(id: string, context: KeyContext): Result<void>;
  /** Puts the one key that is left where a new vault would have put it. */
  settle?(id: string, context: KeyContext): void;
}

export function randomKey(source: KeySourceKind): KeyEncryptionKey {
  return { identity: { source, id: randomId(), kdf: '' }, key: randomBytes(KEY_BYTES) };
}

export function randomId(): string {
  return randomBytes(16).toString('hex');
}

export function unavailable(reason: string, recovery: string): Result<never> {
  return err(failure('VAULT/KEY_UNAVAILABLE', { reason, recovery }));
}

export function wrongKey(source: KeySourceKind): Result<never> {
  return err(failure('VAULT/KEY_WRONG', { source }));
}

export const OTHER_SOURCES =
  'Choose another key source: KEYWARD_KEY_SOURCE=passphrase with KEYWARD_PASSPHRASE or KEYWARD_PASSPHRASE_FILE, KEYWARD_KEY_SOURCE=key-file, or systemd-credential, file-descriptor or environment with a key of your own.';
