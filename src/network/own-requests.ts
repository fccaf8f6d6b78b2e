// Requests of Keyward's own, each to the one origin that the operator named for it. They go the way of all others (every address
// judged, one pinned, no redirect followed) over a network whose exceptions are of no use to an agent.

import { failure } from '../../shared/failure/failure.ts';
import { err, type Result } from '../../shared/failure/result.ts';
import { type AllowEntry, parseAllowEntry } from '../../shared/policy/address-allow.ts';
import type { NetworkPolicy } from '../../shared/policy/policy.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import type { RawExchange } from '../../shared/stages/stages.ts';
import { pinTarget, type Resolve, resolveByLookup } from './pin.ts';
import type { Replaceable } from './replaceable.ts';
import type { OnUnchecked, Sender } from './send.ts';

export interface OwnRequest {
  /** Serialised. */
  readonly origin: string;
  /** Whether another answer named the origin and not the operator: then no exception is made for its addresses. */
  readonly learned?: boolean;
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array;
  readonly timeoutMs: number;
  /** Of a longer answer comes the beginning, and `incomplete` says so. */
  readonly answerBytes: number;
}

export interface OwnNetwork extends Replaceable {
  /** Failures: those of Network.pin and Network.send. */
  send(request: OwnRequest, signal: AbortSignal): Promise<Result<RawExchange>>;
}

export interface OwnNetworkOptions {
  /** Certificate authorities and proxy count; its exceptions do not. */
  readonly policy: NetworkPolicy;
  readonly resolve?: Resolve;
  /** Milliseconds; only differences are used. */
  readonly now: () => number;
  readonly onUnchecked?: OnUnchecked | undefined;
}

export function createOwnNetwork({
  policy,
  resolve = resolveByLookup,
  now,
  onUnchecked,
}: OwnNetworkOptions): OwnNetwork {
  const senders = new Map<string, Sender>();
  let retired = false;
  const senderFor = async (origin: string, allow: readonly AllowEntry[]): Promise<Sender> => {
    const { createSender } = await import('./send.ts');
    const isNamed = allow.length > 0;
    const key = isNamed ? origin : `learned ${origin}`;
    const own = { ...policy, allow: isNamed ? [origin] : [] };
    const made = senders.get(key) ?? createSender({ policy: own, allow, now, onUnchecked });
    senders.set(key, made);
    if (retired) made.retire();
    return made;
  };
  return {
    async send({ origin, learned, method, path, headers, body, timeoutMs, answerBytes }, signal) {
      const url = parseUrl(origin);
      const entry = parseAllowEntry(origin);
      if (!url || !entry) return err(failure('REQUEST/URL_INVALID', { problem: 'it is no origin' }));
      const scheme = url.protocol.slice(0, -1);
      const port = Number(url.port) || (scheme === 'https' ? 443 : 80);
      const allow = learned ? [] : [entry];
      const target = await pinTarget({ scheme, host: url.hostname, port }, { allow, resolve }, signal);
      if (!target.ok) return target;
      const sender = await senderFor(origin, allow);
      return sender.send(
        { target: target.value, method, path, headers: [['Host', url.host], ...headers], ...(body && { body }) },
        { timeoutMs, responseBytes: answerBytes },
        signal,
      );
    },
    retire() {
      retired = true;
      for (const sender of senders.values()) sender.retire();
    },
    isEmpty: () => [...senders.values()].every((sender) => sender.isEmpty()),
    async close() {
      const all = [...senders.values()];
      senders.clear();
      await Promise.all(all.map((sender) => sender.close()));
    },
  };
}
