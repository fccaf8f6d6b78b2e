import type { IncomingMessage, ServerResponse } from 'node:http';
import { describeFailure, type Failure, failure } from '../../../shared/failure/failure.ts';
import { gateLimits } from '../../../shared/http-limits.ts';

/** Why a request goes no further. */
export interface HttpRefusal {
  readonly kind: 'refused';
  readonly status: number;
  readonly failure: Failure;
  /** Of JSON-RPC; default: that of the implementation (-32000). */
  readonly rpcCode?: number;
  /** Id of the message that is refused, where it was read. */
  readonly rpcId?: string | number;
  readonly headers?: Readonly<Record<string, string>>;
}

const SERVER_ERROR = -32_000;
export const PARSE_ERROR = -32_700;
export const INVALID_REQUEST = -32_600;

/** A refusal of what this endpoint does not take. */
export function notAccepted(status: number, problem: string, more: Partial<HttpRefusal> = {}): HttpRefusal {
  return { kind: 'refused', status, failure: failure('INPUT/NOT_ACCEPTED', { problem }), ...more };
}

/** What comes when the server ends: a call that began would be cut off halfway. */
export const STOPPING: HttpRefusal = {
  kind: 'refused',
  status: 503,
  failure: failure('ACCESS/STOPPING'),
  headers: { 'Retry-After': '1', Connection: 'close' },
};

/** The JSON-RPC error of a refusal; its data is the product's own failure. */
export function refusalBody(refusal: HttpRefusal, correlationId: string): string {
  const report = describeFailure(refusal.failure);
  const error = {
    code: refusal.rpcCode ?? SERVER_ERROR,
    message: report.message,
    data: { ...report, correlation_id: correlationId },
  };
  return JSON.stringify({ jsonrpc: '2.0', error, id: refusal.rpcId ?? null });
}

/** Answers with the refusal. */
export function answerRefusal(
  { req, res }: { readonly req: IncomingMessage; readonly res: ServerResponse },
  refusal: HttpRefusal,
  correlationId: string,
): void {
  const body = refusalBody(refusal, correlationId);
  const length = String(Buffer.byteLength(body));
  const closes = !res.shouldKeepAlive || res.hasHeader('Connection');
  const unread = !req.complete && (closes || !isSmall(req));
  res.writeHead(refusal.status, {
    ...refusal.headers,
    'Content-Type': 'application/json',
    'Content-Length': length,
    ...(unread && { Connection: 'close' }),
  });
  if (!unread) res.end(body);
  else endAfterBody(req, res, body);
}

const SMALL_BYTES = 64 * 1024;

/** Whether what is left of the body is thrown away sooner than a new connection is made. */
function isSmall({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return false;
  return Number(headers['content-length'] ?? 0) <= SMALL_BYTES;
}

// Closing a connection with unread bytes resets it, and the answer is lost with it (RFC 9112 section 9.6).
function endAfterBody(req: IncomingMessage, res: ServerResponse, body: string): void {
  res.write(body);
  let left: number = gateLimits.lingerBytes;
  const timer = setTimeout(() => res.end(), gateLimits.lingerMs);
  const end = () => {
    clearTimeout(timer);
    res.end();
  };
  req.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) end();
  });
  req.once('end', end);
  req.once('error', end);
  res.once('close', () => clearTimeout(timer));
  req.resume();
}
