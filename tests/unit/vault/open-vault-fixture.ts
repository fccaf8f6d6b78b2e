import { onTestFinished } from 'vitest';
import { ok } from '../../../shared/failure/result.ts';
import type { GivenKeySource } from '../../../shared/secret/key-source.ts';
import { createCapturedTokens } from '../../../src/vault/captured.ts';
import type { KeySourceConfig } from '../../../src/vault/key-context.ts';
import type { Keyring } from '../../../src/vault/keyring.ts';
import { openVault, type Vault } from '../../../src/vault/open-vault.ts';
import { createSecretSource, type SecretSource } from '../../../src/vault/resolve.ts';
import { temporaryHome, temporaryState } from '../state/temporary-home.ts';

export const ORIGIN = 'https://api.example.com';
export const OTHER = 'http://localhost:3000';
export const NOW = Date.UTC(2026, 0, 1);

export interface OpenedVault {
  readonly home: string;
  readonly vault: Vault;
  readonly secrets: TestedSource;
}

export interface TestedSource extends Omit<SecretSource, 'resolve'> {
  /** For a GET, unless another method is given. */
  resolve(id: string, origin: string, method?: string): ReturnType<SecretSource['resolve']>;
  readonly resolveFor: SecretSource['resolve'];
}

/** A source as its tests ask it. */
export function testedSource(vault: Vault, now: () => number): TestedSource {
  const source = createSecretSource(vault, createCapturedTokens(now));
  const never = new AbortController().signal;
  return {
    ...source,
    resolve: (id, origin, method = 'GET') => source.resolve(id, { origin, method }, never),
    resolveFor: (id, use, signal) => source.resolve(id, use, signal),
  };
}

export interface VaultSetup {
  readonly home?: string;
  readonly keySource?: KeySourceConfig;
  readonly makeKeyring?: () => Keyring;
  readonly now?: () => number;
}

/** A vault over its own connection, as each process has one; with a key file unless told otherwise. */
export function openedVault(setup: VaultSetup = {}): OpenedVault {
  const home = setup.home ?? temporaryHome();
  const { keySource = { source: 'key-file' }, makeKeyring, now = () => NOW } = setup;
  const vault = openVault({ state: temporaryState(home), keySource, now, ...(makeKeyring ? { makeKeyring } : {}) });
  onTestFinished(() => vault.close());
  return { home, vault, secrets: testedSource(vault, now) };
}

/** A key source whose passphrase is the one given, as the settings hand it over. */
export function withPassphrase(passphrase: string, source?: 'passphrase'): KeySourceConfig {
  return { ...(source && { source }), passphrase: () => ok(Buffer.from(passphrase)) };
}

/** A key source that hands over the key itself: 32 times the byte given. */
export function withKey(byte: number, source?: GivenKeySource): KeySourceConfig {
  return { ...(source && { source }), givenKey: () => ok(Buffer.alloc(32, byte)) };
}

/** A keychain in memory, as the adapter of the real one presents it. */
export function memoryKeyring(items = new Map<string, string>()): Keyring & { readonly items: Map<string, string> } {
  return {
    items,
    read: (account) => items.get(account),
    write: (account, value) => void items.set(account, value),
    delete: (account) => void items.delete(account),
  };
}
