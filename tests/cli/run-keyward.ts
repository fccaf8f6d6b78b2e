import { type ChildProcess, fork, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inject } from 'vitest';

export const command = fileURLToPath(new URL('../../bin/keyward.js', import.meta.url));

export interface Finished {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

export interface Desk {
  readonly home: string;
  readonly workspace: string;
  /** Writes a file of the workspace: text as it is, anything else as JSON. */
  save(name: string, content: unknown): void;
  /**
   * Runs the built command with this desk's data folder, one after the other in a process that is warm; `env` comes to its environment.
   */
  keyward(args: readonly string[], input?: string, env?: Readonly<Record<string, string>>): Promise<Finished>;
  /** The same in a process of its own; standard input is a pipe with `input`. */
  spawned(args: readonly string[], input?: string, env?: Readonly<Record<string, string>>): Promise<Finished>;
  clear(): void;
}

/** A data folder and a workspace of one test, in one temporary folder. */
export function createDesk(): Desk {
  const problem = inject('buildProblem');
  if (problem) throw new Error(problem);
  const folder = mkdtempSync(join(tmpdir(), 'keyward-cli-'));
  const home = join(folder, 'home');
  const workspace = join(folder, 'workspace');
  mkdirSync(workspace);
  return {
    home,
    workspace,
    save(name, content) {
      const path = join(workspace, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    },
    keyward(args, input = '', env = {}) {
      const run = runOf(args, { home, workspace });
      return runWarm({ ...run, env: { ...run.env, ...env }, input });
    },
    spawned(args, input = '', env = {}) {
      const run = runOf(args, { home, workspace });
      return spawnRun({ ...run, env: { ...run.env, ...env }, input });
    },
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

interface Run {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly input: string;
}

function runOf(args: readonly string[], { home, workspace }: Pick<Desk, 'home' | 'workspace'>): Omit<Run, 'input'> {
  // The key source is stated: a test must never ask this machine's keychain.
  const env = { PATH: process.env.PATH ?? '', KEYWARD_HOME: home, KEYWARD_KEY_SOURCE: 'key-file' };
  return { args, cwd: workspace, env };
}

let warm: Promise<ChildProcess> | undefined;
let last: Promise<unknown> = Promise.resolve();

function runWarm(run: Run): Promise<Finished> {
  const next = last.then(async () => {
    warm ??= startWarm();
    const child = await warm;
    const ended = new Promise<Finished>((resolve, reject) => {
      child.once('message', (finished) => resolve(finished as Finished));
      child.once('exit', (code) =>
        reject(new Error(`the command ended its process with ${code}: ${run.args.join(' ')}`)),
      );
    });
    child.send({ entry: command, ...run });
    return ended.finally(() => child.removeAllListeners('exit'));
  });
  last = next.catch(() => undefined);
  return next;
}

async function startWarm(): Promise<ChildProcess> {
  const child = fork(fileURLToPath(new URL('warm-keyward.js', import.meta.url)), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await new Promise((resolve) => child.once('message', resolve));
  // The test's end does not wait for it; it ends when the channel does.
  child.unref();
  child.channel?.unref();
  return child;
}

async function spawnRun({ args, cwd, env, input }: Run): Promise<Finished> {
  const child = spawn(process.execPath, [command, ...args], { cwd, env, stdio: 'pipe' });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const code = await new Promise<number>((resolve) => child.once('close', (exit) => resolve(exit ?? -1)));
  return { code, out: Buffer.concat(out).toString(), errors: Buffer.concat(errors).toString() };
}
