// One minting: opens the fields at their endpoint, asks, and keeps what the server says is to be used from then on.
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import { askToken, type GrantAsk, type GrantedToken } from '../oauth/ask-token.ts';
import type { Outline } from '../oauth/outline.ts';
import { type EndpointOptions, type OpenedEndpoint, openEndpoint, tierAt } from './tokens-endpoint.ts';
import { tokenUse } from './tokens-fields.ts';
import { refuseEcho } from './tokens-grant.ts';
import { type HeldToken, lifetimeOf, type RefreshMemory } from './tokens-memory.ts';
import { loginRequired, type TokenSource } from './tokens-source.ts';

/** Where what a person's login left is given its next value. */
export interface RefreshKeeper {
  /** Fails where its value is not any more the one that was described. */
  renew(handle: HandleInfo, value: string): Result<void>;
}

export interface Minting extends EndpointOptions {
  readonly plan: Plan;
  readonly outline: Outline;
  readonly source: Extract<TokenSource, { kind: 'mint' }>;
  readonly refreshes: RefreshMemory;
  /** What the refresh token is remembered under that comes with a token, or takes the place of a stated one. */
  readonly refreshKey: string;
  readonly keeper: RefreshKeeper | undefined;
  readonly wait: (ms: number) => Promise<void>;
}

export interface Minted {
  readonly token: HeldToken;
  /** It came of a writing credential and is not kept. */
  readonly passing: boolean;
}

/** Mints a token. Failures: those of openEndpoint and askToken, REQUEST/LOGIN_REQUIRED where a login has ended. */
export function mintToken(minting: Minting): Promise<Result<Minted>> {
  const { login } = minting.source;
  return login ? refreshLogin(minting, login) : runGrant(minting);
}

async function runGrant(minting: Minting): Promise<Result<Minted>> {
  const { refreshes, refreshKey } = minting;
  const newer = refreshes.get(refreshKey);
  if (newer !== undefined) {
    const refreshed = await openAndAsk(minting, newer);
    if (refreshed.ok) return remember(minting, refreshed.value);
    // It has ended or was withdrawn: what it came from can be done again.
    if (refreshed.failure.code !== 'REQUEST/TOKEN_REFUSED') return refreshed;
    refreshes.drop(refreshKey);
  }
  const asked = await openAndAsk(minting, undefined);
  return asked.ok ? remember(minting, asked.value) : asked;
}

/** Of a writing credential only what takes the place of a refresh token that is used up now: else nothing of it is kept. */
function remember(minting: Minting, asked: Asked): Result<Minted> {
  const { granted, used, passing } = asked;
  const isKept = granted.refreshToken !== undefined && (!passing || used !== undefined);
  if (isKept) minting.refreshes.set(minting.refreshKey, granted.refreshToken);
  return finish(minting, asked);
}

/** Other processes use and replace the same refresh token: it is read anew each time, and again where it was refused. */
async function refreshLogin(minting: Minting, login: HandleInfo): Promise<Result<Minted>> {
  const { signer, plan, refreshes } = minting;
  const tier = tierAt(useOf(minting, true), minting.tier);
  let refusal: Failure = failure('REQUEST/TOKEN_REFUSED', {
    origin: plan.url.origin,
    error: 'its login is replaced all the time',
  });
  for (let left: number = limits.oauthRereads; left > 0; left -= 1) {
    const before = signer.describe(login.id, tier);
    if (!before.ok) return before;
    const opened = await openEndpoint(useOf(minting, true), { ...minting, lands: true });
    if (!opened.ok) return opened;
    // What was opened may be newer than what was described.
    const same = signer.describe(login.id, tier);
    if (!same.ok || valueKey(same.value) !== valueKey(before.value)) continue;
    const asked = await ask(minting, opened.value, refreshes.get(valueKey(before.value)));
    if (asked.ok) return finishLogin(minting, before.value, asked.value);
    if (!hasEnded(asked.failure)) return asked;
    refusal = asked.failure;
    if (!(await isReplaced(minting, before.value))) return err(loginRequired(plan));
  }
  return err(refusal);
}

/** Whether another process has put a newer one in its place: it may be about to. */
async function isReplaced({ signer, wait, signal }: Minting, before: HandleInfo): Promise<boolean> {
  for (let left: number = limits.oauthRereads; ; left -= 1) {
    const now = signer.describe(before.id);
    if (!now.ok || valueKey(now.value) !== valueKey(before)) return true;
    if (left === 0 || signal.aborted) return false;
    await wait(limits.oauthRereadMs);
  }
}

/** The same for a record as long as its value is. */
function valueKey({ id, rotatedAt }: HandleInfo): string {
  return `${id} ${rotatedAt ?? 'new'}`;
}

function hasEnded({ code, facts }: Failure): boolean {
  return code === 'REQUEST/TOKEN_REFUSED' && facts.error === 'invalid_grant';
}

/** What the vault could not take, or the operator alone may give it, is remembered for as long as its record stays as it is. */
function finishLogin(minting: Minting, before: HandleInfo, asked: Asked): Result<Minted> {
  const { keeper, refreshes } = minting;
  const next = asked.granted.refreshToken ?? asked.used;
  if (next !== undefined && next !== asked.stated) {
    // A new value would begin a count of uses anew.
    const mayRenew = before.maxUses === undefined && (before.source ?? 'value') === 'value';
    const isKept = mayRenew && keeper?.renew(before, next).ok === true;
    if (!isKept) refreshes.set(valueKey(before), next);
  }
  return finish(minting, asked);
}

interface Asked {
  readonly granted: GrantedToken;
  /** The refresh token that the fields state, and the one that was used. */
  readonly stated: string | undefined;
  readonly used: string | undefined;
  readonly known: readonly KnownSecret[];
  readonly passing: boolean;
}

function useOf({ plan, outline, source }: Minting, refreshes: boolean) {
  return tokenUse(plan, outline, source.fields, refreshes);
}

/** With a refresh token that is remembered, or as the fields say. */
async function openAndAsk(minting: Minting, remembered: string | undefined): Promise<Result<Asked>> {
  const lands = remembered !== undefined || minting.source.grant === 'refresh_token';
  const opened = await openEndpoint(useOf(minting, lands), { ...minting, lands });
  return opened.ok ? ask(minting, opened.value, remembered) : opened;
}

async function ask(
  { source }: Minting,
  opened: OpenedEndpoint,
  remembered: string | undefined,
): Promise<Result<Asked>> {
  const { endpoint, known, passing } = opened;
  const { refreshToken: stated } = endpoint.fields;
  const { grant } = source;
  const used = remembered ?? stated;
  const asking: GrantAsk =
    remembered !== undefined || grant === 'refresh_token'
      ? { grant: 'refresh_token', refreshToken: used ?? '' }
      : { grant };
  const granted = refuseEcho(opened, await askToken(endpoint, asking), used);
  if (!granted.ok) return granted;
  return ok({ granted: granted.value, stated, used, known, passing });
}

function finish({ outline, now, plan }: Minting, { granted, used, known, passing }: Asked): Result<Minted> {
  const { accessToken, idToken, refreshToken, expiresAt } = granted;
  const credential = outline.source === 'id_token' ? idToken : accessToken;
  if (credential === undefined)
    return err(failure('REQUEST/TOKEN_REFUSED', { origin: plan.url.origin, error: 'its answer has no id token' }));
  const minted = [accessToken, idToken, refreshToken, used].filter((value) => value !== undefined);
  const token: HeldToken = {
    credential,
    ...lifetimeOf(expiresAt, now()),
    known: [...known, ...minted.map((value) => ({ id: 'minted', value }))],
  };
  return ok({ token, passing });
}
