// An API with every way to log in that the stories take. It mints each value anew and keeps them all, so that what came out can be
// searched for them.
import { createHash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export const PASSWORD = 'Harbour-Gate/77+Lantern=';
export const CLIENT_SECRET = 'client-Secret.4711_Quay~x';

export interface LoginApi {
  readonly origin: string;
  /** Every value that it gave out. */
  readonly minted: Set<string>;
  /** Requests that arrived, oldest first. */
  readonly arrived: Arrived[];
  close(): Promise<void>;
}

export interface Arrived {
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

interface Call extends Arrived {
  readonly response: ServerResponse;
}

export async function startLoginApi(): Promise<LoginApi> {
  const minted = new Set<string>();
  const arrived: Arrived[] = [];
  const mint = (): string => {
    const value = randomBytes(24).toString('base64url');
    minted.add(value);
    return value;
  };
  const routes: Record<string, (call: Call) => void> = {
    ...tokenRoutes(mint),
    ...sessionRoutes(mint),
    ...formRoutes(mint),
    ...oauthRoutes(mint),
    ...hostileRoutes(mint),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const call = {
        line: `${request.method} ${request.url}`,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      };
      arrived.push(call);
      const route = routes[call.line.split('?', 1)[0] ?? ''];
      if (route) route({ ...call, response });
      else response.writeHead(404).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    minted,
    arrived,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function json({ response }: Call, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

function html({ response }: Call, text: string, headers: Record<string, string | string[]> = {}): void {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers }).end(`<!doctype html>${text}`);
}

const form = ({ body }: Call) => Object.fromEntries(new URLSearchParams(body));
const bearer = ({ headers }: Call) => /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';

/** A login that answers with tokens in JSON. */
function tokenRoutes(mint: () => string): Record<string, (call: Call) => void> {
  const valid = new Set<string>();
  const refreshing = new Set<string>();
  const grant = () => {
    const [access, refresh] = [mint(), mint()];
    valid.add(access);
    refreshing.add(refresh);
    return { access_token: access, refresh_token: refresh, token_type: 'Bearer', expires_in: 3600 };
  };
  const refresh = (call: Call, token: string | undefined) =>
    refreshing.delete(token ?? '') ? json(call, 200, grant()) : json(call, 401, { error: 'invalid_grant' });
  return {
    'POST /token/login': (call) => {
      const { user, password } = JSON.parse(call.body) as Record<string, string>;
      if (user !== 'ann' || password !== PASSWORD) return json(call, 401, { error: 'invalid' });
      return json(call, 200, { data: { ...grant(), user: { name: 'Ann' } } });
    },
    'GET /token/me': (call) => {
      if (!valid.has(bearer(call))) return json(call, 401, { error: 'invalid_token' });
      return json(call, 200, { name: 'Ann', seen: `got ${bearer(call)}`, query: call.line });
    },
    'POST /token/refresh': (call) => refresh(call, (JSON.parse(call.body) as Record<string, string>).refresh_token),
    'POST /token/refresh-form': (call) => refresh(call, form(call).refresh_token),
    'POST /token/logout': (call) => {
      valid.delete(bearer(call));
      call.response.writeHead(204).end();
    },
    // What many APIs do: the same token for every login, as long as it lives.
    'POST /token/same': (() => {
      const api_token = mint();
      return (call: Call) => json(call, 200, { api_token });
    })(),
    'POST /token/nested': (call) =>
      json(call, 200, { tokens: { access: { token: mint(), expires: '2030-01-01T00:00:00Z' }, list: [mint()] } }),
    'POST /token/header': (call) => {
      call.response.setHeader('X-Auth-Token', mint());
      json(call, 200, { authorization: `Bearer ${mint()}` });
    },
    'POST /token/oauth1': ({ response }) =>
      response
        .writeHead(200, { 'content-type': 'application/x-www-form-urlencoded' })
        .end(`oauth_token=${mint()}&oauth_token_secret=${mint()}`),
    'POST /token/xml': ({ response }) =>
      response
        .writeHead(200, { 'content-type': 'application/xml' })
        .end(`<session><access_token>${mint()}</access_token><user>Ann</user></session>`),
  };
}

/** A login that answers with a session cookie, as a web application does. */
function sessionRoutes(mint: () => string): Record<string, (call: Call) => void> {
  const sessions = new Set<string>();
  const sessionOf = ({ headers }: Call) => /(?:^|; )sid=([^;]*)/.exec(headers.cookie ?? '')?.[1] ?? '';
  return {
    'POST /session/login': (call) => {
      const { user, password } = form(call);
      if (user !== 'ann' || password !== PASSWORD) return json(call, 401, { error: 'invalid' });
      const sid = mint();
      sessions.add(sid);
      call.response
        .writeHead(303, {
          location: '/session/home',
          'set-cookie': [`sid=${sid}; Path=/session; HttpOnly; SameSite=Lax; Secure`, 'lang=en; Path=/'],
        })
        .end();
      return undefined;
    },
    'GET /session/home': (call) => {
      if (!sessions.has(sessionOf(call))) return json(call, 401, { error: 'no session' });
      return json(call, 200, { hello: 'Ann', lang: 'en', debug: `cookie ${sessionOf(call)}` });
    },
    'POST /session/logout': (call) => {
      sessions.delete(sessionOf(call));
      call.response.writeHead(204, { 'set-cookie': 'sid=; Path=/session; Max-Age=0' }).end();
    },
    'GET /elsewhere': (call) => json(call, 200, { cookie: call.headers.cookie ?? 'none' }),
  };
}

/** Forms that want back a token of their page, together with its cookie. */
function formRoutes(mint: () => string): Record<string, (call: Call) => void> {
  const tokens = new Map<string, { readonly field: string; readonly meta: string }>();
  const tokensOf = ({ headers }: Call) =>
    tokens.get(/(?:^|; )form_session=([^;]*)/.exec(headers.cookie ?? '')?.[1] ?? '');
  return {
    'GET /form/page': (call) => {
      const known = tokensOf(call);
      const session = mint();
      const { field, meta } = known ?? { field: mint(), meta: mint() };
      if (!known) tokens.set(session, { field, meta });
      html(
        call,
        `<head><title>Pay</title><meta name="csrf-token" content="${meta}"></head><body><h1>Pay</h1>` +
          `<form method="post"><input type="hidden" name="csrf_token" value="${field}"><input name="amount"></form></body>`,
        known ? {} : { 'set-cookie': `form_session=${session}; HttpOnly` },
      );
    },
    'POST /form/page': (call) => {
      const { csrf_token, amount } = form(call);
      const known = tokensOf(call);
      const isRight = known && (csrf_token === known.field || call.headers['x-csrf-token'] === known.meta);
      return isRight ? html(call, `<p>Paid ${amount}</p>`) : json(call, 403, { error: 'CSRF' });
    },
  };
}

/** An authorization server (RFC 6749 with PKCE, RFC 7636) and an API behind it. */
function oauthRoutes(mint: () => string): Record<string, (call: Call) => void> {
  const valid = new Set<string>();
  const refreshing = new Set<string>();
  const codes = new Map<string, string>();
  // RFC 6749 section 2.3.1: name and secret are form-encoded before they are joined.
  const clientOf = ({ headers }: Call) =>
    decodeURIComponent(Buffer.from((headers.authorization ?? '').replace('Basic ', ''), 'base64').toString());
  const grant = () => {
    const access = mint();
    valid.add(access);
    return { access_token: access, token_type: 'Bearer', expires_in: 3600 };
  };
  const lasting = () => {
    const refresh_token = mint();
    refreshing.add(refresh_token);
    return { ...grant(), refresh_token };
  };
  const answerTo = ({ grant_type, code = '', code_verifier = '', refresh_token = '' }: Record<string, string>) => {
    if (grant_type === 'client_credentials') return grant();
    if (grant_type === 'refresh_token') return refreshing.delete(refresh_token) ? lasting() : undefined;
    const challenge = codes.get(code);
    const isProven = challenge === createHash('sha256').update(code_verifier).digest('base64url');
    return codes.delete(code) && isProven ? lasting() : undefined;
  };
  return {
    'GET /oauth/authorize': ({ line, response }) => {
      const asked = new URL(line.slice(4), 'http://h').searchParams;
      const code = mint();
      codes.set(code, asked.get('code_challenge') ?? '');
      const back = new URL(asked.get('redirect_uri') ?? '');
      back.search = new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString();
      response.writeHead(302, { location: back.href }).end();
    },
    'POST /oauth/token': (call) => {
      if (clientOf(call) !== `story:${CLIENT_SECRET}`) return json(call, 401, { error: 'invalid_client' });
      const answer = answerTo(form(call));
      return answer ? json(call, 200, answer) : json(call, 400, { error: 'invalid_grant' });
    },
    'GET /oauth/me': (call) => {
      if (!valid.has(bearer(call))) return json(call, 401, { error: 'invalid_token' });
      return json(call, 200, { name: 'Ann', access_token: bearer(call), note: bearer(call) });
    },
    'POST /oauth/revoke': (call) => {
      valid.delete(bearer(call));
      call.response.writeHead(204).end();
    },
  };
}

/** What a server may try. */
function hostileRoutes(mint: () => string): Record<string, (call: Call) => void> {
  return {
    'POST /hostile/many': (call) =>
      json(
        call,
        200,
        Array.from({ length: 32 }, () => ({ api_token: mint() })),
      ),
    'GET /hostile/fake': (call) => json(call, 200, { access_token: '{{captured:evil_1}}', note: '{{vault:API_KEY}}' }),
    'GET /hostile/mirror': (call) =>
      json(call, 200, { token: call.headers['x-api-key'], access_token: `Bearer ${call.headers['x-api-key']}` }),
    'GET /hostile/echo': (call) => json(call, 200, { line: call.line, note: call.headers['x-note'] ?? null }),
    'POST /hostile/echo': (call) => json(call, 200, { body: call.body }),
  };
}
