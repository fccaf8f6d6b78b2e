// TLS servers on loopback that say whom they saw. Certificates are the fake ones beside this file.
import { readFileSync } from 'node:fs';
import { createServer, type TLSSocket, type TlsOptions } from 'node:tls';
import type { OriginTls } from '../../../shared/policy/transport.ts';
import { seal } from '../../../shared/secret/seal.ts';
import type { ClientIdentity, PinnedTarget } from '../../../shared/stages/stages.ts';

export const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');
export const fixtureBytes = (name: string): Buffer => readFileSync(new URL(`fixtures/${name}`, import.meta.url));
export const fixturePath = (name: string): string => new URL(`fixtures/${name}`, import.meta.url).pathname;
export const PASSPHRASE = 'fake-passphrase-1';

/** What a server saw of one connection. */
export interface SeenPeer {
  /** Empty: it showed no certificate. */
  readonly subject: string;
  readonly fingerprint: string;
  readonly serverName: string;
  readonly protocol: string;
  readonly resumed: boolean;
}

export interface TlsStand {
  readonly port: number;
  readonly origin: string;
  readonly peers: SeenPeer[];
  /** Heads of the requests. */
  readonly requests: string[];
  close(): Promise<void>;
}

/** Answers each request with `fine` and keeps the connection. */
export async function startTls(options: TlsOptions & { readonly name?: string } = {}): Promise<TlsStand> {
  const { name = 'server', ...tls } = options;
  const peers: SeenPeer[] = [];
  const requests: string[] = [];
  const sockets = new Set<TLSSocket>();
  const own = { cert: fixture(`${name}.pem`), key: fixture(`${name}.key`), ca: fixture('ca.pem') };
  const server = createServer({ ...own, ...tls }, (socket) => {
    sockets.add(socket.on('error', () => undefined).on('close', () => sockets.delete(socket)));
    peers.push(seen(socket));
    socket.on('data', (chunk: Buffer) => {
      requests.push(chunk.toString('latin1'));
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine');
    });
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    port,
    origin: `https://secure.test:${port}`,
    peers,
    requests,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((closed) => server.close(() => closed()));
    },
  };
}

function seen(socket: TLSSocket): SeenPeer {
  const peer = socket.getPeerCertificate();
  return {
    subject: String(peer.subject?.CN ?? ''),
    fingerprint: peer.fingerprint256 ?? '',
    serverName: socket.servername || '',
    protocol: socket.getProtocol() ?? '',
    resumed: socket.isSessionReused(),
  };
}

export const mutual = { requestCert: true, rejectUnauthorized: true } as const;

export function targetAt(port: number, host = 'secure.test'): PinnedTarget {
  return { scheme: 'https', host, port, address: '127.0.0.1', family: 4, exception: true };
}

export function tlsFor({ origin }: Pick<TlsStand, 'origin'>, fields: Partial<OriginTls> = {}): OriginTls {
  return { origin, ca: [fixture('ca.pem')], ...fields };
}

export const identities = {
  pem: { cert: fixture('client.pem'), key: fixture('client.key') },
  encrypted: { cert: fixture('client.pem'), key: fixture('client-encrypted.key'), passphrase: PASSPHRASE },
  pfx: { pfx: fixtureBytes('client.pfx').toString('base64'), passphrase: PASSPHRASE },
  other: { cert: fixture('other.pem'), key: fixture('other.key') },
} satisfies Record<string, ClientIdentity>;

export const statedPfx = { pfx: seal(identities.pfx.pfx), passphrase: 'passphrase' };
