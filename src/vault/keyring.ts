// The operating system's keychain as the vault sees it. Methods throw what the platform throws; only keychain.ts calls
// them and no message of theirs goes further.

export interface Keyring {
  /** Undefined where there is no such item. */
  read(account: string): string | undefined;
  write(account: string, value: string): void;
  delete(account: string): void;
}

export type MakeKeyring = () => Keyring;
