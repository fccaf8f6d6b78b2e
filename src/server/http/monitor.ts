// /healthz, /readyz and /metrics on an address of their own: what probes and collectors ask, without a credential, so nothing that it
// says is a name. It reads no body and has no other path.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Address } from '../../../shared/config/http-settings.ts';
import { ok, type Result } from '../../../shared/failure/result.ts';
import { parseAddress } from '../../../shared/policy/address-text.ts';
import { listen } from './listen.ts';
import type { Metrics } from './metrics.ts';
import type { Readiness } from './readiness.ts';
import { isAllowedHost } from './request-target.ts';

export interface MonitorOptions {
  readonly address: Address;
  /** Names beside `localhost` that it may be called by; addresses always are, since no page can make them mean another machine. */
  readonly hosts: readonly string[];
  readonly readiness: () => Promise<Readiness>;
  readonly metrics: Pick<Metrics, 'text' | 'contentType'>;
  readonly onBug: (error: unknown) => void;
}

export interface Monitor {
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const TEXT = 'text/plain; charset=utf-8';
const HEAD_MS = 10_000;
const IDLE_MS = 5_000;
const HEAD_BYTES = 8 * 1024;
const CONNECTIONS = 128;

/** Serves until it is closed. Failure: NETWORK/CANNOT_LISTEN. */
export async function startMonitor(options: MonitorOptions): Promise<Result<Monitor>> {
  const server = createServer({
    headersTimeout: HEAD_MS,
    requestTimeout: HEAD_MS,
    keepAliveTimeout: IDLE_MS,
    maxHeaderSize: HEAD_BYTES,
    requireHostHeader: false,
  });
  server.maxConnections = CONNECTIONS;
  const onRequest = (req: IncomingMessage, res: ServerResponse): void => {
    void answer(req, options).then((given) => write(req, res, given));
  };
  server.on('request', onRequest);
  server.on('checkContinue', onRequest);
  const listening = await listen(server, options.address, { scheme: 'http', path: '' });
  if (!listening.ok) return listening;
  return ok({
    url: listening.value,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

async function answer(
  { method = '', url = '', rawHeaders }: IncomingMessage,
  options: MonitorOptions,
): Promise<Answer> {
  if (!isNamedRightly(rawHeaders, options.hosts)) return { status: 403, text: 'not served under that host' };
  const read = paths.get(url.replace(/\?.*$/s, ''));
  if (!read) return { status: 404, text: 'not found' };
  if (method !== 'GET' && method !== 'HEAD')
    return { status: 405, text: 'GET or HEAD', headers: { Allow: 'GET, HEAD' } };
  try {
    return await read(options);
  } catch (error) {
    options.onBug(error);
    return { status: 500, text: 'failed' };
  }
}

const paths = new Map<string, (options: MonitorOptions) => Promise<Answer>>([
  ['/healthz', async () => ({ status: 200, text: 'ok' })],
  [
    '/readyz',
    async ({ readiness }) => {
      const found = await readiness();
      return { status: found === 'ready' ? 200 : 503, text: found };
    },
  ],
  ['/metrics', async ({ metrics }) => ({ status: 200, text: await metrics.text(), type: metrics.contentType })],
]);

/** A page whose name was made to mean this machine still sends its name. */
function isNamedRightly(rawHeaders: readonly string[], hosts: readonly string[]): boolean {
  const named = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'host');
  const [host = ''] = named;
  if (named.length !== 1) return false;
  const literal = /^(?:\[(.*)\]|([\d.]+))(?::\d{1,5})?$/.exec(host);
  const address = literal?.[1] ?? literal?.[2];
  return address === undefined ? isAllowedHost(host, ['localhost', ...hosts]) : parseAddress(address) !== undefined;
}

function write(req: IncomingMessage, res: ServerResponse, { status, text, type = TEXT, headers }: Answer): void {
  const body = text.endsWith('\n') ? text : `${text}\n`;
  const hasBody = req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;
  res.writeHead(status, {
    ...headers,
    'Content-Type': type,
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(hasBody && { Connection: 'close' }),
  });
  res.end(req.method === 'HEAD' ? undefined : body);
}
