// A real authorization server (oidc-provider) on loopback, an API that takes its tokens, and a browser that does what it is told.
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { Configuration } from 'oidc-provider';

export interface AuthorizationServer {
  readonly origin: string;
  readonly apiOrigin: string;
  /** Grant types of the token requests seen, in order. */
  readonly asked: string[];
  /** What the API was shown, in order. */
  readonly shown: string[];
  readonly privateKey: string;
  close(): Promise<void>;
}

export const CLIENT_SECRET = 'zebra%Quilt 81+Lantern:x/y';

/** Its clients: `basic`, `post`, `key` (private_key_jwt) and `native` (public). */
export async function startAuthorizationServer(): Promise<AuthorizationServer> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const idp = createServer();
  const origin = await listen(idp);
  const asked: string[] = [];
  const loud = silence();
  const { default: Provider } = await import('oidc-provider');
  const provider = new Provider(origin, configuration({ kid: 'k1', ...publicKey.export({ format: 'jwk' }) }));
  provider.use(async (context, next) => {
    await next();
    if (context.path === '/token') asked.push(String(context.oidc?.body?.grant_type));
  });
  const answer = provider.callback();
  idp.on('request', (request, response) => void answer(request, response));
  const shown: string[] = [];
  const api = createServer((request, response) => {
    const [, token = ''] = (request.headers.authorization ?? '').split(' ');
    shown.push(token);
    const found = Promise.all([provider.AccessToken.find(token), provider.ClientCredentials.find(token)]);
    void found.then(([one, other]) => {
      const valid = one?.isValid || other?.isValid;
      response.writeHead(valid ? 200 : 401, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ who: one?.accountId ?? other?.clientId, scope: one?.scope, echo: request.headers }),
      );
    });
  });
  const apiOrigin = await listen(api);
  return {
    origin,
    apiOrigin,
    asked,
    shown,
    privateKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    close: async () => {
      loud();
      for (const server of [idp, api]) {
        server.closeAllConnections();
        await new Promise((closed) => server.close(closed));
      }
    },
  };
}

function configuration(jwk: object): Configuration {
  const machine = { redirect_uris: [], response_types: [], grant_types: ['client_credentials'] as string[] };
  const device = 'urn:ietf:params:oauth:grant-type:device_code';
  return {
    clients: [
      {
        ...machine,
        client_id: 'basic',
        client_secret: CLIENT_SECRET,
        token_endpoint_auth_method: 'client_secret_basic',
      },
      { ...machine, client_id: 'post', client_secret: CLIENT_SECRET, token_endpoint_auth_method: 'client_secret_post' },
      { ...machine, client_id: 'key', token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: [jwk] } },
      {
        client_id: 'native',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: ['http://127.0.0.1/callback'],
        grant_types: ['authorization_code', 'refresh_token', device],
        response_types: ['code'],
      },
    ],
    features: {
      clientCredentials: { enabled: true },
      deviceFlow: { enabled: true },
      devInteractions: { enabled: true },
    },
    scopes: ['openid', 'offline_access', 'berths'],
    issueRefreshToken: () => true,
    rotateRefreshToken: true,
    pkce: { required: () => true },
    ttl: {
      AccessToken: 600,
      ClientCredentials: 600,
      RefreshToken: 86_400,
      Session: 600,
      Grant: 600,
      Interaction: 600,
      DeviceCode: 600,
      IdToken: 600,
    },
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    cookies: { keys: ['k'] },
  };
}

function listen(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
    });
  });
}

/** It tells of everything that a real installation must not leave as it is. Gives what undoes it. */
function silence(): () => void {
  const { info, warn } = console;
  Object.assign(console, { info: () => undefined, warn: () => undefined });
  return () => void Object.assign(console, { info, warn });
}

export interface Visited {
  readonly url: string;
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

/** Follows redirects with cookies, fills in and sends the forms it meets, and gives the page where it ends. */
export async function browse(start: string, entries: Readonly<Record<string, string>>): Promise<readonly Visited[]> {
  const cookies = new Map<string, string>();
  const visited: Visited[] = [];
  let url = start;
  let form: URLSearchParams | undefined;
  for (let steps = 0; steps < 20; steps += 1) {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response: Response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form && { method: 'POST', body: form }),
    });
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';', 1);
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const text = await response.text();
    visited.push({ url, status: response.status, text, headers: response.headers });
    const location = response.headers.get('location');
    const [, action] = /<form[^>]* action="([^"]+)"/.exec(text) ?? [];
    if (location === null && action === undefined) return visited;
    form = location === null ? filledIn(text, entries) : undefined;
    url = new URL(location ?? action ?? '', url).href;
  }
  return visited;
}

function filledIn(page: string, entries: Readonly<Record<string, string>>): URLSearchParams {
  const form = new URLSearchParams();
  for (const [input] of page.matchAll(/<input[^>]*>/g)) {
    const attribute = (name: string): string => new RegExp(` ${name}="([^"]*)"`).exec(input)?.[1] ?? '';
    const name = attribute('name');
    if (name !== '') form.set(name, entries[name] ?? attribute('value'));
  }
  return form;
}
