// What the requests of Bruno's own test collection talk to, on loopback: echoes, logins, redirects, and who does not know the path.
import { createHash } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body?: string | Buffer;
}

export interface EchoServer {
  readonly origin: string;
  close(): Promise<void>;
}

export async function startEchoServer(): Promise<EchoServer> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://local');
      const answer = answerTo({
        method: request.method ?? 'GET',
        url,
        headers: request.headers,
        body: Buffer.concat(chunks),
      });
      const body = Buffer.from(answer.body ?? '');
      response.statusCode = answer.status ?? 200;
      const headers = { 'x-powered-by': 'Express', 'content-length': String(body.length), ...answer.headers };
      for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
      response.end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://localhost:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function answerTo(asked: Asked): Answer {
  const route = ROUTES[`${asked.method} ${asked.url.pathname}`];
  if (route) return route(asked);
  const count = /^\/api\/redirect\/(\d+)$/.exec(asked.url.pathname)?.[1];
  if (count === undefined) return json({ error: 'Not Found' }, 404);
  return redirect(Number(count) > 1 ? `/api/redirect/${Number(count) - 1}` : '/api/redirect/anything');
}

const ROUTES: Readonly<Record<string, (asked: Asked) => Answer>> = {
  'GET /ping': () => text('pong', 'text/html; charset=utf-8'),
  'GET /headers': ({ headers }) => json(headers),
  'GET /query': ({ url }) => json(Object.fromEntries(url.searchParams)),
  'GET /redirect-to-ping': () => ({ ...redirect('/ping'), body: 'Found. Redirecting to /ping' }),
  'GET /': () => text('<!doctype html><title>Bruno</title>', 'text/html; charset=utf-8'),
  'GET /favicon.ico': () => text('icon', 'image/x-icon'),
  'GET /api/users/123': () => json({ id: 123 }),
  'POST /': echo,
  'POST /api/echo/json': ({ body }) => json(parsed(body)),
  'POST /api/echo/text': ({ body }) => text(String(body), 'text/plain; charset=utf-8'),
  'POST /api/echo/xml-raw': ({ body }) => text(String(body), 'application/xml'),
  'POST /api/echo/xml-parsed': ({ body }) => json(xmlOf(String(body))),
  'GET /api/echo/bom-json-test': () =>
    text(`\uFEFF${JSON.stringify({ message: 'Hello!', success: true })}`, 'application/json; charset=utf-8'),
  'POST /api/echo/custom': custom,
  'GET /api/auth/bearer/protected': ({ headers }) => guarded(headers.authorization === 'Bearer your_secret_token'),
  'POST /api/auth/basic/protected': ({ headers }) => {
    const isKnown = headers.authorization === `Basic ${Buffer.from('bruno:della').toString('base64')}`;
    return isKnown ? guarded(true) : { status: 401, headers: { 'www-authenticate': 'Basic' }, body: 'Unauthorized' };
  },
  'POST /api/auth/cookie/login': () => {
    const answer = json({ message: 'Logged in successfully' });
    return { ...answer, headers: { ...answer.headers, 'set-cookie': 'isAuthenticated=true; Path=/' } };
  },
  'GET /api/auth/cookie/protected': ({ headers }) => guarded(headers.cookie?.includes('isAuthenticated=true') ?? false),
  'GET /api/redirect/anything': ({ method, headers, url }) => json({ method, headers, url: url.pathname }),
  'POST /api/redirect/multipart-redirect-source': () => redirect('/api/redirect/multipart-redirect-target', 308),
  'POST /api/redirect/multipart-redirect-target': ({ method, headers, body }) =>
    json({ status: 'success', method, body: partsOf(String(body)), files: [], headers }),
  'GET /api/mix': ({ url }) => {
    const [name = '', value = ''] = (url.searchParams.get('c') ?? '').split(':');
    const answer = redirect(url.searchParams.get('r') ?? '/ping', Number(url.searchParams.get('s') ?? 302));
    return { ...answer, headers: { ...answer.headers, 'set-cookie': `${name}=${value}; Path=/` } };
  },
  'GET /api/random/json': () => json(Array.from({ length: 20_000 }, (_, index) => ({ index, text: 'random text' }))),
  'POST /api/graphql': ({ body }) =>
    json({ data: { company: { ceo: 'Elon Musk' }, create: { success: body.length > 0 } } }),
  'GET /api/sse/finite': () => text('data: Hello\n\ndata: from\n\ndata: SSE\n\n', 'text/event-stream'),
  'POST /api/file-binary/binary-upload-json': upload,
  'POST /api/file-binary/binary-upload-octet-stream': upload,
};

/** The request's own headers and body, as echo.usebruno.com gives them. */
function echo({ headers, body }: Asked): Answer {
  const own = Object.entries(headers).filter(
    ([name]) => !/^(?:host|connection|content-length|transfer-encoding)$/.test(name),
  );
  return { headers: Object.fromEntries(own), body };
}

function custom({ body }: Asked): Answer {
  const { type, headers, content, contentBase64, contentJSON } = { ...(parsed(body) as Record<string, unknown>) };
  const stated = typeof headers === 'object' ? (headers as Record<string, string>) : {};
  const shown = contentJSON === undefined ? (typeof content === 'string' ? content : '') : JSON.stringify(contentJSON);
  const bytes = typeof contentBase64 === 'string' ? Buffer.from(contentBase64, 'base64') : shown;
  return { headers: { ...(typeof type === 'string' && { 'content-type': type }), ...stated }, body: bytes };
}

function upload({ method, headers, body }: Asked): Answer {
  return json({
    method,
    contentType: headers['content-type'] ?? null,
    bytesReceived: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
    firstBytesUtf8: body.subarray(0, 256).toString('utf8'),
    looksLikeSerializedNodeStream: false,
  });
}

function guarded(isAllowed: boolean): Answer {
  return isAllowed ? json({ message: 'Authentication successful' }) : json({ message: 'Unauthorized' }, 401);
}

function redirect(location: string, status = 302): Answer {
  return { status, headers: { location }, body: 'Redirecting...' };
}

function text(body: string, type: string): Answer {
  return { headers: { 'content-type': type }, body };
}

function json(value: unknown, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8' }, body: JSON.stringify(value) };
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return {};
  }
}

/** `<a><b>c</b></a>` as `{a:{b:['c']}}`: what the collection's XML needs. */
function xmlOf(xml: string): unknown {
  const [, root = '', inner = ''] = /<(\w+)[^>]*>([\s\S]*)<\/\1>/.exec(xml.replace(/<\?[^>]*\?>/, '')) ?? [];
  const children: Record<string, string[]> = {};
  for (const [, name = '', value = ''] of inner.matchAll(/<(\w+)[^>/]*(?:\/>|>([\s\S]*?)<\/\1>)/g)) {
    children[name] = [...(children[name] ?? []), value];
  }
  return { [root]: children };
}

function partsOf(body: string): Record<string, string> {
  const parts = [...body.matchAll(/name="([^"]+)"(?:\r\n[^\r\n]+)*\r\n\r\n([\s\S]*?)\r\n--/g)];
  return Object.fromEntries(parts.map(([, name = '', value = '']) => [name, value]));
}
