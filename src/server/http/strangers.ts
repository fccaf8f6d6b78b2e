// Connections on which no caller was found yet. Anybody can open as many as it likes, and what it holds must not keep callers out: of
// one address, and where no place is left, the oldest of them gives way to the new one.
import type { IncomingMessage } from 'node:http';
import type { HttpLimits } from '../../../shared/config/http-settings.ts';
import { addressGroup } from '../../access/address-group.ts';
import { isTrustedPeer, type TrustedProxies } from '../../access/client-address.ts';

export interface StrangersOptions {
  readonly limits: Pick<HttpLimits, 'connections' | 'connectionsPerAddress'>;
  /** What they open stands for many clients, and gives way to nobody. */
  readonly proxies: TrustedProxies;
  /** Told of each connection that was closed for being too many. */
  readonly onClosed: () => void;
}

export interface Strangers {
  /** To be called with each connection when it is opened; may close it or an older one. */
  opened(connection: Connection): void;
  /** A caller was found on it, so it gives way to nobody; also given TLS over what was opened. */
  met(connection: Connection): void;
}

type Connection = IncomingMessage['socket'];

export function createStrangers({ limits, proxies, onClosed }: StrangersOptions): Strangers {
  const open = new Set<Connection>();
  const strangers = createQueue();
  const close = (connection: Connection): void => {
    open.delete(connection);
    strangers.leave(connection);
    connection.destroy();
    onClosed();
  };
  return {
    opened(connection) {
      open.add(connection);
      connection.once('close', () => {
        open.delete(connection);
        strangers.leave(connection);
      });
      if (open.size > limits.connections) close(strangers.oldest() ?? connection);
      const address = connection.remoteAddress;
      // A socket of the file system is its owner's.
      if (connection.destroyed || address === undefined || isTrustedPeer(address, proxies)) return;
      const group = addressGroup(address);
      if (strangers.count(group) >= limits.connectionsPerAddress) close(strangers.oldestOf(group) ?? connection);
      strangers.join(connection, group);
    },
    met: (connection) => strangers.leave(connection),
  };
}

/** In the order in which they came, all of them and those of one group. */
function createQueue() {
  const all = new Map<string, { readonly connection: Connection; readonly group: string }>();
  const groups = new Map<string, Map<string, Connection>>();
  return {
    join(connection: Connection, group: string): void {
      const name = nameOf(connection);
      all.set(name, { connection, group });
      const members = groups.get(group) ?? new Map<string, Connection>();
      groups.set(group, members.set(name, connection));
    },
    leave(connection: Connection): void {
      const name = nameOf(connection);
      const group = all.get(name)?.group ?? '';
      all.delete(name);
      const members = groups.get(group);
      members?.delete(name);
      if (members?.size === 0) groups.delete(group);
    },
    count: (group: string): number => groups.get(group)?.size ?? 0,
    oldest: (): Connection | undefined => first(all)?.connection,
    oldestOf: (group: string): Connection | undefined => first(groups.get(group) ?? new Map<string, Connection>()),
  };
}

/** What a connection and TLS over it have in common. Node remembers it when the connection is closed. */
function nameOf({ remoteAddress, remotePort }: Connection): string {
  return `${remoteAddress} ${remotePort}`;
}

function first<T>(map: ReadonlyMap<string, T>): T | undefined {
  const [value] = map.values();
  return value;
}
