// The built command serving over HTTP, in a process of its own, and keys for it.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { command, type Desk } from '../../cli/run-keyward.ts';

export interface Served {
  /** Of the endpoint. */
  readonly url: string;
  readonly origin: string;
  readonly pid: number;
  /** What it wrote to standard error. */
  readonly errors: () => string;
  /** Ends it by SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

const READY = /Serving MCP over HTTP at (\S+);/;

/** Starts `keyward serve --http` on a free port of loopback, or as `listen` says; `settings` come to its environment. */
export async function serveOverHttp(
  desk: Desk,
  listen = '0',
  settings: Readonly<Record<string, string>> = {},
): Promise<Served> {
  const env = { PATH: process.env.PATH, KEYWARD_HOME: desk.home, KEYWARD_KEY_SOURCE: 'key-file', ...settings };
  const child = spawn(process.execPath, [command, 'serve', '--http', listen, desk.workspace], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  let errors = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (chunk: Buffer) => {
      errors += chunk.toString();
      const [, address] = READY.exec(errors) ?? [];
      if (address !== undefined) resolve(address);
    });
    void ended.then((code) => reject(new Error(`the server ended with ${code}: ${errors}`)));
  });
  return {
    url,
    origin: new URL(url).origin,
    pid: child.pid ?? 0,
    errors: () => errors,
    stop() {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

/** Makes a key; without scopes it has those of every new one. */
export async function createKey(desk: Desk, name: string, scopes: readonly string[] = []): Promise<string> {
  const made = await desk.keyward(['access', 'create', name, '--json', ...scopes.flatMap((each) => ['--scope', each])]);
  if (made.code !== 0) throw new Error(made.errors);
  return JSON.parse(made.out).key;
}

/** Resident memory of a process, in bytes; undefined where the system has no /proc. */
export function residentBytes(pid: number): number | undefined {
  try {
    const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
