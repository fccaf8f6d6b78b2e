// The only way from a handle to its value. src/main.ts gives the source to the signer and to nothing else, and this file is the only
// one that makes it.
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { originAllowed } from '../../shared/secret/binding.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import { type CapturedTokens, isCapturedId } from './captured.ts';
import { findLoaded, sessionOf, type Vault, withUses } from './open-vault.ts';
import type { LoadedRecord, VaultView } from './session.ts';

export interface SecretValue {
  readonly id: string;
  readonly value: string;
}

/** What a value is wanted for. */
export interface SecretUse {
  /** Of the request that it will stand in. */
  readonly origin: string;
  readonly method: string;
}

export interface SecretSource {
  /** Metadata by name or id. Failure: SECRET/NOT_FOUND. */
  describe(nameOrId: string): Result<HandleInfo>;
  /**
   * The value, for one request; counts the use. Binding, expiry and what else the record allows are checked here again, on the
   * record that authenticated. Failures: SECRET/NOT_FOUND, SECRET/ORIGIN_NOT_BOUND, SECRET/EXPIRED, VAULT/*.
   */
  resolve(id: string, use: SecretUse, signal: AbortSignal): Promise<Result<string>>;
  /** Every value of the vault bound to the origin, expired ones too: a server may still reflect them. Fails closed on a damaged record. */
  boundTo(origin: string): Result<readonly SecretValue[]>;
  /** Changes whenever a value or binding may have changed, by whichever process: what was made from them is then stale. */
  revision(): number;
}

export function createSecretSource(vault: Vault, captured: CapturedTokens): SecretSource {
  const { session, uses } = sessionOf(vault);
  return {
    describe(nameOrId) {
      if (isCapturedId(nameOrId)) return describeCaptured(captured, nameOrId);
      const view = session.view();
      if (!view.ok) return view;
      const found = findLoaded(view.value, nameOrId);
      return found.ok ? ok(withUses(found.value.stored.policy, new Map())) : found;
    },
    async resolve(id, { origin }) {
      if (isCapturedId(id)) return releaseCaptured(captured, id, origin);
      const view = session.verified();
      if (!view.ok) return view.failure.code === 'VAULT/ABSENT' ? notThere(session.view(), id) : view;
      const found = findLoaded(view.value, id);
      if (!found.ok) return found;
      const value = release(found.value, origin, session.now());
      if (value.ok) uses.note(found.value.stored.policy.id, session.now());
      return value;
    },
    boundTo(origin) {
      const known = session.view();
      if (!known.ok) return known;
      // No key is asked for where no handle claims this origin; once the key is at hand every record is checked anyway.
      if (!known.value.verified && bound(known.value, origin).length === 0) return ok([]);
      const view = session.verified();
      return view.ok ? valuesFor(view.value, origin) : view;
    },
    revision: () => session.revision(),
  };
}

function describeCaptured(captured: CapturedTokens, id: string): Result<HandleInfo> {
  const info = captured.describe(id);
  return info ? ok(info) : gone();
}

function releaseCaptured(captured: CapturedTokens, id: string, origin: string): Result<string> {
  const info = captured.describe(id);
  if (!info) return gone();
  const secret = `{{${info.name}}}`;
  if (!originAllowed(info.origins, origin)) return err(failure('SECRET/ORIGIN_NOT_BOUND', { secret, origin }));
  const value = captured.value(id);
  return value === undefined ? gone() : ok(value);
}

function gone(): Result<never> {
  return err(failure('SECRET/CAPTURED_GONE', { name: 'a captured token' }));
}

function release({ stored, value }: LoadedRecord, origin: string, now: number): Result<string> {
  const { name, origins, expiresAt } = stored.policy;
  if (!originAllowed(origins, origin))
    return err(failure('SECRET/ORIGIN_NOT_BOUND', { secret: `The secret "${name}"`, origin }));
  if (expiresAt !== undefined && now >= expiresAt) {
    return err(failure('SECRET/EXPIRED', { name, expired: new Date(expiresAt).toISOString() }));
  }
  return value ? ok(value.toString('utf8')) : err(failure('VAULT/CORRUPT', { what: `the secret "${name}"` }));
}

function valuesFor(view: VaultView, origin: string): Result<readonly SecretValue[]> {
  // The origins of a damaged record cannot be believed, so it might be one of these.
  for (const { stored, value } of view.byId.values()) {
    if (!value) return err(failure('VAULT/CORRUPT', { what: `the secret "${stored.policy.name}"` }));
  }
  return ok(
    bound(view, origin).map(({ stored, value }) => ({ id: stored.policy.id, value: value?.toString('utf8') ?? '' })),
  );
}

function bound(view: VaultView, origin: string): LoadedRecord[] {
  return [...view.byId.values()].filter(({ stored }) => originAllowed(stored.policy.origins, origin));
}

function notThere(view: Result<VaultView>, id: string): Result<never> {
  if (!view.ok) return view;
  const found = findLoaded(view.value, id);
  return found.ok ? err(failure('VAULT/ABSENT')) : found;
}
