// A vault with a key file and the providers over it, as src/sealed-half.ts connects them.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Result } from '../../../../shared/failure/result.ts';
import type { ExecProvider, ProviderPolicy, VaultProvider } from '../../../../shared/policy/provider-policy.ts';
import { createOwnNetwork } from '../../../../src/network/own-requests.ts';
import { createCapturedTokens } from '../../../../src/vault/captured.ts';
import type { SetSecret } from '../../../../src/vault/edit-secret.ts';
import type { Vault } from '../../../../src/vault/open-vault.ts';
import type { Outcome } from '../../../../src/vault/providers/outcome.ts';
import { createProviders } from '../../../../src/vault/providers/providers.ts';
import { createSecretSource, type SecretSource } from '../../../../src/vault/resolve.ts';
import { must } from '../../state/temporary-home.ts';
import { NOW, ORIGIN, openedVault } from '../open-vault-fixture.ts';

export interface ProviderStand {
  readonly vault: Vault;
  readonly secrets: SecretSource;
  /** Milliseconds since the epoch. */
  clock: number;
  /** Variables of the environment. */
  readonly variables: Record<string, string>;
  /** Stores a handle for ORIGIN that points outward. */
  point(name: string, reference: string, more?: Partial<SetSecret>): void;
  /** For a GET of ORIGIN. */
  resolve(name: string, signal?: AbortSignal): Promise<Result<string>>;
}

export function providerStand(policy: Partial<ProviderPolicy> = {}): ProviderStand {
  const variables: Record<string, string> = { HOME: '/nonexistent' };
  const now = () => stand.clock;
  const { vault } = openedVault({ now });
  const providers = createProviders({ now, variable: (name) => variables[name] });
  const network = createOwnNetwork({ policy: { allow: [], ca: [] }, now: () => performance.now() });
  onTestFinished(async () => {
    providers.close();
    await network.close();
  });
  const outside = providers.under({ exec: [], vault: [], ...policy }, (request, signal) =>
    network.send(request, signal),
  );
  const secrets = createSecretSource(vault, createCapturedTokens(now), outside);
  const stand: ProviderStand = {
    vault,
    secrets,
    clock: NOW,
    variables,
    point: (name, reference, more) =>
      void must(vault.set({ name, value: reference, outside: true, origins: [ORIGIN], ...more })),
    async resolve(name, signal = new AbortController().signal) {
      const info = secrets.describe(name);
      return info.ok ? secrets.resolve(info.value.id, { origin: ORIGIN, method: 'GET' }, signal) : info;
    },
  };
  return stand;
}

export interface Asking {
  readonly variables?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Values of the handles that providers log in with. */
  readonly credentials?: Readonly<Record<string, string>>;
}

/** Asks providers as the vault would, without a vault. */
export function askProviders(
  policy: Partial<ProviderPolicy>,
  { variables = {}, credentials = {}, signal = new AbortController().signal }: Asking = {},
): (reference: string) => Promise<Outcome> {
  const providers = createProviders({ now: () => NOW, variable: (name) => variables[name] });
  const network = createOwnNetwork({ policy: { allow: [], ca: [] }, now: () => performance.now() });
  onTestFinished(async () => {
    providers.close();
    await network.close();
  });
  const outside = providers.under({ exec: [], vault: [], ...policy }, (request, stop) => network.send(request, stop));
  const open = (name: string) => Promise.resolve(credentials[name]);
  return (reference) => {
    const source = reference.startsWith('exec:') ? 'exec' : 'vault';
    return outside.fetch({ handleId: 'h', source, reference, revision: 1, once: false, open }, signal);
  };
}

/** A folder of this test's own. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-providers-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes a shell script and gives its path. */
export function script(text: string, folder = temporaryFolder()): string {
  const path = join(folder, 'program');
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o700);
  return path;
}

export function execProvider(program: string, more: Partial<ExecProvider> = {}): ExecProvider {
  const defaults = { name: 'tool', arguments: ['{name}'], firstLine: false, trim: false, environment: [] };
  return { ...defaults, program, timeoutMs: 10_000, cacheSeconds: 0, ...more };
}

export function vaultProvider(origin: string, more: Partial<VaultProvider> = {}): VaultProvider {
  const login = { kind: 'token', token: 'VAULT_TOKEN' } as const;
  return { name: 'corp', origin, mount: 'secret', login, timeoutMs: 5_000, cacheSeconds: 0, ...more };
}
