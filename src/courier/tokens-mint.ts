// One minting: opens the fields at their endpoint, asks, and keeps what the server says is to be used from then on.
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import { askToken, type GrantAsk, type GrantedToken } from '../oauth/ask-token.ts';
import type { OpenedFields } from '../oauth/client.ts';
import type { Outline } from '../oauth/outline.ts';
import { type EndpointOptions, type EndpointUse, openEndpoint } from './tokens-endpoint.ts';
import { tokenUse } from './tokens-fields.ts';
import { type HeldToken, lifetimeOf } from './tokens-memory.ts';
import { loginRequired, type TokenSource } from './tokens-source.ts';

/** Where a refresh token of the vault is given its next value. */
export interface RefreshKeeper {
  renew(handle: HandleInfo, value: string): Result<void>;
}

export interface Minting extends EndpointOptions {
  readonly plan: Plan;
  readonly outline: Outline;
  readonly source: Extract<TokenSource, { kind: 'mint' }>;
  /** What was minted before, which may hold a refresh token. */
  readonly held: HeldToken | undefined;
  readonly keeper: RefreshKeeper | undefined;
}

export interface Minted {
  readonly token: HeldToken;
  /** It came of a writing credential and is not kept. */
  readonly passing: boolean;
}

/** Mints a token. Failures: those of openEndpoint and askToken, REQUEST/LOGIN_REQUIRED where a login has ended. */
export function mintToken(minting: Minting): Promise<Result<Minted>> {
  const { refreshHandle } = minting.source;
  return refreshHandle ? refreshFromVault(minting, refreshHandle) : runGrant(minting);
}

async function runGrant(minting: Minting): Promise<Result<Minted>> {
  const { source, held } = minting;
  if (held?.refreshToken !== undefined) {
    const refreshToken = held.refreshToken;
    const refreshed = await ask(minting, true, () => ({ grant: 'refresh_token', refreshToken }));
    if (refreshed.ok) return finish(minting, refreshed.value, refreshed.value.granted.refreshToken ?? refreshToken);
    // It has ended or was withdrawn: what it came from can be done again.
    if (refreshed.failure.code !== 'REQUEST/TOKEN_REFUSED') return refreshed;
  }
  const { grant } = source;
  const asked = await ask(minting, grant === 'refresh_token', (fields) =>
    grant === 'refresh_token' ? { grant, refreshToken: fields.refreshToken ?? '' } : { grant },
  );
  return asked.ok ? finish(minting, asked.value, asked.value.granted.refreshToken) : asked;
}

/** Another process may use and replace the same refresh token: it is read anew each time, and once more where it was refused. */
async function refreshFromVault(minting: Minting, handle: HandleInfo): Promise<Result<Minted>> {
  const { signer, plan, source, held } = minting;
  const unsaved = held?.refreshToken;
  const before = signer.describe(handle.id);
  if (!before.ok) return before;
  const again = (): Promise<Result<Asked>> =>
    ask(minting, true, (fields) => ({ grant: 'refresh_token', refreshToken: unsaved ?? fields.refreshToken ?? '' }));
  let asked = await again();
  if (!asked.ok && hasEnded(asked.failure)) {
    const since = signer.describe(handle.id);
    if (since.ok && since.value.updatedAt !== before.value.updatedAt) asked = await again();
    if (!asked.ok && hasEnded(asked.failure) && source.isLogin) return err(loginRequired(plan));
  }
  if (!asked.ok) return asked;
  const next = asked.value.granted.refreshToken ?? unsaved;
  const isSaved = next === undefined || next === asked.value.fields.refreshToken || save(minting, before.value, next);
  return finish(minting, asked.value, isSaved ? undefined : next);
}

function hasEnded({ code, facts }: Failure): boolean {
  return code === 'REQUEST/TOKEN_REFUSED' && facts.error === 'invalid_grant';
}

/** Whether the vault has it now. A new value would begin a count of uses anew, and that is the operator's to do. */
function save({ signer, keeper }: Minting, before: HandleInfo, next: string): boolean {
  const now = signer.describe(before.id);
  // Somebody has set another value since: the operator, or a process that was faster.
  if (!now.ok || now.value.updatedAt !== before.updatedAt) return now.ok;
  if (now.value.maxUses !== undefined || (now.value.source ?? 'value') !== 'value') return false;
  return keeper?.renew(now.value, next).ok === true;
}

interface Asked {
  readonly granted: GrantedToken;
  readonly fields: OpenedFields;
  readonly known: readonly KnownSecret[];
  readonly passing: boolean;
}

async function ask(
  minting: Minting,
  refreshes: boolean,
  asking: (fields: OpenedFields) => GrantAsk,
): Promise<Result<Asked>> {
  const { plan, outline, source } = minting;
  const use: EndpointUse = tokenUse(plan, outline, source.fields, refreshes);
  const opened = await openEndpoint(use, minting);
  if (!opened.ok) return opened;
  const { endpoint, known, passing } = opened.value;
  const granted = await askToken(endpoint, asking(endpoint.fields));
  return granted.ok ? ok({ granted: granted.value, fields: endpoint.fields, known, passing }) : granted;
}

function finish(
  { outline, now, plan }: Minting,
  { granted, known, passing }: Asked,
  refreshToken: string | undefined,
): Result<Minted> {
  const { accessToken, idToken, expiresAt } = granted;
  const credential = outline.source === 'id_token' ? idToken : accessToken;
  if (credential === undefined)
    return err(failure('REQUEST/TOKEN_REFUSED', { origin: plan.url.origin, error: 'its answer has no id token' }));
  const minted = [accessToken, idToken, granted.refreshToken, refreshToken].filter((value) => value !== undefined);
  const token: HeldToken = {
    credential,
    ...lifetimeOf(expiresAt, now()),
    ...(refreshToken !== undefined && { refreshToken }),
    known: [...known, ...minted.map((value) => ({ id: 'minted', value }))],
  };
  return ok({ token, passing });
}
