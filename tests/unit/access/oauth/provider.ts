// A real authorization server on loopback (oidc-provider): one client without a person is known to it, and others register themselves.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import type { Configuration } from 'oidc-provider';

export const CLIENT = { clientId: 'agent', clientSecret: 'not-a-secret-of-anyone' };

export interface AuthorizationServer {
  readonly origin: string;
  /** Scopes that the known client asked for tokens with, in order. */
  readonly asked: string[];
  /** Of the others: the grant and the resource (RFC 8707) of each token, in order. */
  readonly granted: (readonly [grant: string, resource: string])[];
  /** Where a client may have a browser sent back to: a page that says nothing. */
  readonly callback: string;
  /** How old the tokens are that it gives to the others from now on, in seconds. */
  ageS: number;
  close(): Promise<void>;
}

/** Gives tokens for one audience, with those of `scopes` that are asked for, and the claim `org.id`. */
export async function startProvider(audience: string, scopes: readonly string[]): Promise<AuthorizationServer> {
  const server = createServer();
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [asked, granted]: [string[], AuthorizationServer['granted']] = [[], []];
  const told = quieten();
  const { default: Provider } = await import('oidc-provider');
  const opened: AuthorizationServer = {
    origin,
    asked,
    granted,
    callback: `${origin}/callback`,
    ageS: 0,
    async close() {
      told();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  const provider = new Provider(origin, await configuration(audience, scopes, () => opened.ageS));
  provider.on('grant.success', ({ oidc: { params, client } }) => {
    if (client?.clientId === CLIENT.clientId) asked.push(String(params?.scope));
    else granted.push([String(params?.grant_type), String(params?.resource)]);
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (request.url?.startsWith('/callback')) response.end();
    else void answer(request, response);
  });
  return opened;
}

/** It tells of everything that a real installation must not leave as it is. Gives what ends that. */
function quieten(): () => void {
  const { info, warn } = console;
  Object.assign(console, { info: () => undefined, warn: () => undefined });
  return () => void Object.assign(console, { info, warn });
}

async function configuration(audience: string, scopes: readonly string[], ageS: () => number): Promise<Configuration> {
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
      devInteractions: { enabled: true },
      registration: { enabled: true },
      resourceIndicators: { enabled: true, getResourceServerInfo: () => info },
    },
    extraTokenClaims: () => ({ org: { id: 'acme' } }),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    formats: {
      customizers: {
        jwt: (_, { clientId }, { payload }) => {
          if (!payload || clientId === CLIENT.clientId) return;
          for (const time of ['iat', 'exp'] as const) payload[time] = Number(payload[time]) - ageS();
        },
      },
    },
    issueRefreshToken: () => true,
    ttl: {
      ClientCredentials: 600,
      AccessToken: 600,
      RefreshToken: 600,
      Grant: 600,
      Session: 600,
      Interaction: 600,
      IdToken: 600,
    },
    cookies: { keys: ['k'] },
  };
}
