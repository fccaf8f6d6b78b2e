// Node's server with limits on everything that a client can be slow with or send too much of, and its answers to what is no HTTP.
import { createServer as createPlainServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import { gateLimits } from '../../../shared/http-limits.ts';
import type { HttpApp } from './http-app.ts';
import { notAccepted, refusalBody } from './refusal.ts';
import { createStrangers } from './strangers.ts';

/** `met` is to be called when a caller was found: until then nothing keeps the connection open after the answer. */
type OnRequest = (req: IncomingMessage, res: ServerResponse, met: () => void) => void;

type ListenerParts = Pick<HttpApp, 'settings' | 'times' | 'randomId' | 'proxies' | 'now' | 'watch' | 'onCrowd'>;

export function createListener(app: ListenerParts, onRequest: OnRequest): Server {
  const server = createLimited(app);
  const strangers = createStrangers({ limits: app.settings.limits, proxies: app.proxies, onClosed: countClosed(app) });
  server.on('connection', strangers.opened);
  const busy = new WeakSet<Duplex>();
  const serve = (req: IncomingMessage, res: ServerResponse): void => {
    const { socket } = req;
    // What is sent before the last answer came would be worked on all at once, with answers that nobody may ever read.
    if (busy.has(socket)) return void socket.destroy();
    busy.add(socket);
    res.once('close', () => busy.delete(socket));
    const { shouldKeepAlive } = res;
    res.shouldKeepAlive = false;
    onRequest(req, res, () => {
      res.shouldKeepAlive = shouldKeepAlive;
      strangers.met(socket);
    });
  };
  server.on('request', serve);
  // Whoever asks first is told to go on once the call is let in; and no expectation is answered before the gate is passed.
  server.on('checkContinue', serve);
  server.on('checkExpectation', serve);
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Between the bytes of another answer a refusal would become part of it.
    if (!socket.writable || busy.has(socket)) return void socket.destroy();
    const [status, problem] = REFUSALS[error.code ?? ''] ?? ['400 Bad Request', 'it is not HTTP/1.1'];
    app.watch?.answered(Number.parseInt(status, 10));
    socket.end(refusalText(status, problem, app.randomId()), () => socket.destroy());
  });
  return server;
}

function createLimited({ settings, times }: Pick<HttpApp, 'settings' | 'times'>): Server {
  const options = {
    headersTimeout: times.headMs,
    // The body has a limit of its own, which is told to the client.
    requestTimeout: times.headMs + times.bodyMs * 2,
    keepAliveTimeout: times.idleMs,
    connectionsCheckingInterval: times.checkMs,
    maxHeaderSize: gateLimits.headBytes,
    // A missing one is refused with the others.
    requireHostHeader: false,
  };
  // Nothing reads along on a socket of the file system, and what connects to one speaks plainly.
  const tls = 'socket' in settings.listen ? undefined : settings.tls;
  const server = tls
    ? createTlsServer({ ...options, ...tls, minVersion: 'TLSv1.2', handshakeTimeout: times.headMs })
    : createPlainServer(options);
  server.maxHeadersCount = gateLimits.headers;
  return server;
}

/** Counts connections that were closed for being too many; tells of the first, and of more at most once a minute. */
function countClosed({ now, watch, onCrowd }: Pick<HttpApp, 'now' | 'watch' | 'onCrowd'>): () => void {
  let closed = 0;
  let toldAt: number | undefined;
  return () => {
    closed += 1;
    watch?.crowded();
    if (toldAt !== undefined && Math.abs(now() - toldAt) < gateLimits.crowdMs) return;
    toldAt = now();
    onCrowd?.(closed);
    closed = 0;
  };
}

const REFUSALS: Readonly<Record<string, readonly [status: string, problem: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', `a header of more than ${gateLimits.headBytes} bytes`],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: ['413 Content Too Large', 'long chunk extensions'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request did not come in time'],
};

function refusalText(status: string, problem: string, correlationId: string): string {
  const body = refusalBody(notAccepted(Number.parseInt(status, 10), problem), correlationId);
  const head = [
    `HTTP/1.1 ${status}`,
    `X-Correlation-Id: ${correlationId}`,
    'Cache-Control: no-store',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}`;
}
