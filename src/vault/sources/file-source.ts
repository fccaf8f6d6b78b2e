// A key in a file of the data folder. It protects a copied database, not a copied folder; hence the warning.
import type { Failure } from '../../../shared/failure/failure.ts';
import { ok, type Result } from '../../../shared/failure/result.ts';
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
import { createKeyFile, KEY_FILE, keepKeyFile, readKeyFile, removeKeyFile, settleKeyFile } from '../key-file.ts';

const RECOVERY = `Put ${KEY_FILE} back into the data folder, owned by this user with mode 0600.`;

export const fileSource: KeySource = {
  where: () => `the file ${KEY_FILE} of the data folder`,
  find,
  make,
  draw: () => ok(randomKey('key-file')),
  store: {
    keep(made, { home }) {
      const kept = keepKeyFile(home, { id: made.identity.id, key: made.key });
      return kept.ok ? ok(undefined) : unavailable(problemOf(kept.failure), OTHER_SOURCES);
    },
    remove(id, { home }) {
      const removed = removeKeyFile(home, id);
      return removed.ok ? removed : unavailable(problemOf(removed.failure), RECOVERY);
    },
    settle: (id, { home }) => settleKeyFile(home, id),
  },
  recovery: RECOVERY,
  warning: `WARNING: the vault's key lies in the file ${KEY_FILE} beside the vault. Whoever can copy the data folder can read every secret. Use the keychain or a passphrase where you can.`,
  mistakable: false,
};

function find({ id }: KeyIdentity, { home }: KeyContext): Result<Buffer> {
  const found = readKeyFile(home, id);
  if (!found.ok) return unavailable(problemOf(found.failure), RECOVERY);
  if (found.value === undefined) return unavailable(`the file ${KEY_FILE} is missing`, RECOVERY);
  if (found.value === 'damaged') return unavailable(`the file ${KEY_FILE} is damaged`, RECOVERY);
  return found.value.id === id ? ok(found.value.key) : wrongKey('key-file');
}

// A key file without a vault is left by a crash between the two, or by a process that makes the vault at this moment: it is used, never replaced.
function make({ home }: KeyContext): Result<KeyEncryptionKey> {
  const made = randomKey('key-file');
  const created = createKeyFile(home, { id: made.identity.id, key: made.key });
  if (!created.ok) return unavailable(problemOf(created.failure), OTHER_SOURCES);
  if (created.value === 'created') return ok(made);
  const found = readKeyFile(home);
  if (!found.ok) return unavailable(problemOf(found.failure), RECOVERY);
  if (found.value === undefined || found.value === 'damaged') {
    return unavailable(`the file ${KEY_FILE} is damaged`, `Move ${KEY_FILE} away if nothing needs it, and try again.`);
  }
  return ok({ identity: { ...made.identity, id: found.value.id }, key: found.value.key });
}

function problemOf({ facts }: Failure): string {
  return `the file ${KEY_FILE} cannot be used (${String(facts.problem ?? facts.reason ?? 'unknown')})`;
}
