import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { AllowEntry } from '../../shared/policy/address-allow.ts';
import type { NetworkPolicy } from '../../shared/policy/policy.ts';
import { parseProxy } from '../../shared/policy/proxy-address.ts';
import { proxyFor, uncheckedOrigins } from '../../shared/policy/transport.ts';
import { markRaw, type RawExchange, type SignedFields } from '../../shared/stages/stages.ts';
import { targetOrigin } from './connect.ts';
import { decodeBody } from './decode.ts';
import { keepAnswer } from './keep-answer.ts';
import { networkFailure } from './network-failure.ts';
import { createPools, type Pools } from './pools.ts';
import { type Progress, receive } from './receive.ts';
import { createTrust } from './trust.ts';

export interface SendLimits {
  /** From the call to the last byte of the answer. */
  readonly timeoutMs: number;
  /** For the encoded and for the decoded body alike; of a longer one comes the beginning. */
  readonly responseBytes: number;
  /** The limit for the body of a redirect that will be followed; `responseBytes` where absent. */
  readonly redirectBytes?: number | undefined;
}

export interface Sender {
  send(request: SignedFields, limits: SendLimits, signal: AbortSignal): Promise<Result<RawExchange>>;
  endSession(session: string): void;
  /** From now on every connection ends with its calls; further requests can be sent. */
  retire(): void;
  /** Whether it holds no connection. */
  isEmpty(): boolean;
  close(): Promise<void>;
}

export interface SenderOptions {
  readonly policy: NetworkPolicy;
  readonly allow: readonly AllowEntry[];
  readonly now: () => number;
  readonly onUnchecked?: OnUnchecked | undefined;
}

/** Told of every request that goes out although the certificate of this origin is not checked. */
export type OnUnchecked = (origin: string) => void;

/** The proxy variables of the environment are never looked at; a proxy setting that is not usable refuses every call. */
export function createSender({ policy, allow, now, onUnchecked }: SenderOptions): Sender {
  const proxy = policy.proxy === undefined ? ok(undefined) : parseProxy(policy.proxy);
  const pools = createPools({ allow, trust: createTrust(policy), proxyFor: (origin) => proxyFor(policy, origin) });
  return {
    async send(request, limits, signal) {
      if (!proxy.ok) return proxy;
      const judged = judgeRequest(request);
      if (!judged.ok) return judged;
      for (const origin of uncheckedOrigins(policy, targetOrigin(request.target))) onUnchecked?.(origin);
      return exchange(request, { pools, now, limits, signal });
    },
    endSession: (session) => pools.endSession(session),
    retire: () => pools.retire(),
    isEmpty: () => pools.isEmpty(),
    close: () => pools.close(),
  };
}

// undici writes header values and path as Latin-1 and refuses the rest with a message that names the header.
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const TARGET = /^\/[\x21-\xff]*$/;
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** A tunnel would be left open; TRACE and its old name have a server reflect the credentials that it was sent. */
const NEVER_SENT = new Set(['CONNECT', 'TRACE', 'TRACK']);

function judgeRequest({ method, path, headers }: SignedFields): Result<void> {
  if (!TOKEN.test(method) || NEVER_SENT.has(method.toUpperCase()))
    return err(failure('REQUEST/METHOD_INVALID', { method }));
  if (!TARGET.test(path))
    return err(failure('REQUEST/URL_INVALID', { problem: 'the path holds characters that HTTP does not allow' }));
  const bad = headers.find(([name, value]) => !TOKEN.test(name) || !HEADER_VALUE.test(value));
  if (!bad) return ok(undefined);
  return err(
    failure('REQUEST/HEADER_INVALID', { name: bad[0], problem: 'it holds characters that HTTP does not allow' }),
  );
}

interface ExchangeOptions {
  readonly pools: Pools;
  readonly now: () => number;
  readonly limits: SendLimits;
  readonly signal: AbortSignal;
}

async function exchange(
  request: SignedFields,
  { pools, now, limits, signal }: ExchangeOptions,
): Promise<Result<RawExchange>> {
  const origin = targetOrigin(request.target);
  const startedAt = now();
  const progress: Progress = { answering: false };
  try {
    const dispatched = {
      origin,
      path: request.path,
      method: request.method,
      headers: request.headers.flat(),
      body: request.body ?? null,
      // The client library closes the connection after every HEAD, unless told otherwise.
      ...(request.session !== undefined && { reset: false }),
    };
    const options = { origin, now, ...limits, guard: pools.guard };
    const received = await pools.use(request, (dispatcher) =>
      receive(dispatcher, dispatched, options, progress, signal),
    );
    const { encoded, incomplete } = received;
    const decoded = await decodeBody(encoded, received.headers, { origin, maxBytes: limits.responseBytes, incomplete });
    if (!decoded.ok) return decoded;
    const timing = { totalMs: now() - startedAt, firstByteMs: received.headersAt - startedAt };
    return ok(markRaw({ ...keepAnswer(received, decoded.value), timing }));
  } catch (error) {
    return err(networkFailure(error, { origin, answering: progress.answering }));
  }
}
