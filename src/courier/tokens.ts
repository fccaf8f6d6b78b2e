// Tokens of OAuth 2: minted when a request needs one, kept in memory, and carried by the request as a handle of their own that nobody
// else can name, for which all rules of handles hold. What speaks the protocol is loaded with the first such request.
import { ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { once } from '../../shared/once.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import { replan } from '../../shared/request/plan-request.ts';
import { otherMethods } from '../../shared/request/safe-request.ts';
import { secretsOf } from '../../shared/request/secret-pieces.ts';
import { tierOf } from '../../shared/secret/permits.ts';
import type { HandleInfo, SecretTier } from '../../shared/secret/secret-ref.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import type { Piece } from '../../shared/template/template.ts';
import type { DeliveryTrail } from '../execute/ports.ts';
import type { Network } from '../network/network.ts';
import type { Signer } from '../signer/sign.ts';
import { createFlights, createQueue, type Flight } from './tokens-flight.ts';
import { createKeys, recordOf, type TokenKeys } from './tokens-key.ts';
import { createRefreshMemory, createTokenMemory, type TokenMemory } from './tokens-memory.ts';
import type { Minted, Minting, RefreshKeeper } from './tokens-mint.ts';
import type { TokenSource } from './tokens-source.ts';

export interface TokensOptions {
  readonly network: Pick<Network, 'pin' | 'send'>;
  readonly captured: IssuedTokenKeeper;
  /** Absent: what servers put in the place of a refresh token lives as long as the process. */
  readonly logins?: RefreshKeeper | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Resolves after so many milliseconds; by the clock of the machine where absent. */
  readonly wait?: ((ms: number) => Promise<void>) | undefined;
}

/** Holds tokens for the plans that are made here, where nobody can name them. */
export interface IssuedTokenKeeper {
  hold(token: {
    readonly origins: readonly string[];
    readonly value: string;
    readonly expiresAt: number;
  }): Pick<HandleInfo, 'id' | 'name'>;
}

export interface TokenUse {
  /** Id of the principal: tokens are theirs alone. */
  readonly caller: string;
  /** That of what the caller reaches. */
  readonly signer: Signer;
  readonly tier: SecretTier;
  /** Bounds the waiting, not the request for the token: others may wait for that. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Told what is used and asked, whatever comes of it. */
  readonly trail: DeliveryTrail;
}

/** A plan whose auth needs nothing minted any more. */
export interface ReadyPlan {
  readonly plan: Plan;
  /** Every value that an answer could reflect. */
  readonly known: readonly KnownSecret[];
  /** Of the authorization server that gave the token. */
  readonly mintedAt?: string;
  /** They came of a writing credential: nothing that is made of them is kept. */
  readonly passing: boolean;
  /** The same with a new token, for an answer that says this one is not taken; absent where it is new. */
  readonly renew?: () => Promise<Result<ReadyPlan>>;
}

export interface Tokens {
  /**
   * Gets the token that a plan needs; any plan but one of OAuth 2 comes back as it is. Failures: SECRET/ORIGIN_NOT_BOUND and what else
   * `admit` says, before anything is opened; REQUEST/AUTH_INVALID, AUTH_INCOMPLETE, LOGIN_REQUIRED, TOKEN_REFUSED; the network's.
   */
  ready(plan: Plan, use: TokenUse): Promise<Result<ReadyPlan>>;
}

const loadProtocol = async () => {
  const [{ readOutline }, { originOf }, { chooseSource }, { judgeUse, tierAt }, fields, { mintToken }] =
    await Promise.all([
      import('../oauth/outline.ts'),
      import('../oauth/refusal.ts'),
      import('./tokens-source.ts'),
      import('./tokens-endpoint.ts'),
      import('./tokens-fields.ts'),
      import('./tokens-mint.ts'),
    ]);
  const { tokenUse, carryToken } = fields;
  return { readOutline, originOf, chooseSource, judgeUse, tierAt, tokenUse, carryToken, mintToken };
};

export function createTokens(options: TokensOptions): Tokens {
  const { now } = options;
  const memory = createTokenMemory();
  const mint = createMint(options, memory);
  const keysOf = createKeys();
  const protocol = once(loadProtocol);

  /** The token that there is, or a new one where there is none or it ends soon. */
  const take = async (need: Need): Promise<Result<ReadyPlan>> => {
    const held = memory.get(need.keys.token);
    if (held === undefined || held.expiresAt <= now()) return mint(need);
    if (held.staleAt <= now()) {
      const early = await mint(need);
      // What is not needed yet may fail for now.
      if (early.ok || !early.failure.code.startsWith('NETWORK/') || need.use.signal.aborted) return early;
    }
    const renew = (): Promise<Result<ReadyPlan>> => {
      // Where another call was faster, there is a newer one.
      memory.spoil(need.keys.token, held);
      return mint(need);
    };
    return ok({ ...carryMinted(need, { token: held, passing: false }, options), renew });
  };

  return {
    async ready(plan, use) {
      if (plan.auth.type !== 'oauth2') return ok({ plan, known: [], passing: false });
      const { readOutline, originOf, chooseSource, judgeUse, tierAt, tokenUse, carryToken, mintToken } =
        await protocol();
      const read = readOutline(plan.auth);
      if (!read.ok) return read;
      const outline = read.value;
      const { signer } = use;
      const chosen = chooseSource(plan, outline, { signer, now });
      if (!chosen.ok) return chosen;
      const source = chosen.value;
      const carry = (pieces: readonly Piece[]): Plan => replan(plan, { ...plan, auth: carryToken(outline, pieces) });
      if (source.kind === 'stored') {
        noteStored(source, plan, use);
        return ok({ plan: carry(source.pieces), known: [], passing: false });
      }
      const { grant, fields, login } = source;
      const at = tokenUse(plan, outline, fields, grant === 'refresh_token');
      const judged = judgeUse(at, { signer, now, tier: use.tier });
      if (!judged.ok) return judged;
      const tier = tierAt(at, use.tier);
      const keys = keysOf({ ...source, stated: [use.caller, outline.source], url: at.url, tier, signer });
      const mintedAt = originOf(at.url);
      const taken = await take({ keys, tier, plan, use, outline, source, mintedAt, carry, mintToken });
      if (login && (taken.ok || use.trail.tokensFrom.has(mintedAt)))
        use.trail.handles.add(recordOf(login.id, tier, signer));
      return taken;
    },
  };
}

/** A request that needs a token. */
interface Need extends Pick<Minting, 'plan' | 'outline' | 'source'> {
  readonly keys: TokenKeys;
  /** Of the credentials that it comes of. */
  readonly tier: SecretTier;
  readonly use: TokenUse;
  readonly mintedAt: string;
  readonly carry: (token: readonly Piece[]) => Plan;
  readonly mintToken: (minting: Minting) => Promise<Result<Minted>>;
}

/** Gives what mints: once for all that wait, and one after the other where one refresh token is used up. */
function createMint(options: TokensOptions, memory: TokenMemory): (need: Need) => Promise<Result<ReadyPlan>> {
  const { network, now, wait = pause } = options;
  const fly = createFlights<Minted>();
  const queue = createQueue();
  const refreshes = createRefreshMemory();
  return async (need) => {
    const { keys, plan, use, outline, source, mintToken } = need;
    const { timeoutMs } = limits;
    const parts = { plan, outline, source, refreshes, refreshKey: keys.refresh, keeper: options.logins, wait };
    const work: Flight<Minted> = (signal, onAsk) =>
      queue(keys.refresh, async () => {
        const current = memory.get(keys.token);
        if (current && current.staleAt > now()) return ok({ token: current, passing: false });
        const minting = { ...parts, signer: use.signer, network, now, tier: use.tier, timeoutMs, signal, onAsk };
        const minted = await mintToken(minting);
        if (minted.ok && !minted.value.passing) memory.set(keys.token, minted.value.token);
        return minted;
      });
    const minted = await fly(keys.token, work, { signal: use.signal, noted: use.trail.tokensFrom });
    return minted.ok ? ok(carryMinted(need, minted.value, options)) : minted;
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function carryMinted(
  { plan, use, tier, source, mintedAt, carry }: Need,
  { token, passing }: Minted,
  { captured, now }: TokensOptions,
): ReadyPlan {
  const ends = Math.min(token.expiresAt, endOfHandles(Object.values(source.fields), tier, use.signer));
  const { id, name } = captured.hold({
    origins: [plan.url.origin],
    value: token.credential,
    // It must last for the call that it was minted for.
    expiresAt: Math.max(passing ? 0 : ends, now() + use.timeoutMs),
  });
  return { plan: carry([{ kind: 'handle', id, name }]), known: token.known, mintedAt, passing };
}

/** A token that a login left is no part of the plan that is recorded. */
function noteStored(
  { pieces }: Extract<TokenSource, { kind: 'stored' }>,
  plan: Plan,
  { signer, tier, trail }: TokenUse,
): void {
  const [piece] = pieces;
  const { origin } = plan.url;
  if (piece?.kind !== 'handle') return;
  const taken = tierOf({ origin, method: plan.method, otherMethods: otherMethods(plan), tier });
  trail.handles.add(recordOf(piece.id, taken, signer));
}

/** When the first of the secrets ends that a token comes from: it must not outlast them. */
function endOfHandles(
  values: readonly (readonly Piece[])[],
  tier: SecretTier,
  signer: Pick<Signer, 'describe'>,
): number {
  const ends = values.flatMap(secretsOf).map((piece) => {
    const info = piece.kind === 'handle' ? signer.describe(piece.id, tier) : undefined;
    return (info?.ok ? info.value.expiresAt : undefined) ?? Number.POSITIVE_INFINITY;
  });
  return Math.min(Number.POSITIVE_INFINITY, ...ends);
}
