import { spawn } from 'node:child_process';
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
  /** Runs the built command with this desk's data folder; standard input is a pipe with `input`. */
  keyward(args: readonly string[], input?: string): Promise<Finished>;
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
    keyward: (args, input = '') => run(args, { home, workspace }, input),
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function run(
  args: readonly string[],
  { home, workspace }: { readonly home: string; readonly workspace: string },
  input: string,
): Promise<Finished> {
  // The key source is stated: a test must never ask this machine's keychain.
  const env = { PATH: process.env.PATH, KEYWARD_HOME: home, KEYWARD_KEY_SOURCE: 'key-file' };
  const child = spawn(process.execPath, [command, ...args], { cwd: workspace, env, stdio: 'pipe' });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  const code = await new Promise<number>((resolve) => child.once('close', (exit) => resolve(exit ?? -1)));
  return { code, out: Buffer.concat(out).toString(), errors: Buffer.concat(errors).toString() };
}
