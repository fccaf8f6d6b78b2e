// Who calls, and how much they may: composition of what the HTTP server asks before it reads a body.

import type { HttpSettings } from '../../shared/config/http-settings.ts';
import { failure } from '../../shared/failure/failure.ts';
import type { Result } from '../../shared/failure/result.ts';
import type { State } from '../state/state.ts';
import type { Authentication, Authenticator, Credentials, Pace, Peer, Refusal } from './access.ts';
import { claimedId } from './claimed-id.ts';
import { claimVariables } from './claims.ts';
import { createGuesses } from './guesses.ts';
import { createKeyAuthenticator, INVALID } from './key-authenticator.ts';
import { createKeyStore } from './key-store.ts';
import { createKeyUses } from './key-uses.ts';
import { createPace, type PaceOptions } from './pace.ts';

export interface AccessOptions {
  readonly state: State;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly limits: PaceOptions['limits'];
  /** Name of a variable → path of the claim that fills it: for callers without claims too, so that none supplies it. */
  readonly claims?: HttpSettings['claims'];
  /** Asked before everything else; what they refuse is refused. */
  readonly guards?: readonly Authenticator[];
  /** Beside keys, in the order in which they are asked. */
  readonly authenticators?: readonly Authenticator[];
  /** For failures that are told late; default: a timer that keeps no process. */
  readonly wait?: (ms: number) => Promise<void>;
}

export interface Access {
  /** Never throws for what the credentials are; failures of authentication take their time. */
  authenticate(credentials: Credentials, peer: Peer): Promise<Authentication>;
  readonly pace: Pace;
  /** Whether there is a key that opens anything now. Failures: those of State. */
  hasKeys(): Result<boolean>;
  /** How many addresses are remembered for their failures. */
  watched(): number;
  /** Writes what is pending. */
  close(): void;
}

/** Failures that wait to be told, at once: each holds a connection. Those beyond are told at once. */
const MOST_WAITING = 64;

/** RFC 6750 section 3.1: who brought no credential is not told of an error. */
const NOBODY: Refusal = { kind: 'refused', status: 401, failure: failure('ACCESS/UNAUTHENTICATED'), challenge: {} };

export function createAccess({
  state,
  now,
  limits,
  claims = {},
  guards = [],
  authenticators = [],
  wait = sleep,
}: AccessOptions): Access {
  const keys = createKeyStore({ state, now });
  const uses = createKeyUses(state);
  const guesses = createGuesses({ now });
  const chain = [...guards, createKeyAuthenticator({ keys, uses, now }), ...authenticators];
  let waiting = 0;

  const tellLate = async (refused: Refusal, peer: Peer, claimed: string | undefined): Promise<Refusal> => {
    const verdict = guesses.failed(peer, claimed);
    if ('kind' in verdict) return verdict;
    if (verdict.delayMs === 0 || waiting >= MOST_WAITING) return refused;
    waiting += 1;
    await wait(verdict.delayMs).finally(() => {
      waiting -= 1;
    });
    return refused;
  };
  return {
    async authenticate(credentials, peer) {
      if (credentials.authorization === undefined && credentials.assertion === undefined) return NOBODY;
      const claimed = claimedId(credentials);
      const early = guesses.before(peer, claimed);
      if (early) return early;
      const found = withClaims(await firstAnswer(chain, credentials, peer), claims);
      if (found.kind === 'caller') guesses.succeeded(peer, claimed);
      return found.kind === 'refused' && found.status === 401 ? tellLate(found, peer, claimed) : found;
    },
    pace: createPace({ limits, now }),
    hasKeys: keys.hasLive,
    watched: guesses.watched,
    close: uses.close,
  };
}

async function firstAnswer(
  chain: readonly Authenticator[],
  credentials: Credentials,
  peer: Peer,
): Promise<Authentication> {
  for (const each of chain) {
    const answer = await each.authenticate(credentials, peer);
    if (answer) return answer;
  }
  return INVALID;
}

function withClaims(found: Authentication, map: HttpSettings['claims']): Authentication {
  if (found.kind === 'refused' || Object.keys(map).length === 0) return found;
  return { ...found, principal: { claims: claimVariables(map), ...found.principal } };
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
