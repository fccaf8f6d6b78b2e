import type { IncomingMessage } from 'node:http';
import { failure } from '../../../shared/failure/failure.ts';
import { type HttpRefusal, notAccepted, STOPPING } from './refusal.ts';

export interface BodyLimits {
  readonly bodyBytes: number;
  /** For all of it to come. */
  readonly bodyMs: number;
  /** Nothing more is waited for. */
  readonly stop: AbortSignal;
}

/** Reads a body whole; refuses with 413, with 408 one that drips, with 503 at the end of the server. Undefined: the client went away. */
export function readBody(
  req: IncomingMessage,
  { bodyBytes, bodyMs, stop }: BodyLimits,
): Promise<Buffer | HttpRefusal | undefined> {
  const declared = Number(req.headers['content-length'] ?? 0);
  if (declared > bodyBytes) return Promise.resolve(tooLarge(bodyBytes));
  if (declared > 0 && req.readableLength === declared && !stop.aborted) return readHere(req);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const end = (with_: Buffer | HttpRefusal | undefined) => {
      clearTimeout(timer);
      req.off('data', take);
      stop.removeEventListener('abort', giveUp);
      resolve(with_);
    };
    const giveUp = () => end(req.destroyed ? undefined : STOPPING);
    const timer = setTimeout(() => {
      req.pause();
      end(notAccepted(408, 'the body did not come in time', { headers: { Connection: 'close' } }));
    }, bodyMs);
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > bodyBytes) end(tooLarge(bodyBytes));
    };
    if (stop.aborted) return giveUp();
    stop.addEventListener('abort', giveUp, { once: true });
    req.on('data', take);
    req.once('end', () => end(Buffer.concat(chunks)));
    req.once('error', () => end(undefined));
    req.once('close', () => end(undefined));
  });
}

/** Most bodies come with their header: nothing of them can be late any more, but their end is still to be told. */
function readHere(req: IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const body: unknown = req.read();
    req.once('end', () => resolve(Buffer.isBuffer(body) ? body : undefined));
    req.once('error', () => resolve(undefined));
    req.once('close', () => resolve(undefined));
    req.resume();
  });
}

function tooLarge(limitBytes: number): HttpRefusal {
  const told = failure('INPUT/TOO_LARGE', { limitBytes });
  return { kind: 'refused', status: 413, failure: told, headers: { Connection: 'close' } };
}
