// A real authorization server on loopback (oidc-provider) with one client, for grants without a person.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import type { Configuration } from 'oidc-provider';

export const CLIENT = { clientId: 'agent', clientSecret: 'not-a-secret-of-anyone' };

export interface AuthorizationServer {
  readonly origin: string;
  /** Scopes that tokens were asked for with, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** Gives tokens for one audience, with those of `scopes` that are asked for, and the claim `org.id`. */
export async function startProvider(audience: string, scopes: readonly string[]): Promise<AuthorizationServer> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const asked: string[] = [];
  const told = quieten();
  const { default: Provider } = await import('oidc-provider');
  const provider = new Provider(origin, await configuration(audience, scopes));
  provider.on('grant.success', ({ oidc }) => void asked.push(String(oidc.params?.scope)));
  const answer = provider.callback();
  server.on('request', (request, response) => void answer(request, response));
  return {
    origin,
    asked,
    async close() {
      told();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** It tells of everything that a real installation must not leave as it is. Gives what ends that. */
function quieten(): () => void {
  const { info, warn } = console;
  Object.assign(console, { info: () => undefined, warn: () => undefined });
  return () => void Object.assign(console, { info, warn });
}

async function configuration(audience: string, scopes: readonly string[]): Promise<Configuration> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const info = {
    audience,
    scope: scopes.join(' '),
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'ES256' } },
  } as const;
  return {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'p1', alg: 'ES256', use: 'sig' }] },
    scopes: [...scopes],
    clients: [
      {
        client_id: CLIENT.clientId,
        client_secret: CLIENT.clientSecret,
        redirect_uris: [],
        response_types: [],
        grant_types: ['client_credentials'],
        id_token_signed_response_alg: 'ES256',
      },
    ],
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: { enabled: true, getResourceServerInfo: () => info },
    },
    extraTokenClaims: () => ({ org: { id: 'acme' } }),
    ttl: { ClientCredentials: 600 },
    cookies: { keys: ['k'] },
  };
}
