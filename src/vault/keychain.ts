// The keychain as a key source. Locked, absent and broken are told apart from empty: taking one for the other would make
// a new key over an existing one.
import { randomBytes } from 'node:crypto';
import type { Keyring, MakeKeyring } from './keyring.ts';

export type KeychainState = 'available' | 'locked' | 'absent' | 'error';

type KeychainAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly state: Exclude<KeychainState, 'available'> };

/** Writes, reads back and deletes a random item: only a keychain that does all three counts as available. */
export function probeKeychain(makeKeyring: MakeKeyring): KeychainState {
  const account = `probe:${randomBytes(8).toString('hex')}`;
  const sentinel = randomBytes(16).toString('base64url');
  const probed = useKeychain(makeKeyring, (keyring) => {
    keyring.write(account, sentinel);
    try {
      return keyring.read(account) === sentinel;
    } finally {
      keyring.delete(account);
    }
  });
  if (!probed.ok) return probed.state;
  return probed.value ? 'available' : 'error';
}

/** Runs one operation; what the platform throws becomes a state. */
export function useKeychain<T>(makeKeyring: MakeKeyring, operation: (keyring: Keyring) => T): KeychainAnswer<T> {
  try {
    return { ok: true, value: operation(makeKeyring()) };
  } catch (error) {
    return { ok: false, state: classify(error) };
  }
}

/** Sentences for people; the platform's own words stay inside. */
export const KEYCHAIN_PROBLEMS: Readonly<Record<Exclude<KeychainState, 'available'>, string>> = {
  locked: 'the keychain is locked',
  absent: 'there is no keychain here',
  error: 'the keychain does not work',
};

function classify(error: unknown): Exclude<KeychainState, 'available'> {
  const message = error instanceof Error ? error.message : '';
  if (/prompt was dismissed|\blocked\b|interaction is not allowed|user canceled/i.test(message)) return 'locked';
  // Not every error of D-Bus: a keyring that answers, and cannot write its file, is there and broken.
  if (
    /autolaunch|failed to connect|connection refused|serviceunknown|not provided by any|no result|no such (?:interface|object)|not connected|does not exist|cannot find module/i.test(
      message,
    )
  ) {
    return 'absent';
  }
  return 'error';
}
