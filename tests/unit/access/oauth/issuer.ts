// An issuer on loopback that signs whatever it is told, and the network that asks it.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { HttpSettings, IssuerSettings } from '../../../../shared/config/http-settings.ts';
import type { Ask } from '../../../../src/access/oauth/ask.ts';
import { createTokenAuthenticator } from '../../../../src/access/oauth/token-authenticator.ts';
import { createOwnNetwork } from '../../../../src/network/own-requests.ts';

/** A path at which nothing is ever said. */
export const SILENT = '/silent';
export const AUDIENCE = 'https://keyward.example.com/mcp';
/** Where the clock stands, in milliseconds. */
export const START = Date.parse('2026-11-22T12:00:00Z');

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface SigningKey {
  readonly kid: string;
  readonly alg: string;
  readonly key: CryptoKey;
  readonly publicKey: CryptoKey;
  readonly jwk: object;
}

export async function makeKey(kid: string, alg = 'ES256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true });
  return { kid, alg, key: privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } };
}

export interface Issuer {
  readonly origin: string;
  /** Paths asked for, in order. */
  readonly asked: string[];
  /** What is served at /jwks. */
  keys: readonly SigningKey[];
  /** Answers instead; undefined: metadata and keys. */
  answer: Handler | undefined;
  close(): Promise<void>;
}

export async function startIssuer(keys: readonly SigningKey[]): Promise<Issuer> {
  const server = createServer((request, response) => {
    issuer.asked.push(request.url ?? '');
    if (issuer.answer) return issuer.answer(request, response);
    const metadata = { issuer: issuer.origin, jwks_uri: `${issuer.origin}/jwks` };
    const found: Record<string, unknown> = {
      '/jwks': { keys: issuer.keys.map(({ jwk }) => jwk) },
      '/cdn-cgi/access/certs': { keys: issuer.keys.map(({ jwk }) => jwk) },
      '/.well-known/openid-configuration': metadata,
    };
    const body = found[request.url ?? ''];
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? {}));
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const issuer: Issuer = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    keys,
    answer: undefined,
    close: async () => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return issuer;
}

/** Claims and header of a good token; undefined takes one away. */
export interface TokenChanges {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: Readonly<Record<string, unknown>>;
}

export function signToken(issuer: string, key: SigningKey, { claims, header }: TokenChanges = {}): Promise<string> {
  const seconds = START / 1_000;
  const stated = {
    iss: issuer,
    sub: 'user-1',
    aud: AUDIENCE,
    iat: seconds,
    exp: seconds + 300,
    scope: 'read',
    ...claims,
  };
  return new SignJWT(stated)
    .setProtectedHeader({ alg: key.alg, kid: key.kid, typ: 'at+jwt', ...header } as { alg: string })
    .sign(key.key, { crit: { exp: true } } as object);
}

export function settingsOf(issuer: string, changes: Partial<IssuerSettings> = {}): IssuerSettings {
  return {
    issuer,
    audience: [AUDIENCE],
    algorithms: ['ES256', 'RS256'],
    scopeClaim: 'scope',
    scopePrefix: '',
    ...changes,
  };
}

/** The real network; the answer that a silent server owes is given up soon. */
export function createAsk(): { readonly ask: Ask; readonly close: () => Promise<void> } {
  const network = createOwnNetwork({ policy: { allow: [], ca: [] }, now: () => performance.now() });
  return {
    ask: (request, signal) => {
      const timeoutMs = request.path === SILENT ? 20 : request.timeoutMs;
      return network.send({ ...request, timeoutMs }, signal);
    },
    close: () => network.close(),
  };
}

export const PEER = { address: '192.0.2.7' };

/** What a token is answered with. */
export function authenticatorOf(
  oauth: readonly IssuerSettings[],
  ask: Ask,
  now: () => number = () => START,
  claims: HttpSettings['claims'] = {},
) {
  const authenticator = createTokenAuthenticator({ settings: { oauth, claims }, ask, now });
  return (token: string) => authenticator.authenticate({ authorization: `Bearer ${token}` }, PEER);
}
