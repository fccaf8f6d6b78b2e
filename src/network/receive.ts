// Reads one answer within caps on headers, bytes and time. Once its header block is there, whatever ends it early gives what came:
// the request was sent, and its outcome must not be lost. Nothing is decoded here.
import type { Dispatcher } from 'undici';
import { failure } from '../../shared/failure/failure.ts';
import { limits } from '../../shared/limits.ts';
import { isRedirect } from '../../shared/request/redirect.ts';
import type { Incomplete } from '../../shared/stages/stages.ts';
import { createByteCollector } from './byte-collector.ts';
import { type HeaderGuard, tooManyInterim } from './header-guard.ts';
import { isClosedHere, NetworkError } from './network-failure.ts';

export type HeaderPair = readonly [name: string, value: string];

export interface Received {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly HeaderPair[];
  readonly trailers: readonly HeaderPair[];
  /** As on the wire but for the transfer coding. */
  readonly encoded: Buffer;
  /** Why `encoded` is only the beginning of the body; absent where it is all of it. */
  readonly incomplete?: Incomplete;
  readonly headersAt: number;
}

export interface ReceiveOptions {
  readonly origin: string;
  readonly timeoutMs: number;
  readonly responseBytes: number;
  /** The limit for the body of a redirect, where it will be followed. */
  readonly redirectBytes?: number | undefined;
  readonly now: () => number;
  readonly guard: HeaderGuard;
}

/** How far an answer has come; kept outside the promise so that a failure can be told from the state it happened in. */
export interface Progress {
  answering: boolean;
}

/**
 * Dispatches a request and gives its answer, which is incomplete where it is over the limit (`size`), not at its end in time
 * (`time`) or ends early (`broken`). Rejects with a NetworkError for cancellation, and for a timeout before the header block
 * is there; else with the error of the client library. `signal` means a timeout where its reason is a TimeoutError. After it has
 * settled no further byte of the request is written.
 */
export function receive(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  options: ReceiveOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<Received> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let stopped: NetworkError | undefined;
    const { origin, timeoutMs, guard } = options;
    const answer = answerReader(request.method === 'HEAD', options, progress);
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      finish();
    };
    const stop = (error: NetworkError, why?: Incomplete): void => {
      if (stopped) return;
      stopped = error;
      const partial = why && answer.soFar(why);
      settle(() => (partial ? resolve(partial) : reject(error)));
      controller?.abort(error);
    };
    const late = (): void => stop(new NetworkError(failure('NETWORK/TIMEOUT', { origin, timeoutMs })), 'time');
    const abort = (): void => (isTimeout(signal) ? late() : stop(new NetworkError(failure('NETWORK/CANCELLED'))));
    const timer = setTimeout(late, timeoutMs);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) return abort();
    dispatcher.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        // Stopped while it waited for a connection: aborting here keeps it from being written at all.
        if (stopped) started.abort(stopped);
      },
      onResponseStart(at, status, _, statusText = '') {
        guard.progressed();
        if (!answer.start(pairs(at.rawHeaders), status, statusText)) stop(tooManyInterim(origin));
      },
      onResponseData(_, chunk) {
        guard.progressed();
        // Nothing more is read of what nobody will see; the answer is what came until here.
        if (!stopped && !answer.take(chunk)) stop(new NetworkError(failure('NETWORK/CANCELLED')), 'size');
      },
      onResponseEnd(at) {
        guard.progressed();
        guard.ended();
        const partial = guard.hasFailed() ? answer.soFar('broken') : undefined;
        settle(() => resolve(partial ?? answer.end(pairs(at.rawTrailers))));
      },
      onResponseError(_, error) {
        const partial = stopped || isClosedHere(error) ? undefined : answer.soFar('broken');
        settle(() => (partial ? resolve(partial) : reject(stopped ?? error)));
      },
    });
  });
}

interface AnswerReader {
  /** False for more interim answers than are waited for. */
  start(headers: readonly HeaderPair[], status: number, statusText: string): boolean;
  /** False where the body is over the limit; what is within it is kept. */
  take(chunk: Buffer): boolean;
  end(trailers: readonly HeaderPair[]): Received;
  /** What came until now; undefined before the end of the header block. */
  soFar(incomplete: Incomplete): Received | undefined;
}

function answerReader(
  isHead: boolean,
  { responseBytes, redirectBytes = responseBytes, now }: ReceiveOptions,
  progress: Progress,
): AnswerReader {
  let body = createByteCollector(0);
  let hasNoBody = isHead;
  let begun: Omit<Received, 'trailers' | 'encoded'> | undefined;
  let interim = 0;
  const soFar = (): Received | undefined => begun && { ...begun, trailers: [], encoded: body.bytes() };
  return {
    start(headers, status, statusText) {
      progress.answering = true;
      // RFC 9110 section 15.2: interim answers carry nothing for the caller.
      if (status < 200) {
        interim += 1;
        return interim <= limits.interimAnswers;
      }
      begun = { status, statusText, headers, headersAt: now() };
      hasNoBody = isHead || status === 204 || status === 304;
      const most = leadsOn(status, headers) ? Math.min(redirectBytes, responseBytes) : responseBytes;
      body = createByteCollector(most, hasNoBody ? 0 : announcedBytes(headers));
      return true;
    },
    take: (chunk) => body.add(chunk),
    end(trailers) {
      const received = soFar();
      if (!received) throw new Error('An answer ended before it began.');
      return { ...received, trailers };
    },
    soFar(incomplete) {
      const received = soFar();
      // RFC 9112 section 6.3: whatever length its header says, such an answer ends with it.
      return received && !hasNoBody ? { ...received, incomplete } : received;
    },
  };
}

function leadsOn(status: number, headers: readonly HeaderPair[]): boolean {
  return isRedirect(status) && headers.some(([name]) => name.toLowerCase() === 'location');
}

/** What a reason looks like that AbortSignal.timeout gives (DOM standard, section 3.2). */
function isTimeout({ reason }: AbortSignal): boolean {
  return reason instanceof Error && reason.name === 'TimeoutError';
}

/** The Content-Length; 0 where there is none that says anything. */
export function announcedBytes(headers: readonly HeaderPair[]): number {
  const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1].trim() ?? '';
  return /^\d{1,15}$/.test(length) ? Number(length) : 0;
}

function pairs(raw: Dispatcher.DispatchController['rawHeaders']): HeaderPair[] {
  if (!Array.isArray(raw)) return [];
  const texts = raw.map(String);
  const found: HeaderPair[] = [];
  for (let index = 0; index + 1 < texts.length; index += 2) found.push([texts[index] ?? '', texts[index + 1] ?? '']);
  return found;
}
