// Where the key-encryption key comes from. The source is chosen once, when the vault is made, and changes only by rekeying:
// a source that fails is a refusal with the way out, not a reason to try the next.
import { failure } from '../../shared/failure/failure.ts';
import { err, type Result } from '../../shared/failure/result.ts';
import type { KeySourceKind } from '../../shared/secret/key-source.ts';
import {
  type KeyContext,
  type KeyEncryptionKey,
  type KeyIdentity,
  type KeySource,
  unavailable,
} from './key-context.ts';
import { fileSource } from './sources/file-source.ts';
import { givenSource } from './sources/given-source.ts';
import { keychainSource } from './sources/keychain-source.ts';
import { memorySource } from './sources/memory-source.ts';
import { passphraseSource } from './sources/passphrase-source.ts';

const SOURCES: Readonly<Record<KeySourceKind, KeySource>> = {
  keychain: keychainSource,
  'systemd-credential': givenSource('systemd-credential'),
  'file-descriptor': givenSource('file-descriptor'),
  environment: givenSource('environment'),
  passphrase: passphraseSource,
  'key-file': fileSource,
  memory: memorySource,
};

/** Undefined for a name that an edited header may hold. */
export function keySourceOf(kind: KeySourceKind): KeySource | undefined {
  return Object.hasOwn(SOURCES, kind) ? SOURCES[kind] : undefined;
}

/** The key of an existing vault. Makes nothing and changes nothing. Failures: VAULT/KEY_UNAVAILABLE, VAULT/KEY_WRONG, VAULT/CORRUPT. */
export function findKey(identity: KeyIdentity, context: KeyContext): Result<Buffer> {
  const source = keySourceOf(identity.source);
  if (!source) return err(failure('VAULT/CORRUPT', { what: 'its header names an unknown key source' }));
  const configured = context.config.source;
  if (configured !== undefined && configured !== identity.source) {
    const reason = `this vault's key source is ${identity.source}, but ${configured} is configured`;
    return unavailable(reason, source.recovery);
  }
  return source.find(identity, context);
}

/** A key for a new vault, stored before this returns; call it only where no vault exists. Failure: VAULT/KEY_UNAVAILABLE. */
export function makeKey(context: KeyContext): Result<KeyEncryptionKey> {
  return SOURCES[context.config.source ?? 'keychain'].make(context);
}

/** To be shown at every start and by doctor: what the chosen source does not protect against. Undefined for the others. */
export function keySourceWarning(source: KeySourceKind | undefined): string | undefined {
  return source === undefined ? undefined : keySourceOf(source)?.warning;
}
