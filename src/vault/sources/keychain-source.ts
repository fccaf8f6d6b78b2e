// The operating system's keychain. Accounts carry the key's random id, so nothing that the keychain holds can be overwritten.
import { ok, type Result } from '../../../shared/failure/result.ts';
import { KEY_BYTES } from '../aead.ts';
import {
  type KeyContext,
  type KeyEncryptionKey,
  type KeyIdentity,
  type KeySource,
  OTHER_SOURCES,
  randomKey,
  unavailable,
  wrongKey,
} from '../key-context.ts';
import { KEYCHAIN_PROBLEMS, probeKeychain, useKeychain } from '../keychain.ts';

const RECOVERY = "Unlock this user's keychain, or restore its entry, and try again.";

export const keychainSource: KeySource = {
  where: ({ id }) => `the keychain item "${accountOf(id)}" of the service keyward`,
  find,
  make,
  draw: () => ok(randomKey('keychain')),
  store: { keep, remove },
  recovery: RECOVERY,
  mistakable: false,
};

function find({ id }: KeyIdentity, { makeKeyring }: KeyContext): Result<Buffer> {
  const found = useKeychain(makeKeyring, (keyring) => keyring.read(accountOf(id)));
  if (!found.ok) return unavailable(KEYCHAIN_PROBLEMS[found.state], RECOVERY);
  if (found.value === undefined) return unavailable('the keychain has no entry for this vault', RECOVERY);
  const key = Buffer.from(found.value, 'base64url');
  return key.length === KEY_BYTES ? ok(key) : wrongKey('keychain');
}

function make(context: KeyContext): Result<KeyEncryptionKey> {
  const made = randomKey('keychain');
  const kept = keep(made, context);
  return kept.ok ? ok(made) : kept;
}

function keep({ identity, key }: KeyEncryptionKey, { makeKeyring }: KeyContext): Result<void> {
  const state = probeKeychain(makeKeyring);
  if (state !== 'available') return unavailable(KEYCHAIN_PROBLEMS[state], OTHER_SOURCES);
  const text = key.toString('base64url');
  const stored = useKeychain(makeKeyring, (keyring) => {
    keyring.write(accountOf(identity.id), text);
    return keyring.read(accountOf(identity.id)) === text;
  });
  if (!stored.ok) return unavailable(KEYCHAIN_PROBLEMS[stored.state], OTHER_SOURCES);
  return stored.value ? ok(undefined) : unavailable(KEYCHAIN_PROBLEMS.error, OTHER_SOURCES);
}

function remove(id: string, { makeKeyring }: KeyContext): Result<void> {
  const removed = useKeychain(makeKeyring, (keyring) => keyring.delete(accountOf(id)));
  return removed.ok ? ok(undefined) : unavailable(KEYCHAIN_PROBLEMS[removed.state], RECOVERY);
}

function accountOf(keyId: string): string {
  return `vault-key:${keyId}`;
}
