// Where the server listens, and what follows from it.
import { isLoopbackHost } from '../../../shared/config/http-address.ts';
import type { HttpSettings, Listen } from '../../../shared/config/http-settings.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/** Whether only this machine can connect: a loopback address, or a socket of the file system. */
export function isLocal(listen: Listen): boolean {
  return 'socket' in listen || isLoopbackHost(listen.host);
}

/** The names that the Host header may have, as they stand there. */
export function allowedHosts({ listen, hosts }: Pick<HttpSettings, 'listen' | 'hosts'>): readonly string[] {
  if (!isLocal(listen)) return hosts;
  return [...hosts, ...LOOPBACK_NAMES, ...('host' in listen ? [hostText(listen.host)] : [])];
}

/** A host as it stands in a URL. */
export function hostText(host: string): string {
  return host.includes(':') ? `[${host.toLowerCase()}]` : host.toLowerCase();
}
