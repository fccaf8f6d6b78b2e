// The one way out to the network. Nothing is dialled but a pinned address, and an address is pinned only after it was judged.
import { failure } from '../../shared/failure/failure.ts';
import { err, type Result } from '../../shared/failure/result.ts';
import { type AllowEntry, parseAllowEntry } from '../../shared/policy/address-allow.ts';
import type { NetworkPolicy } from '../../shared/policy/policy.ts';
import type { PinnedTarget, RawExchange, SignedRequest } from '../../shared/stages/stages.ts';
import { pinTarget, type Resolve, resolveByLookup } from './pin.ts';
import type { Replaceable } from './replaceable.ts';
import type { OnUnchecked, Sender, SendLimits } from './send.ts';

export interface Network extends Replaceable {
  /**
   * Judges a destination and chooses the one address that may be dialled. `host` is as the URL parser gives it (IPv6 in
   * brackets). Fails with NETWORK/SCHEME_DENIED, ADDRESS_DENIED, NAME_UNRESOLVED or CANCELLED.
   */
  pin(scheme: string, host: string, port: number, signal: AbortSignal): Promise<Result<PinnedTarget>>;
  /** Sends one request to its pinned address and reads the whole answer within the limits. Follows no redirect. */
  send(request: SignedRequest, limits: SendLimits, signal: AbortSignal): Promise<Result<RawExchange>>;
  /** Closes the connection of a session; `session` is that of its requests. */
  endSession(session: string): void;
}

export interface NetworkOptions {
  readonly policy: NetworkPolicy;
  /** Every address record of a name; the system's resolver unless given. */
  readonly resolve?: Resolve;
  /** Milliseconds; only differences are used. */
  readonly now: () => number;
  readonly onUnchecked?: OnUnchecked;
}

/** Makes the network of one policy. An entry of `policy.allow` that is neither origin nor range allows nothing. */
export function createNetwork({ policy, resolve = resolveByLookup, now, onUnchecked }: NetworkOptions): Network {
  const allow = policy.allow.map(parseAllowEntry).filter((entry): entry is AllowEntry => entry !== undefined);
  let sender: Promise<Sender> | undefined;
  let made: Sender | undefined;
  let closed = false;
  let retired = false;
  const load = async (): Promise<Sender> => {
    // The client library takes longer to load than the whole rest of start-up: only the first call pays for it.
    const { createSender } = await import('./send.ts');
    made = createSender({ policy, allow, now, onUnchecked });
    if (retired) made.retire();
    return made;
  };
  return {
    pin: (scheme, host, port, signal) => pinTarget({ scheme, host, port }, { allow, resolve }, signal),
    async send(request, limits, signal) {
      if (closed) return err(failure('NETWORK/CANCELLED'));
      sender ??= load();
      return (await sender).send(request, limits, signal);
    },
    endSession: (session) => made?.endSession(session),
    retire() {
      retired = true;
      made?.retire();
    },
    isEmpty: () => sender === undefined || made?.isEmpty() === true,
    async close() {
      closed = true;
      await (await sender)?.close();
    },
  };
}
