// A real Secret Service (gnome-keyring) on a D-Bus of its own, with folders of its own: nothing of this machine's user is in reach.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { inject, onTestFinished } from 'vitest';

const DAEMON = '/usr/bin/gnome-keyring-daemon';
const BUS = '/usr/bin/dbus-daemon';
const SEND = '/usr/bin/dbus-send';
const CHILD = fileURLToPath(new URL('./keychain-child.js', import.meta.url));

/** The programs that are missing here. */
export function missingPrograms(): readonly string[] {
  return [DAEMON, BUS, SEND].filter((program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error);
}

type Environment = Readonly<Record<string, string>>;

/** One user's folders; without a bus until one is started. */
export interface User {
  readonly env: Environment;
  /** Of the session: its bus and its keyring. */
  readonly running: ChildProcess[];
}

export function newUser(): User {
  const root = mkdtempSync(join(tmpdir(), 'keyward-user-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  const folder = (name: string) => {
    mkdirSync(join(root, name));
    chmodSync(join(root, name), 0o700);
    return join(root, name);
  };
  const env = { HOME: folder('home'), XDG_RUNTIME_DIR: folder('run'), XDG_DATA_HOME: folder('data') };
  return { env: { PATH: '/usr/bin:/bin', ...env }, running: [] };
}

/** A session bus of the user's own; the Secret Service is started by it when it is asked for, and locked then. */
export async function startBus(user: User): Promise<User> {
  const bus = spawn(BUS, ['--session', '--nofork', '--print-address'], {
    env: user.env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  endAfterTest(bus);
  for await (const line of createInterface({ input: bus.stdout })) {
    return { env: { ...user.env, DBUS_SESSION_BUS_ADDRESS: line }, running: [bus] };
  }
  throw new Error('no D-Bus');
}

/**
 * Starts the keyring, or takes the place of the running one, with its login collection open; made where there is none. On a
 * `fullDisk` what it holds can be read, and nothing written.
 */
export async function unlock(user: User, { fullDisk = false } = {}): Promise<void> {
  const limited = fullDisk ? "trap '' XFSZ; ulimit -f 0; " : '';
  const script = `${limited}exec ${DAEMON} --replace --unlock --components=secrets --foreground`;
  const daemon = spawn('/bin/sh', ['-c', script], { env: user.env, stdio: ['pipe', 'ignore', 'ignore'] });
  endAfterTest(daemon);
  user.running.push(daemon);
  daemon.stdin.end('a password');
  await nameTaken(user, daemon);
}

/** Ends the session; the folders stay. */
export async function logOut({ running }: User): Promise<void> {
  for (const each of running) await end(each);
}

/** Starts the keyring of a user as a login without a password does: what it holds stays locked. */
export function startLocked(user: User): void {
  call(user, 'org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus.StartServiceByName', [
    'string:org.freedesktop.secrets',
    'uint32:0',
  ]);
}

export function lock(user: User): void {
  const collection = 'array:objpath:/org/freedesktop/secrets/collection/login';
  call(user, 'org.freedesktop.secrets', '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.Lock', [
    collection,
  ]);
}

// Asked for over the bus until the new one has the name: the old one lets go of it first.
async function nameTaken(user: User, daemon: ChildProcess): Promise<void> {
  for (;;) {
    const pid = call(user, 'org.freedesktop.DBus', '/', 'org.freedesktop.DBus.GetConnectionUnixProcessID', [
      'string:org.freedesktop.secrets',
    ]);
    if (pid.includes(`uint32 ${daemon.pid}`)) return;
    if (daemon.exitCode !== null) throw new Error('the keyring ended');
    await new Promise(setImmediate);
  }
}

function call({ env }: User, destination: string, path: string, method: string, values: readonly string[]): string {
  const args = ['--session', '--print-reply', `--dest=${destination}`, path, method, ...values];
  return spawnSync(SEND, args, { env, encoding: 'utf8' }).stdout;
}

/** A process of the product in the user's environment: gives the answer to each command. */
export function startProduct({ env }: User, home: string): (command: string) => Promise<unknown> {
  const problem = inject('buildProblem');
  if (problem) throw new Error(problem);
  const child = spawn(process.execPath, [CHILD, home], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  endAfterTest(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (command) => {
    child.stdin.write(`${command}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`ended at ${command}`);
    return JSON.parse(value);
  };
}

function endAfterTest(child: ChildProcess): void {
  onTestFinished(() => end(child));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
