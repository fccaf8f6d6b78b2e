// The life of the HTTP server: it listens, serves, and ends by letting the calls under way finish.
import type { ServerResponse } from 'node:http';
import { ok, type Result } from '../../../shared/failure/result.ts';
import { limits } from '../../../shared/limits.ts';
import type { Incoming } from './call-under-way.ts';
import { createRequestHandler, ENDPOINT } from './handle-request.ts';
import type { HttpApp } from './http-app.ts';
import { listen } from './listen.ts';
import { createListener } from './listener.ts';
import { createSdk, type Sdk } from './sdk.ts';

export interface HttpService {
  /** The address for clients. */
  readonly url: string;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

/** Starts serving MCP over Streamable HTTP, both protocol eras, until the signal. Failure: NETWORK/CANNOT_LISTEN. */
export function serveHttp(app: HttpApp): Promise<Result<HttpService>> {
  return serveSdk(app, createSdk(app));
}

/** The same, whatever the servers behind it answer. */
export async function serveSdk(app: HttpApp, sdk: Sdk): Promise<Result<HttpService>> {
  const calls = createCalls();
  const handle = createRequestHandler(app, sdk);
  const server = createListener(app, (req, res, met) => calls.start({ req, res, met }, handle));
  app.watch?.server(server);
  const { listen: place, tls, limits: most } = app.settings;
  const url = await listen(server, place, { scheme: tls ? 'https' : 'http', path: ENDPOINT });
  if (!url.ok) return url;
  const end = async () => {
    server.close();
    await calls.drain(most.drainMs);
    await sdk.close();
    server.closeAllConnections();
  };
  return ok({ url: url.value, ended: aborted(app.signal).then(end) });
}

interface OneCall {
  readonly res: ServerResponse;
  readonly stop: AbortController;
  readonly done: Promise<unknown>;
}

type Handle = ReturnType<typeof createRequestHandler>;

/** What is under way, until every byte of its answer was given away. */
function createCalls() {
  const calls = new Set<OneCall>();
  const allDone = () => Promise.all([...calls].map(({ done }) => done));
  return {
    start(request: Omit<Incoming, 'stop'>, handle: Handle): void {
      const { res } = request;
      const stop = new AbortController();
      res.on('error', () => undefined);
      const closed = new Promise<void>((resolve) => {
        res.once('close', () => {
          // Whoever has the whole answer did not go away; and to abort costs more than most of what a call does.
          if (!res.writableFinished) stop.abort();
          resolve();
        });
      });
      const handled = handle({ ...request, stop: stop.signal });
      const call = { res, stop, done: Promise.all([handled, closed]) };
      calls.add(call);
      void call.done.finally(() => calls.delete(call));
    },
    /** Waits for the calls under way, then stops them, and waits a moment for what they still record. */
    async drain(ms: number): Promise<void> {
      for (const { res } of calls) if (!res.headersSent) res.setHeader('Connection', 'close');
      await Promise.race([allDone(), pause(ms)]);
      for (const { stop } of calls) stop.abort();
      await Promise.race([allDone(), pause(limits.drainMs)]);
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
  });
}
