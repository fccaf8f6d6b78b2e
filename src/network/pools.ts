// Connections are kept for reuse per origin and pinned address together: an answer of DNS that changed finds no old connection.
import type { Socket } from 'node:net';
import { type Dispatcher, Pool } from 'undici';
import { failure } from '../../shared/failure/failure.ts';
import { limits } from '../../shared/limits.ts';
import type { PinnedTarget, SignedRequest } from '../../shared/stages/stages.ts';
import { type DialOptions, dial, targetOrigin } from './connect.ts';
import { createHeaderGuard, type HeaderGuard } from './header-guard.ts';
import { answeredEarly, NetworkError } from './network-failure.ts';

export interface Pools {
  /** Makes a call over the connections of its target. While no call to it is under way, nothing is dialled. */
  use<T>(request: Dialled, call: (dispatcher: Dispatcher) => Promise<T>): Promise<T>;
  /** Closes the one connection of a session. */
  endSession(session: string): void;
  /** Of all connections; who receives an answer tells it of the progress. */
  readonly guard: HeaderGuard;
  close(): Promise<void>;
}

/** What decides over which connections a request goes. */
export type Dialled = Pick<SignedRequest, 'target' | 'session'>;

interface TargetPool {
  readonly pool: Pool;
  /** Under way. */
  readonly calls: { count: number };
}

export function createPools(options: DialOptions): Pools {
  // Insertion order is order of last use.
  const pools = new Map<string, TargetPool>();
  const guard = createHeaderGuard();
  return {
    guard,
    async use({ target, session = '' }, call) {
      const key = `${session} ${targetOrigin(target)} ${target.address}`;
      const used = pools.get(key) ?? openPool(target, options, guard, session === '' ? limits.poolConnections : 1);
      pools.delete(key);
      pools.set(key, used);
      evictIdle(pools, key);
      used.calls.count += 1;
      try {
        return await call(used.pool);
      } finally {
        used.calls.count -= 1;
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

function openPool(target: PinnedTarget, options: DialOptions, guard: HeaderGuard, connections: number): TargetPool {
  const origin = targetOrigin(target);
  const calls = { count: 0 };
  const pool = new Pool(origin, {
    connections,
    maxHeaderSize: limits.responseHeaderBytes,
    // The caller's one timer covers connecting, headers and body together.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
    connect: (_, callback) => {
      open(target, options, calls).then(
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

/** The client library takes an error for the end of a request, but dials anew for as long as one is queued, be its call over or not. */
async function open(target: PinnedTarget, options: DialOptions, calls: TargetPool['calls']): Promise<Socket> {
  if (calls.count === 0) throw new NetworkError(failure('NETWORK/CANCELLED'));
  const socket = await dial(target, options);
  // It would drop the connection for them, and dial again.
  if (socket.readableLength === 0) return socket;
  socket.destroy();
  throw answeredEarly(targetOrigin(target));
}

function evictIdle(pools: Map<string, TargetPool>, inUse: string): void {
  for (const [key, { pool }] of pools) {
    if (pools.size <= limits.networkPools) return;
    if (key === inUse || pool.stats.size > 0) continue;
    pools.delete(key);
    void pool.close();
  }
}
