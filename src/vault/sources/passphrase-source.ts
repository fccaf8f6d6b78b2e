import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import { limits } from '../../../shared/limits.ts';
import { type KeyContext, type KeyEncryptionKey, type KeySource, randomId, unavailable } from '../key-context.ts';
import { newScryptParameters, passphraseKey } from '../passphrase.ts';

const RECOVERY = 'Give the passphrase in KEYWARD_PASSPHRASE or KEYWARD_PASSPHRASE_FILE.';

/** A key that is made from words (scrypt): nothing is stored but the cost and the salt. */
export const passphraseSource: KeySource = {
  where: () => 'a passphrase, given in KEYWARD_PASSPHRASE or KEYWARD_PASSPHRASE_FILE',
  find({ kdf }, context) {
    return withPassphrase(context, (passphrase) => {
      const key = passphraseKey(passphrase, kdf);
      return key ? ok(key) : err(failure('VAULT/CORRUPT', { what: 'the passphrase parameters of its header' }));
    });
  },
  make: draw,
  draw,
  recovery: RECOVERY,
  mistakable: true,
};

function draw(context: KeyContext): Result<KeyEncryptionKey> {
  return withPassphrase(context, (passphrase) => {
    if (passphrase.length < limits.passphraseBytes) {
      const reason = `a new passphrase has at least ${limits.passphraseBytes} characters`;
      return unavailable(reason, 'Choose a longer one, such as six random words.');
    }
    const kdf = newScryptParameters();
    const key = passphraseKey(passphrase, kdf);
    return key
      ? ok({ identity: { source: 'passphrase', id: randomId(), kdf }, key })
      : unavailable('scrypt failed', '');
  });
}

function withPassphrase<T>({ config }: KeyContext, work: (passphrase: Buffer) => Result<T>): Result<T> {
  const given = config.passphrase?.() ?? ok(undefined);
  if (!given.ok) return given;
  if (!given.value?.length) return unavailable('no passphrase was given', RECOVERY);
  try {
    return work(given.value);
  } finally {
    given.value.fill(0);
  }
}
