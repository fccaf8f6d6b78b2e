// Runs the real command in a process of its own.
import { spawn } from 'node:child_process';

/** Program and leading argument that start the `keyward` command. */
export type Command = readonly [program: string, entry: string];

export interface Finished {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

// An empty environment: settings of the person's own Keyward must not reach this one.
const NO_SETTINGS = {};

/** Runs to the end with this text as standard input. */
export async function runCommand([program, entry]: Command, args: readonly string[], input: string): Promise<Finished> {
  const child = spawn(program, [entry, ...args], { stdio: 'pipe', env: NO_SETTINGS });
  const out: Buffer[] = [];
  const errors: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk));
  child.stdin.end(input);
  const code = await new Promise<number>((resolve) => child.once('close', (exit) => resolve(exit ?? 1)));
  return { code, out: Buffer.concat(out).toString(), errors: withoutRuntimeWarning(Buffer.concat(errors).toString()) };
}

// The demo's own process has said it once.
function withoutRuntimeWarning(text: string): string {
  return text.replace(/^warning: Node .*\n/m, '');
}
