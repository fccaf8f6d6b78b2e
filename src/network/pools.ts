// Connections are kept for reuse per origin and pinned address together: an answer of DNS that changed finds no old connection. The
// secrets that they are made with keep them apart as well: a connection made with one identity serves no other.
import type { Socket } from 'node:net';
import { type Dispatcher, Pool } from 'undici';
import { failure } from '../../shared/failure/failure.ts';
import { limits } from '../../shared/limits.ts';
import type { DialSecrets, PinnedTarget, SignedRequest } from '../../shared/stages/stages.ts';
import { type DialOptions, dial, targetOrigin } from './connect.ts';
import { createHeaderGuard, type HeaderGuard } from './header-guard.ts';
import { answeredEarly, NetworkError } from './network-failure.ts';
import type { OwnContexts } from './trust.ts';

export interface Pools {
  /** Makes a call over the connections of its target. While no call to it is under way, nothing is dialled. */
  use<T>(request: Dialled, call: (dispatcher: Dispatcher) => Promise<T>): Promise<T>;
  /** Closes the one connection of a session. */
  endSession(session: string): void;
  /** Of all connections; who receives an answer tells it of the progress. */
  readonly guard: HeaderGuard;
  /** From now on every connection ends with its calls; further calls can be made. */
  retire(): void;
  /** Whether no connection is open or being made. */
  isEmpty(): boolean;
  close(): Promise<void>;
}

/** What decides over which connections a request goes. */
export type Dialled = Pick<SignedRequest, 'target' | 'session' | 'resumes' | 'dial'>;

interface TargetPool {
  readonly pool: Pool;
  /** Under way. */
  readonly calls: Calls;
}

interface Calls {
  count: number;
  /** What connections are made with; forgotten with the last call. */
  dial: DialSecrets | undefined;
  /** False while the one call has to take the connection that is there. */
  mayDial: boolean;
}

export function createPools(options: DialOptions): Pools {
  // Insertion order is order of last use.
  const pools = new Map<string, TargetPool>();
  const guard = createHeaderGuard();
  let isRetired = false;
  return {
    guard,
    retire() {
      isRetired = true;
      for (const key of pools.keys()) closeIdle(pools, key);
    },
    isEmpty: () => pools.size === 0,
    async use({ target, session = '', resumes, dial: secrets }, call) {
      const place = `${session} ${targetOrigin(target)} ${target.address} `;
      const key = place + (secrets?.id ?? '');
      const used = pools.get(key) ?? openPool(target, options, guard, session !== '');
      pools.delete(key);
      pools.set(key, used);
      evictOthers(pools, place, key);
      evictIdle(pools, key);
      used.calls.count += 1;
      used.calls.dial = secrets;
      used.calls.mayDial = resumes !== true;
      try {
        return await call(used.pool);
      } finally {
        used.calls.count -= 1;
        if (used.calls.count === 0) used.calls.dial = undefined;
        if (isRetired) closeIdle(pools, key);
      }
    },
    endSession(session) {
      for (const [key, { pool }] of pools) {
        if (!key.startsWith(`${session} `)) continue;
        pools.delete(key);
        void pool.destroy();
      }
    },
    async close() {
      const all = [...pools.values()];
      pools.clear();
      await Promise.all(all.map(({ pool }) => pool.destroy()));
    },
  };
}

function openPool(target: PinnedTarget, options: DialOptions, guard: HeaderGuard, isSession: boolean): TargetPool {
  const origin = targetOrigin(target);
  const calls: Calls = { count: 0, dial: undefined, mayDial: true };
  const contexts: OwnContexts = new Map();
  const pool = new Pool(origin, {
    connections: isSession ? 1 : limits.poolConnections,
    // The next request of a session follows at once, however soon the server closes what is idle.
    ...(isSession && { keepAliveTimeoutThreshold: 0 }),
    maxHeaderSize: limits.responseHeaderBytes,
    // The caller's one timer covers connecting, headers and body together.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
    connect: (_, callback) => {
      open(target, options, calls, contexts).then(
        (socket) => {
          guard.watch(socket, origin);
          callback(null, socket);
        },
        (error: unknown) => callback(error instanceof Error ? error : new Error('dial'), null),
      );
    },
  });
  return { pool, calls };
}

const CLOSED = 'the server closed it while it was being authenticated';

/** The client library takes an error for the end of a request, but dials anew for as long as one is queued, be its call over or not. */
async function open(target: PinnedTarget, options: DialOptions, calls: Calls, contexts: OwnContexts): Promise<Socket> {
  if (calls.count === 0) throw new NetworkError(failure('NETWORK/CANCELLED'));
  if (!calls.mayDial)
    throw new NetworkError(failure('NETWORK/CONNECT_FAILED', { origin: targetOrigin(target), reason: CLOSED }));
  const socket = await dial(target, options, { secrets: calls.dial, contexts });
  // It would drop the connection for them, and dial again.
  if (socket.readableLength === 0) return socket;
  socket.destroy();
  throw answeredEarly(targetOrigin(target));
}

/** Another identity at the same place is mostly one that was changed: its key must not live on with its connections. */
function evictOthers(pools: Map<string, TargetPool>, place: string, inUse: string): void {
  for (const [key, { pool, calls }] of pools) {
    if (key === inUse || !key.startsWith(place) || calls.count > 0) continue;
    pools.delete(key);
    void pool.close();
  }
}

/** One of a session ends with the session. */
function closeIdle(pools: Map<string, TargetPool>, key: string): void {
  const found = pools.get(key);
  if (!found || found.calls.count > 0 || !key.startsWith(' ')) return;
  pools.delete(key);
  void found.pool.close();
}

function evictIdle(pools: Map<string, TargetPool>, inUse: string): void {
  for (const [key, { pool }] of pools) {
    if (pools.size <= limits.networkPools) return;
    // One of a session is idle between two of its requests.
    if (key === inUse || pool.stats.size > 0 || !key.startsWith(' ')) continue;
    pools.delete(key);
    void pool.close();
  }
}
