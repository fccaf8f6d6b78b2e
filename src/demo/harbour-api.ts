// The API that the demo calls: it wants a bearer token, and then repeats it everywhere an answer can hold it, the way
// debug endpoints, echo services and careless error pages do.
import { createHmac, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HarbourApi {
  /** Such as `http://127.0.0.1:43121`. */
  readonly origin: string;
  /** Requests that carried the right token. */
  accepted(): number;
  /** Requests that were answered 401. */
  rejected(): number;
  /** The session's token that it mints at a login, and takes for the logbook. */
  readonly sessionToken: string;
  /** Everything this API has written so far: the start lines, headers and bodies. */
  transcript(): string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Starts the API on a free port of 127.0.0.1; `token` is the one credential it accepts. */
export async function startHarbourApi(token: string): Promise<HarbourApi> {
  const seen = { accepted: 0, rejected: 0, transcript: '' };
  const sessionToken = randomBytes(18).toString('base64url');
  const server = createServer((request, response) => {
    const answer = answerTo(request, token, sessionToken);
    if (answer.status === 401) seen.rejected += 1;
    else if (request.headers.authorization !== undefined) seen.accepted += 1;
    seen.transcript += send(response, answer);
  });
  const origin = await listen(server);
  return {
    origin,
    sessionToken,
    accepted: () => seen.accepted,
    rejected: () => seen.rejected,
    transcript: () => seen.transcript,
    close: () => close(server),
  };
}

export interface Elsewhere {
  readonly origin: string;
  connections(): number;
  close(): Promise<void>;
}

/** A server that nobody bound a secret to; it only counts who connects. */
export async function startElsewhere(): Promise<Elsewhere> {
  let connections = 0;
  const server = createServer((_, response) => response.end('thank you'));
  server.on('connection', () => {
    connections += 1;
  });
  const origin = await listen(server);
  return { origin, connections: () => connections, close: () => close(server) };
}

function answerTo(request: IncomingMessage, token: string, sessionToken: string): Answer {
  const route = `${request.method} ${request.url?.split('?')[0]}`;
  if (route === 'GET /v1/status') return { status: 200, headers: {}, body: { status: 'open', berths_free: 4 } };
  if (route === 'GET /v1/tides') return tides(request, token);
  if (route === 'GET /v1/logbook') return logbook(request.headers['x-session'] === sessionToken);
  if (request.headers.authorization !== `Bearer ${token}`) {
    return { status: 401, headers: { 'www-authenticate': 'Bearer' }, body: { error: 'A valid token is required.' } };
  }
  const routes: Readonly<Record<string, (token: string) => Answer>> = {
    'GET /v1/account': account,
    'GET /v1/arrivals': arrivals,
    'POST /v1/arrivals': booked,
    'POST /v1/session': () => ({ status: 201, headers: {}, body: { session_token: sessionToken, valid_minutes: 30 } }),
  };
  return routes[route]?.(token) ?? { status: 404, headers: {}, body: { error: 'No such route.' } };
}

function account(token: string): Answer {
  return {
    status: 200,
    headers: {
      'x-debug-authorization': `Bearer ${token}`,
      'set-cookie': `session=${token}; Path=/; HttpOnly`,
      location: `/v1/account?access_token=${encodeURIComponent(token)}`,
    },
    body: {
      id: 'acct_117',
      company: 'Nordlys Shipping AS',
      plan: 'fleet',
      token,
      remark: `Authorised by ${token}, issued last spring`,
      by_key: { [token]: 'active' },
      legacy_login: Buffer.from(`nordlys:${token}`).toString('base64'),
      link: `https://harbour.example/in?key=${encodeURIComponent(token)}`,
      trace: Buffer.from(token).toString('hex'),
    },
  };
}

function logbook(isOpen: boolean): Answer {
  if (!isOpen) return { status: 401, headers: {}, body: { error: 'Log in first.' } };
  return { status: 200, headers: {}, body: { entries: ['06:30 Havørn at berth 3', '11:15 Fjordlys at berth 7'] } };
}

/** Takes an HMAC over method, path and time in the place of the token, and repeats it. */
function tides({ headers }: IncomingMessage, token: string): Answer {
  const text = `GET\n/v1/tides\n${String(headers['x-stamp'])}`;
  const expected = createHmac('sha256', token).update(text).digest('hex');
  if (headers['x-signature'] !== expected) {
    return { status: 401, headers: {}, body: { error: 'The signature is wrong.' } };
  }
  return {
    status: 200,
    headers: { 'x-debug-signature': expected },
    body: { high: ['05:12', '17:40'], low: ['11:26'] },
  };
}

function arrivals(token: string): Answer {
  return {
    status: 200,
    headers: {},
    body: {
      arrivals: [
        { id: 'arr_41', ship: 'Havørn', berth: 3, eta: '2031-05-02T06:30:00Z' },
        { id: 'arr_42', ship: 'Fjordlys', berth: 7, eta: '2031-05-02T11:15:00Z' },
      ],
      next: `/v1/arrivals?page=2&auth=${encodeURIComponent(token)}`,
    },
  };
}

function booked(token: string): Answer {
  return {
    status: 201,
    headers: { location: `/v1/arrivals/arr_43?signed=${encodeURIComponent(token)}` },
    body: { id: 'arr_43', status: 'booked', receipt: `booked with ${token}` },
  };
}

function send(response: ServerResponse, { status, headers, body }: Answer): string {
  const text = JSON.stringify(body);
  const all = { 'content-type': 'application/json', ...headers };
  response.writeHead(status, all).end(text);
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${status}\n${lines.join('\n')}\n\n${text}\n`;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
