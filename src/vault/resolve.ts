// The only way from a handle to its value. src/main.ts gives the source to the signer and to nothing else, and this file is the only
// one that makes it.
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { boundToOrigin, originAllowed } from '../../shared/secret/binding.ts';
import { refusalOf, type SecretUse, tierOf } from '../../shared/secret/permits.ts';
import type { HandleInfo, SecretTier } from '../../shared/secret/secret-ref.ts';
import { type CapturedTokens, isCapturedId } from './captured.ts';
import { damaged } from './edit-secret.ts';
import { findRecord, infoOf } from './find-record.ts';
import { createNarrowViews } from './narrow-view.ts';
import { sessionOf, type Vault } from './open-vault.ts';
import { askOutside, isOutside, stillSame } from './providers/ask-outside.ts';
import type { ProviderSource } from './providers/providers.ts';
import type { RecordPolicy, StoredRecord } from './record.ts';
import { asNotWritable, type VaultSession, type VaultView } from './session.ts';
import type { UseCounts } from './uses.ts';

export interface SecretValue {
  readonly id: string;
  readonly value: string;
}

export interface SecretSource {
  /**
   * Metadata by name or id; with a tier that of the credential under the same name that such a use would take. `handles` are as in a
   * SecretUse. Failures: SECRET/NOT_FOUND, SECRET/WRITING_ONLY.
   */
  describe(nameOrId: string, tier?: SecretTier, handles?: readonly string[]): Result<HandleInfo>;
  /**
   * The value, for one request; counts the use. Which credential it is goes by the tier, and everything that its record allows is
   * checked here again, on the record that authenticated. Failures: SECRET/NOT_FOUND, WRITING_ONLY, PROVIDER_FAILED, those of
   * `refusalOf`, VAULT/*.
   */
  resolve(id: string, use: SecretUse, signal: AbortSignal): Promise<Result<string>>;
  /**
   * Every value of the vault bound to the origin, expired ones too: a server may still reflect them. Of a handle that points outward
   * those it had when it was used, and the one it has now where that costs nothing; no program is run and nobody is asked. Those of writing credentials only where they are asked for, and not to be kept.
   * Fails closed on a damaged record.
   */
  boundTo(origin: string, tier?: SecretTier): Result<readonly SecretValue[]>;
  /** Changes whenever a value or binding may have changed, by whichever process: what was made from them is then stale. */
  revision(): number;
}

/** Makes the source; without `outside` a handle that points outward has no value. */
export function createSecretSource(vault: Vault, captured: CapturedTokens, outside?: ProviderSource): SecretSource {
  const { session, uses } = sessionOf(vault);
  const narrowTo = createNarrowViews();
  const permitted = (id: string, use: SecretUse) => permittedText(session, id, use, narrowTo);
  const source: SecretSource = {
    describe(nameOrId, tier, handles) {
      if (isCapturedId(nameOrId)) return describeCaptured(captured, nameOrId);
      const whole = session.view();
      if (!whole.ok) return whole;
      const view = narrowTo(whole.value, handles);
      const found = tier ? credentialIn(view, nameOrId, tier) : findRecord(view, nameOrId);
      if (!found.ok) return found;
      const { policy } = found.value;
      return ok(infoOf(view, policy, uses.of(policy.id)));
    },
    async resolve(id, use, signal) {
      if (isCapturedId(id)) return releaseCaptured(captured, id, use.origin);
      const may = permitted(id, use);
      if (!may.ok) return may;
      const { policy, text } = may.value;
      if (!isOutside(policy)) return counted(policy, text, { session, uses });
      // What the provider itself logs in with is the operator's, whoever the value is for: it goes to no place but the provider.
      const value = await askOutside(outside, may.value, { ...source, revision: session.revision() }, signal);
      if (!value.ok) return value;
      // Once more: what was unbound, changed or deleted meanwhile does not go out.
      const still = permitted(id, use);
      if (!still.ok) return still;
      const same = stillSame(may.value, still.value);
      return same.ok ? counted(still.value.policy, value.value, { session, uses }) : same;
    },
    boundTo(origin, tier = 'reading') {
      const known = session.view();
      if (!known.ok) return known;
      // No key is asked for where no handle claims this origin; once the key is at hand every record is checked anyway.
      if (!known.value.verified && bound(known.value.byId, origin).length === 0) return ok([]);
      const view = session.verified();
      return view.ok ? valuesFor(view.value, origin, tier, outside) : view;
    },
    revision: () => session.revision() + (outside?.revision() ?? 0),
  };
  return source;
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

/** The credential under the name of the one given. A reading use never takes a writing one, be it named by its id. */
function credentialIn(view: VaultView, nameOrId: string, tier: SecretTier): Result<StoredRecord> {
  const found = findRecord(view, nameOrId);
  if (!found.ok) return found;
  const { name } = found.value.policy;
  const reading = view.reading.get(name);
  const wanted = tier === 'writing' ? (view.writing.get(name) ?? reading) : reading;
  if (!wanted) return err(failure('SECRET/WRITING_ONLY', { name }));
  return wanted === found.value ? found : findRecord(view, wanted.policy.id);
}

interface Permitted {
  readonly policy: RecordPolicy;
  /** The value, or what a handle that points outward names. */
  readonly text: string;
}

/** What is sealed in the record that such a use takes, where it may be used so. Counts nothing. */
function permittedText(
  session: VaultSession,
  id: string,
  use: SecretUse,
  narrowTo: ReturnType<typeof createNarrowViews>,
): Result<Permitted> {
  const view = session.verified();
  if (!view.ok) return view.failure.code === 'VAULT/ABSENT' ? notThere(session.view(), id) : view;
  const found = credentialIn(narrowTo(view.value, use.handles), id, tierOf(use));
  if (!found.ok) return found;
  const { policy } = found.value;
  const refusal = refusalOf(policy, use, session.now());
  if (refusal) return err(refusal);
  const bytes = view.value.open(found.value);
  return bytes ? ok({ policy, text: takeText(bytes) }) : err(damaged(policy.name));
}

/** The value, with its use counted. */
function counted(
  { id, name, maxUses }: RecordPolicy,
  value: string,
  { session, uses }: { readonly session: VaultSession; readonly uses: UseCounts },
): Result<string> {
  if (maxUses === undefined) {
    uses.note(id, session.now());
    return ok(value);
  }
  const taken = asNotWritable(uses.take(id, maxUses, session.now()));
  if (!taken.ok) return taken;
  return taken.value ? ok(value) : err(failure('SECRET/USED_UP', { name, uses: maxUses }));
}

function takeText(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  bytes.fill(0);
  return text;
}

function valuesFor(
  view: VaultView,
  origin: string,
  tier: SecretTier,
  outside: ProviderSource | undefined,
): Result<readonly SecretValue[]> {
  // The origins of a damaged record cannot be believed, so it might be one of these.
  const bad = view.damaged();
  if (bad) return err(damaged(bad.policy.name));
  const values = bound(tier === 'writing' ? view.writing : view.reading, origin).flatMap((record) => {
    const { id } = record.policy;
    const bytes = view.open(record);
    const text = bytes ? takeText(bytes) : '';
    if (!isOutside(record.policy)) return [{ id, value: text }];
    return (outside?.known(id, text) ?? []).map((value) => ({ id, value }));
  });
  return ok([...values, ...(outside?.tokensOf(origin) ?? []).map((value) => ({ id: 'provider', value }))]);
}

function bound(records: ReadonlyMap<string, StoredRecord>, origin: string): StoredRecord[] {
  const isBound = boundToOrigin(origin);
  return [...records.values()].filter(({ policy }) => isBound(policy.origins));
}

function notThere(view: Result<VaultView>, id: string): Result<never> {
  if (!view.ok) return view;
  const found = findRecord(view.value, id);
  return found.ok ? err(failure('VAULT/ABSENT')) : found;
}
