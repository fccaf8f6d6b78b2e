// Reads one answer whole, within caps on headers, bytes and time. Nothing is decoded here.
import type { Dispatcher } from 'undici';
import { failure } from '../../shared/failure/failure.ts';
import { limits } from '../../shared/limits.ts';
import { createByteCollector } from './byte-collector.ts';
import { NetworkError } from './network-failure.ts';

export type HeaderPair = readonly [name: string, value: string];

export interface Received {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly HeaderPair[];
  readonly trailers: readonly HeaderPair[];
  /** As on the wire but for the transfer coding. */
  readonly encoded: Buffer;
  readonly headersAt: number;
}

export interface ReceiveOptions {
  readonly origin: string;
  readonly timeoutMs: number;
  readonly responseBytes: number;
  readonly now: () => number;
}

/** How far an answer has come; kept outside the promise so that a failure can be told from the state it happened in. */
export interface Progress {
  answering: boolean;
}

interface Start {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly HeaderPair[];
  readonly headersAt: number;
}

/**
 * Dispatches a request and gives its answer. Rejects with a NetworkError for timeout, cancellation and caps, else with the
 * error of the client library. After it has settled no further byte of the request is written.
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
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      finish();
    };
    const stop = (error: NetworkError): void => {
      stopped ??= error;
      controller?.abort(error);
      settle(() => reject(error));
    };
    const cancel = (): void => stop(new NetworkError(failure('NETWORK/CANCELLED')));
    const { origin, timeoutMs } = options;
    const timer = setTimeout(
      () => stop(new NetworkError(failure('NETWORK/TIMEOUT', { origin, timeoutMs }))),
      timeoutMs,
    );
    signal.addEventListener('abort', cancel, { once: true });
    if (signal.aborted) return cancel();
    const body = bodyReader(request.method === 'HEAD', options, progress);
    dispatcher.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        // Stopped while it waited for a connection: aborting here keeps it from being written at all.
        if (stopped) started.abort(stopped);
      },
      onResponseStart: (at, status, _, statusText = '') => check(body.start(pairs(at.rawHeaders), status, statusText)),
      onResponseData: (_, chunk) => check(body.take(chunk)),
      onResponseEnd: (at) => settle(() => resolve(body.end(pairs(at.rawTrailers)))),
      onResponseError: (_, error) => settle(() => reject(stopped ?? error)),
    });
    function check(problem: NetworkError | undefined): void {
      if (problem) stop(problem);
    }
  });
}

interface BodyReader {
  start(headers: readonly HeaderPair[], status: number, statusText: string): NetworkError | undefined;
  take(chunk: Buffer): NetworkError | undefined;
  end(trailers: readonly HeaderPair[]): Received;
}

function bodyReader(isHead: boolean, { origin, responseBytes, now }: ReceiveOptions, progress: Progress): BodyReader {
  const body = createByteCollector();
  let start: Start = { status: 0, statusText: '', headers: [], headersAt: 0 };
  const tooLarge = (): NetworkError =>
    new NetworkError(failure('NETWORK/RESPONSE_TOO_LARGE', { limitBytes: responseBytes }));
  return {
    start(headers, status, statusText) {
      // RFC 9110 section 15.2: interim answers carry nothing for the caller.
      if (status < 200) return undefined;
      progress.answering = true;
      start = { status, statusText, headers, headersAt: now() };
      if (headers.length > limits.responseHeaders) return tooManyHeaders(origin);
      return !isHead && announcedBytes(headers) > responseBytes ? tooLarge() : undefined;
    },
    take(chunk) {
      if (body.length + chunk.length > responseBytes) return tooLarge();
      body.add(chunk);
      return undefined;
    },
    end: (trailers) => ({ ...start, trailers, encoded: body.bytes() }),
  };
}

function tooManyHeaders(origin: string): NetworkError {
  const reason = `more than ${limits.responseHeaders} header fields`;
  return new NetworkError(failure('NETWORK/RESPONSE_INVALID', { origin, reason }));
}

function announcedBytes(headers: readonly HeaderPair[]): number {
  const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
  return length === undefined ? 0 : Number(length);
}

function pairs(raw: Dispatcher.DispatchController['rawHeaders']): HeaderPair[] {
  if (!Array.isArray(raw)) return [];
  const texts = raw.map(String);
  const found: HeaderPair[] = [];
  for (let index = 0; index + 1 < texts.length; index += 2) found.push([texts[index] ?? '', texts[index + 1] ?? '']);
  return found;
}
