import { createRequire } from 'node:module';
import type { Keyring } from './keyring.ts';

const SERVICE = 'keyward';

/**
 * The real keychain: Keychain on macOS, Credential Manager on Windows, Secret Service on Linux. Throws where there is none.
 * The Linux store is pinned: unpinned, the package falls back to the kernel's keyring, which forgets everything at logout.
 */
export function osKeyring(): Keyring {
  const { Entry } = createRequire(import.meta.url)('@napi-rs/keyring') as typeof import('@napi-rs/keyring');
  const entry = (account: string) => new Entry(SERVICE, account, { linux: { store: 'secret-service' } });
  return {
    read: (account) => entry(account).getPassword() ?? undefined,
    write: (account, value) => entry(account).setPassword(value),
    delete: (account) => void entry(account).deletePassword(),
  };
}
