// Connections are kept for reuse per origin and pinned address together: an answer of DNS that changed finds no old connection.
import { Pool } from 'undici';
import { limits } from '../../shared/limits.ts';
import type { PinnedTarget } from '../../shared/stages/stages.ts';
import { type DialOptions, dial, targetOrigin } from './connect.ts';
import { createHeaderGuard, type HeaderGuard } from './header-guard.ts';

export interface Pools {
  of(target: PinnedTarget): Pool;
  /** Of all connections; who receives an answer tells it of the progress. */
  readonly guard: HeaderGuard;
  close(): Promise<void>;
}

export function createPools(options: DialOptions): Pools {
  // Insertion order is order of last use.
  const pools = new Map<string, Pool>();
  const guard = createHeaderGuard();
  return {
    guard,
    of(target) {
      const key = `${targetOrigin(target)} ${target.address}`;
      const pool = pools.get(key) ?? openPool(target, options, guard);
      pools.delete(key);
      pools.set(key, pool);
      evictIdle(pools, key);
      return pool;
    },
    async close() {
      const all = [...pools.values()];
      pools.clear();
      await Promise.all(all.map((pool) => pool.destroy()));
    },
  };
}

function openPool(target: PinnedTarget, options: DialOptions, guard: HeaderGuard): Pool {
  const origin = targetOrigin(target);
  return new Pool(origin, {
    connections: limits.poolConnections,
    maxHeaderSize: limits.responseHeaderBytes,
    // The caller's one timer covers connecting, headers and body together.
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
    connect: (_, callback) => {
      dial(target, options).then(
        (socket) => {
          guard.watch(socket, origin);
          callback(null, socket);
        },
        (error: unknown) => callback(error instanceof Error ? error : new Error('dial'), null),
      );
    },
  });
}

function evictIdle(pools: Map<string, Pool>, inUse: string): void {
  for (const [key, pool] of pools) {
    if (pools.size <= limits.networkPools) return;
    if (key === inUse || pool.stats.size > 0) continue;
    pools.delete(key);
    void pool.close();
  }
}
