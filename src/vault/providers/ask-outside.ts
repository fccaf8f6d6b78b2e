// From a record that names an outside place to the value it has there now.
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import type { SecretUse } from '../../../shared/secret/permits.ts';
import type { HandleInfo } from '../../../shared/secret/secret-ref.ts';
import { providerFailure } from './provider-failure.ts';
import type { ProviderSource } from './providers.ts';
import type { OpenCredential } from './vault-provider.ts';

/** What is sealed in a record that may be used. */
export interface SealedReference {
  readonly policy: Omit<HandleInfo, 'useCount'>;
  readonly text: string;
}

/** The way of a provider's own credential, which is a handle like any. */
export interface CredentialSource {
  describe(nameOrId: string): Result<HandleInfo>;
  resolve(id: string, use: SecretUse, signal: AbortSignal): Promise<Result<string>>;
  /** Of the vault alone. */
  readonly revision: number;
}

export function isOutside({ source = 'value' }: Pick<HandleInfo, 'source'>): boolean {
  return source !== 'value';
}

/** Asks the provider. Failures: SECRET/PROVIDER_FAILED, NETWORK/CANCELLED. */
export async function askOutside(
  providers: ProviderSource | undefined,
  { policy: { id, name, source = 'value', tier }, text }: SealedReference,
  credentials: CredentialSource,
  signal: AbortSignal,
): Promise<Result<string>> {
  const { revision } = credentials;
  const open = openFrom(credentials);
  const wanted = { handleId: id, source, reference: text, revision, once: tier === 'writing', open };
  const outcome = await providers?.fetch(wanted, signal);
  if (outcome?.ok) return ok(outcome.value);
  return err(providerFailure(name, text, signal.aborted ? 'stopped' : (outcome?.reason ?? 'undefined')));
}

/** Whether what a record says is still what was asked for: asking takes its time. */
export function stillSame(before: SealedReference, after: SealedReference): Result<void> {
  const isSame = before.policy.id === after.policy.id && before.text === after.text;
  return isSame ? ok(undefined) : err(providerFailure(before.policy.name, before.text, 'changed'));
}

/** A credential must not itself come from a vault: one of them could then be asked for its own token. */
function openFrom(credentials: CredentialSource): OpenCredential {
  return async (name, use, signal) => {
    const info = credentials.describe(name);
    if (!info.ok || info.value.source === 'vault') return undefined;
    const opened = await credentials.resolve(info.value.id, use, signal);
    return opened.ok ? opened.value : undefined;
  };
}
