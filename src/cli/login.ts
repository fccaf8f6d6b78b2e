// The login of a person for the requests of agents: only the operator can start one, at the command line. What it leaves goes into the
// vault; neither a code nor a token is shown, and the address that is shown holds none.
import type { Command } from 'commander';
import { failure } from '../../shared/failure/failure.ts';
import { err, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { openBrowser } from './login-browser.ts';
import { listenForLogin } from './login-listener.ts';
import { placeRedirect } from './login-redirect.ts';
import type { OperatorLogin, Parts } from './parts.ts';
import { type DataOptions, fail, type Session, withData, withParts } from './session.ts';
import { printable } from './terminal.ts';

interface LoginOptions extends DataOptions {
  readonly env?: string;
  readonly redirectUri?: string;
  readonly browser: boolean;
  readonly workspace?: readonly string[];
}

export function addLogin(program: Command, session: Session): void {
  const command = program
    .command('login')
    .description('log in once for a request whose OAuth 2 needs a person; agents then use it without seeing it')
    .argument('<request>', 'id or unambiguous name')
    .option('--env <ref>', 'environment: id or unambiguous name')
    .option('--redirect-uri <uri>', 'address on this machine to come back to, in place of the collection’s')
    .option('--no-browser', 'show the address only')
    .option('--workspace <path>', 'file or folder of collections (repeatable; default: the current folder)', collect);
  withData(command).action((request: string, options: LoginOptions) =>
    withParts(session, { ...options, workspaces: options.workspace ?? [] }, (parts) =>
      login(session, parts, request, options),
    ),
  );
}

async function login(session: Session, parts: Parts, request: string, options: LoginOptions): Promise<ExitCode> {
  const found = await parts.login(request, options.env);
  if (!found.ok) return fail(session, found.failure, options);
  const patience = startPatience();
  try {
    const stored = await run(session, found.value, options, patience.signal);
    if (!stored.ok) return fail(session, stored.failure, options);
    const { name, origins, expiresAt } = stored.value;
    if (options.json)
      session.terminal.json({ name, origins, ...(expiresAt !== undefined && { expires: iso(expiresAt) }) });
    else session.terminal.line(printable(`Logged in. Kept as ${name}, for ${origins.join(' and ')} only.`));
    return EXIT.done;
  } finally {
    patience.end();
  }
}

function run(
  session: Session,
  operator: OperatorLogin,
  options: LoginOptions,
  signal: AbortSignal,
): Promise<Result<HandleInfo>> | Result<HandleInfo> {
  const kind = operator.logins.kindOf(operator.plan);
  if (!kind.ok) return kind;
  if (kind.value.kind === 'device') return runDevice(session, operator, signal);
  return runBrowser(session, operator, { ...options, stated: kind.value.redirectUri }, signal);
}

async function runBrowser(
  { terminal }: Session,
  { plan, logins }: OperatorLogin,
  { browser, redirectUri, stated }: LoginOptions & { readonly stated: string },
  signal: AbortSignal,
): Promise<Result<HandleInfo>> {
  const place = placeRedirect(redirectUri ?? stated);
  if (!place.ok) return place;
  const listener = await listenForLogin(place.value);
  if (!listener.ok) return listener;
  const { redirect, startUrl, awaitCallback, close } = listener.value;
  try {
    const begun = await logins.begin(plan, redirect, signal);
    if (!begun.ok) return begun;
    terminal.note('Log in with a browser on this machine. The address works once:');
    terminal.note(`  ${startUrl}`);
    if (browser && terminal.interactive) openBrowser(startUrl);
    const callback = await awaitCallback(begun.value, signal);
    if (!callback.ok) return callback;
    const stored = await begun.value.finish(callback.value, signal);
    close(stored.ok);
    return stored;
  } finally {
    close(false);
  }
}

async function runDevice(
  { terminal }: Session,
  { plan, logins }: OperatorLogin,
  signal: AbortSignal,
): Promise<Result<HandleInfo>> {
  const begun = await logins.beginDevice(plan, signal);
  if (!begun.ok) return begun;
  const { verificationUri, userCode, expiresAt, finish } = begun.value;
  terminal.note(printable(`Open ${verificationUri} in any browser and enter the code:`));
  terminal.note(printable(`  ${userCode}`));
  terminal.note(`It is valid until ${iso(expiresAt)}.`);
  const stopped = new Promise<Result<never>>((stop) => {
    signal.addEventListener('abort', () => stop(err(failure('NETWORK/CANCELLED'))), { once: true });
  });
  return Promise.race([stopped, finish((ms) => waitFor(ms, signal), signal)]);
}

/** Never resolves once the person has given up: then nothing is asked any more. */
function waitFor(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  });
}

interface Patience {
  readonly signal: AbortSignal;
  end(): void;
}

/** Until the person gives up, or has had long enough. */
function startPatience(): Patience {
  const controller = new AbortController();
  const stop = (): void => controller.abort();
  const timer = setTimeout(stop, limits.loginMs);
  process.once('SIGINT', stop);
  return {
    signal: controller.signal,
    end: () => {
      clearTimeout(timer);
      process.off('SIGINT', stop);
    },
  };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}
