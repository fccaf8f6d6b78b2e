// Tokens of OAuth 2: minted when a request needs one, kept in memory, and carried by the request as a captured handle, for which all
// rules of handles hold. What speaks the protocol is loaded with the first such request.
import { ok, type Result } from '../../shared/failure/result.ts';
import { once } from '../../shared/once.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import { replan } from '../../shared/request/plan-request.ts';
import type { SecretTier } from '../../shared/secret/secret-ref.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import type { Piece } from '../../shared/template/template.ts';
import type { Network } from '../network/network.ts';
import { createSealedDigest } from '../signer/sealed-digest.ts';
import type { Signer } from '../signer/sign.ts';
import { createFlights, createQueue } from './tokens-flight.ts';
import { createTokenMemory } from './tokens-memory.ts';
import type { Minted, Minting, RefreshKeeper } from './tokens-mint.ts';
import type { TokenSource } from './tokens-source.ts';

export interface TokensOptions {
  readonly signer: Signer;
  readonly network: Pick<Network, 'pin' | 'send'>;
  readonly captured: MintedTokenKeeper;
  /** Absent: what servers put in the place of a refresh token lives as long as the process. */
  readonly logins?: RefreshKeeper | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface MintedTokenKeeper {
  capture(token: {
    readonly caller: string;
    readonly origins: readonly string[];
    readonly field: string;
    readonly value: string;
    readonly expiresAt?: number;
  }): { readonly id: string; readonly name: string };
}

export interface TokenUse {
  /** Id of the principal: tokens are theirs alone. */
  readonly caller: string;
  readonly tier: SecretTier;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A plan whose auth needs nothing minted any more. */
export interface ReadyPlan {
  readonly plan: Plan;
  /** Every value that an answer could reflect. */
  readonly known: readonly KnownSecret[];
  /** Of the authorization server that gave the token. */
  readonly mintedAt?: string;
  /** Id of the handle of a refresh token, or of the token that a login left, that this came of. */
  readonly login?: string;
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
  const [{ readOutline }, { originOf }, { chooseSource }, { judgeUse }, fields, { mintToken }] = await Promise.all([
    import('../oauth/outline.ts'),
    import('../oauth/refusal.ts'),
    import('./tokens-source.ts'),
    import('./tokens-endpoint.ts'),
    import('./tokens-fields.ts'),
    import('./tokens-mint.ts'),
  ]);
  const { tokenUse, carryToken } = fields;
  return { readOutline, originOf, chooseSource, judgeUse, tokenUse, carryToken, mintToken };
};

export function createTokens(options: TokensOptions): Tokens {
  const { signer, network, now } = options;
  const memory = createTokenMemory();
  const fly = createFlights<Minted>();
  const queue = createQueue();
  const keyOf = createKeys(signer);
  const protocol = once(loadProtocol);

  const mint = async (need: Need): Promise<Result<ReadyPlan>> => {
    const { key, plan, use, outline, source } = need;
    const { tier, timeoutMs } = use;
    const work = async (signal: AbortSignal): Promise<Result<Minted>> => {
      const { mintToken } = await protocol();
      const minting = { plan, outline, source, keeper: options.logins, signer, network, now, tier, timeoutMs, signal };
      const run = (): Promise<Result<Minted>> => mintToken({ ...minting, held: memory.get(key) });
      const minted = await (source.refreshHandle ? queue(source.refreshHandle.id, run) : run());
      if (minted.ok && !minted.value.passing) memory.set(key, minted.value.token);
      return minted;
    };
    const minted = await fly(key, work, use.signal);
    return minted.ok ? ok(carryMinted(need, minted.value, options)) : minted;
  };

  /** The token that there is, or a new one where there is none or it ends soon. */
  const take = async (need: Need): Promise<Result<ReadyPlan>> => {
    const held = memory.get(need.key);
    if (held === undefined || held.staleAt === 0 || held.expiresAt <= now()) return mint(need);
    if (held.staleAt <= now()) {
      const early = await mint(need);
      // What is not needed yet may fail for now.
      if (early.ok || !early.failure.code.startsWith('NETWORK/') || need.use.signal.aborted) return early;
    }
    const renew = (): Promise<Result<ReadyPlan>> => {
      memory.spoil(need.key, held);
      return mint(need);
    };
    return ok({ ...carryMinted(need, { token: held, passing: false }, options), renew });
  };

  return {
    async ready(plan, use) {
      if (plan.auth.type !== 'oauth2') return ok({ plan, known: [], passing: false });
      const { readOutline, originOf, chooseSource, judgeUse, tokenUse, carryToken } = await protocol();
      const read = readOutline(plan.auth);
      if (!read.ok) return read;
      const outline = read.value;
      const source = chooseSource(plan, outline, options);
      if (!source.ok) return source;
      const carry = (pieces: readonly Piece[]): Plan => replan(plan, { ...plan, auth: carryToken(outline, pieces) });
      if (source.value.kind === 'stored')
        return ok({ plan: carry(source.value.pieces), known: [], passing: false, ...loginOf(source.value) });

      const { grant, fields } = source.value;
      const at = tokenUse(plan, outline, fields, grant === 'refresh_token');
      const judged = judgeUse(at, { signer, now, tier: use.tier });
      if (!judged.ok) return judged;
      const key = keyOf([use.caller, use.tier, at.url, outline.source, grant], source.value, use.tier);
      return take({ key, plan, use, outline, source: source.value, mintedAt: originOf(at.url), carry });
    },
  };
}

/** A request that needs a token. */
interface Need extends Pick<Minting, 'plan' | 'outline' | 'source'> {
  /** The same for requests that can have the same token. */
  readonly key: string;
  readonly use: TokenUse;
  readonly mintedAt: string;
  readonly carry: (token: readonly Piece[]) => Plan;
}

function carryMinted({ plan, use, source, mintedAt, carry }: Need, minted: Minted, options: TokensOptions): ReadyPlan {
  const { token, passing } = minted;
  const { signer, captured, now } = options;
  const until = passing ? now() : Math.min(token.expiresAt, endOfHandles(Object.values(source.fields), signer));
  const { id, name } = captured.capture({
    caller: use.caller,
    origins: [plan.url.origin],
    field: 'access_token',
    value: token.credential,
    // It must last for the call that it was minted for.
    expiresAt: Math.max(until, now() + use.timeoutMs),
  });
  const ready = { plan: carry([{ kind: 'handle', id, name }]), known: token.known, mintedAt, passing };
  return { ...ready, ...loginOf(source) };
}

function loginOf(source: TokenSource): Pick<ReadyPlan, 'login'> {
  if (source.kind === 'mint') return source.refreshHandle ? { login: source.refreshHandle.id } : {};
  const [piece] = source.pieces;
  return piece?.kind === 'handle' ? { login: piece.id } : {};
}

type KeySource = Pick<Minting['source'], 'fields' | 'refreshHandle'>;

/** What makes two tokens different, secrets by the record they are in and its last change. The refresh token changes as it is used. */
function createKeys(signer: Pick<Signer, 'describe'>) {
  const sealedDigest = createSealedDigest();
  return (stated: readonly string[], { fields, refreshHandle }: KeySource, tier: SecretTier): string => {
    const pieceKey = (piece: Piece): readonly string[] => {
      if (piece.kind === 'text') return ['text', piece.text];
      if (piece.kind === 'inline') return ['inline', sealedDigest(piece.value)];
      if (piece.id === refreshHandle?.id) return ['handle', piece.id];
      const info = signer.describe(piece.id, tier);
      return info.ok ? ['handle', info.value.id, String(info.value.updatedAt)] : ['handle', piece.id];
    };
    const pieces = Object.entries(fields).map(([name, value]) => [name, value.map(pieceKey)]);
    return JSON.stringify([stated, pieces]);
  };
}

/** When the first of the secrets ends that a token comes from: it must not outlast them. */
function endOfHandles(values: readonly (readonly Piece[])[], signer: Pick<Signer, 'describe'>): number {
  const ends = values.flat().map((piece) => {
    const info = piece.kind === 'handle' ? signer.describe(piece.id) : undefined;
    return (info?.ok ? info.value.expiresAt : undefined) ?? Number.POSITIVE_INFINITY;
  });
  return Math.min(Number.POSITIVE_INFINITY, ...ends);
}
