// The loopback address that a browser begins at and comes back to (RFC 8252 section 7.3). Other users and pages of this machine can
// reach it: the beginning has an unguessable path and works once, and what comes back counts only with the right state.
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import { bindLoopback } from './login-loopback.ts';
import { loginPage } from './login-page.ts';
import type { RedirectPlace } from './login-redirect.ts';

/** What the listener needs to know of a login. */
export interface AwaitedLogin {
  readonly url: string;
  isAnswer(callback: URLSearchParams): boolean;
}

export interface LoginListener {
  /** The redirect URI, with the port that is listened on. */
  readonly redirect: string;
  /** Where the person begins; holds nothing that is worth anything once it was opened. */
  readonly startUrl: string;
  /** What the browser brings back. Failure: NETWORK/CANCELLED. */
  awaitCallback(login: AwaitedLogin, signal: AbortSignal): Promise<Result<URLSearchParams>>;
  /** Tells the browser how it ended, and stops listening: once a browser that came back has the last page, or after two seconds. */
  close(done: boolean): void;
}

/** Listens. Failure: INPUT/INVALID where the port is taken. */
export async function listenForLogin(place: RedirectPlace): Promise<Result<LoginListener>> {
  const visit = createVisit(place);
  const bound = await bindLoopback(place, (request, response) => visit.answer(request, response));
  if (bound === undefined) {
    return err(failure('INPUT/INVALID', { problem: `port ${place.port} of the redirect URI is taken or not allowed` }));
  }
  const { port, close } = bound;
  visit.open(port);
  return ok({
    redirect: `http://${place.host}:${port}${place.path}`,
    startUrl: `http://${startHost(place)}:${port}${visit.startPath}`,
    awaitCallback: (login, signal) => visit.await(login, signal),
    close: (done) => visit.end(done, close),
  });
}

/** What the person opens needs no name to be looked up. */
function startHost({ host }: RedirectPlace): string {
  return host === 'localhost' ? '127.0.0.1' : host;
}

interface Visit {
  readonly startPath: string;
  open(port: number): void;
  answer(request: IncomingMessage, response: ServerResponse): void;
  await(login: AwaitedLogin, signal: AbortSignal): Promise<Result<URLSearchParams>>;
  /** Calls `leave` when no browser is on its way to the last page any more. The first call counts. */
  end(done: boolean, leave: () => void): void;
}

/** How long a browser that came back may take to ask for the last page. */
const LAST_PAGE_MS = 2_000;

function createVisit(place: RedirectPlace): Visit {
  const { host, path } = place;
  const startPath = `/login-${nonce()}`;
  // Of its own: the address of the beginning stands in the command line of the browser, which others can read.
  const endPath = `/end-${nonce()}`;
  const callbackPath = path.split('?', 1)[0];
  let authorities: readonly string[] = [];
  let awaited: { readonly login: AwaitedLogin; take(callback: URLSearchParams): void } | undefined;
  let startsLeft = 1;
  let outcome: boolean | undefined;
  let isExpected = false;
  let cameForLastPage = (): void => undefined;
  const pending: ServerResponse[] = [];
  const answerGet = (target: URL, response: ServerResponse): void => {
    if (target.pathname === startPath && awaited && startsLeft > 0) {
      startsLeft -= 1;
      goTo(response, 302, awaited.login.url);
    } else if (target.pathname === endPath) {
      isExpected = false;
      if (outcome === undefined) pending.push(response);
      else loginPage(response, outcome ? 'done' : 'failed');
      cameForLastPage();
    } else if (target.pathname === callbackPath && awaited?.login.isAnswer(target.searchParams)) {
      awaited.take(target.searchParams);
      isExpected = true;
      // The code leaves the address bar and the history.
      goTo(response, 303, endPath);
    } else loginPage(response, 'unknown');
  };
  return {
    startPath,
    open: (port) => {
      authorities = [host, startHost(place)].map((name) => `${name}:${port}`);
    },
    answer({ method, url = '/', headers }, response) {
      // A page of another name that resolves to this machine is none of ours.
      const isOurs = method === 'GET' && headers.host !== undefined && authorities.includes(headers.host);
      const target = isOurs ? parseUrl(url, `http://${headers.host}`) : undefined;
      if (target) answerGet(target, response);
      else loginPage(response, 'unknown');
    },
    await: (login, signal) =>
      new Promise((resolve) => {
        awaited = { login, take: (callback) => resolve(ok(callback)) };
        signal.addEventListener('abort', () => resolve(err(failure('NETWORK/CANCELLED'))), { once: true });
      }),
    end(done, leave) {
      if (outcome !== undefined) return;
      outcome = done;
      for (const response of pending.splice(0)) loginPage(response, outcome ? 'done' : 'failed');
      if (!isExpected) return leave();
      const timer = setTimeout(leave, LAST_PAGE_MS);
      cameForLastPage = () => {
        clearTimeout(timer);
        leave();
      };
    },
  };
}

function nonce(): string {
  return randomBytes(16).toString('hex');
}

function goTo(response: ServerResponse, status: number, location: string): void {
  response
    .writeHead(status, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer', connection: 'close' })
    .end();
}
