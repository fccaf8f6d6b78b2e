// Between Node's messages and the SDK's handler, which speaks the web's. The SDK gets a request without credentials and without a
// body, which was read and checked before; what a call takes long for becomes a stream that shows signs of life.
import type { ServerResponse } from 'node:http';
import type { HttpTimes } from './http-app.ts';
import type { RequestHeaders } from './request-headers.ts';

/**
 * What the handler is given: only what the protocol itself reads. It has the method and the headers, and nothing else: a whole Request
 * brings a body and a signal of its own, which cost more than the gate does, and the body was read and the client is waited for before it.
 */
export function sdkRequest(all: RequestHeaders): Request {
  const headers = new Headers();
  for (const [name, value] of all) {
    if (name === 'accept' || name === 'content-type' || name.startsWith('mcp-')) headers.append(name, value);
  }
  const request: unknown = Object.create(Request.prototype, {
    method: { value: 'POST' },
    headers: { value: headers },
    signal: { value: undefined },
  });
  if (!(request instanceof Request)) throw new Error('an object has another prototype than it was made with');
  return request;
}

export interface AnswerOptions {
  /** Whether an answer that takes long may become a stream. */
  readonly streams: boolean;
  readonly times: Pick<HttpTimes, 'stallMs' | 'keepAliveMs'>;
  /** Ends a stream. */
  readonly until?: AbortSignal;
}

/** Writes the handler's answer, and gives how many bytes of body it had. Ends early where the client goes away or takes nothing. */
export async function answer(
  res: ServerResponse,
  response: Promise<Response>,
  { streams, times, until }: AnswerOptions,
): Promise<number> {
  const writer = createWriter(res, times.stallMs);
  const early = streams ? streamWhileWaiting(res, writer, times.keepAliveMs) : undefined;
  const answered = await response.finally(() => early?.stop());
  if (res.destroyed) {
    await answered.body?.cancel();
    return 0;
  }
  if (early?.started()) return endStream(answered, writer);
  if (isStream(answered)) {
    res.writeHead(answered.status, STREAM);
    return pipe(answered, writer, until);
  }
  const text = await answered.text();
  const bytes = Buffer.byteLength(text);
  const type = answered.headers.get('content-type');
  res.writeHead(answered.status, { ...(type !== null && { 'Content-Type': type }), 'Content-Length': String(bytes) });
  writer.end(text);
  return bytes;
}

const STREAM = { 'Content-Type': 'text/event-stream', 'X-Accel-Buffering': 'no' };

function isStream({ headers }: Response): boolean {
  return headers.get('content-type') === STREAM['Content-Type'];
}

interface Writer {
  /** Resolves when more can be written. */
  write(chunk: Uint8Array | string): Promise<void>;
  end(text: string): void;
  /** Calls back when the client goes away, or has everything. */
  onClose(listener: () => void): void;
}

/**
 * A client that does not read is cut off: what it holds up stays in memory. The time of Node's socket begins anew whenever the system
 * takes some bytes of what waits, so who reads slowly is not.
 */
function createWriter(res: ServerResponse, stallMs: number): Writer {
  res.on('timeout', () => res.destroy());
  return {
    onClose: (listener) => res.once('close', listener),
    async write(chunk) {
      if (res.destroyed || res.write(chunk)) return;
      res.setTimeout(stallMs);
      await new Promise<void>((resolve) => {
        res.once('drain', resolve);
        res.once('close', resolve);
      });
      res.setTimeout(0);
    },
    end(text) {
      res.end(text);
      // Most answers are with the system by now.
      if (res.writableLength > 0) res.setTimeout(stallMs);
    },
  };
}

interface EarlyStream {
  readonly started: () => boolean;
  stop(): void;
}

function streamWhileWaiting(res: ServerResponse, writer: Writer, keepAliveMs: number): EarlyStream {
  let started = false;
  const timer = setInterval(() => {
    if (!started) res.writeHead(200, STREAM);
    started = true;
    if (res.writableLength === 0) void writer.write(': keepalive\n\n');
  }, keepAliveMs);
  return { started: () => started, stop: () => clearInterval(timer) };
}

async function endStream(response: Response, writer: Writer): Promise<number> {
  if (isStream(response)) return pipe(response, writer);
  const text = await response.text();
  const event = text === '' ? '' : `event: message\ndata: ${text}\n\n`;
  writer.end(event);
  return Buffer.byteLength(event);
}

async function pipe(response: Response, writer: Writer, until?: AbortSignal): Promise<number> {
  let bytes = 0;
  const body: ReadableStream<Uint8Array> | null = response.body;
  const reader = body?.getReader();
  const cancel = () => void reader?.cancel();
  writer.onClose(cancel);
  until?.addEventListener('abort', cancel, { once: true });
  for (let read = await reader?.read(); read && !read.done; read = await reader?.read()) {
    bytes += read.value.length;
    await writer.write(read.value);
  }
  until?.removeEventListener('abort', cancel);
  writer.end('');
  return bytes;
}
