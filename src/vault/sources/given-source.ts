// Keys that the process is handed at its start and that whoever starts it keeps: nothing of them is stored here.
import { ok, type Result } from '../../../shared/failure/result.ts';
import type { GivenKeySource } from '../../../shared/secret/key-source.ts';
import { type KeyContext, type KeyEncryptionKey, type KeySource, randomId, unavailable } from '../key-context.ts';

const WHERE: Readonly<Record<GivenKeySource, string>> = {
  'systemd-credential': 'the systemd credential that KEYWARD_KEY_CREDENTIAL names (default: keyward.key)',
  'file-descriptor': 'the file descriptor that KEYWARD_KEY_FD names',
  environment: 'the environment variable KEYWARD_KEY',
};

const RECOVERY: Readonly<Record<GivenKeySource, string>> = {
  'systemd-credential':
    'Start it as a systemd service with LoadCredential= or LoadCredentialEncrypted=keyward.key:FILE, holding the key of this vault.',
  'file-descriptor': 'Start it with the key of this vault open for reading: KEYWARD_KEY_FD=3 keyward 3<FILE.',
  environment: 'Start it with the key of this vault in KEYWARD_KEY.',
};

const WARNING =
  "WARNING: the vault's key was handed over in the environment, which this user's other processes can read for as long as this one runs. Use KEYWARD_KEY_FD or the keychain where you can.";

/** One of the sources that hand over the key itself: 32 bytes in base64url. */
export function givenSource(source: GivenKeySource): KeySource {
  const draw = (context: KeyContext): Result<KeyEncryptionKey> => {
    const key = take(source, context);
    return key.ok ? ok({ identity: { source, id: randomId(), kdf: '' }, key: key.value }) : key;
  };
  return {
    where: () => WHERE[source],
    find: (_, context) => take(source, context),
    make: draw,
    draw,
    recovery: RECOVERY[source],
    ...(source === 'environment' && { warning: WARNING }),
    mistakable: true,
  };
}

function take(source: GivenKeySource, { config }: KeyContext): Result<Buffer> {
  return config.givenKey?.(source) ?? unavailable('no key was given', RECOVERY[source]);
}
