// Runs a program for its standard output and for nothing else of it: no shell, no standard error, no variables but those given, a
// process group of its own that is killed as a whole when the time or the room is over or nobody waits any more.
import { type ChildProcess, spawn } from 'node:child_process';
import { limits } from '../../../shared/limits.ts';
import type { ProviderReason } from './outcome.ts';

export interface ProgramCall {
  /** Absolute path. */
  readonly program: string;
  readonly arguments: readonly string[];
  /** What it reads from standard input. */
  readonly input?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

export type ProgramOutput =
  | { readonly ok: true; readonly output: Buffer }
  | { readonly ok: false; readonly reason: ProviderReason };

/** Gives what a program wrote to standard output before it ended well. */
export function runProgram(call: ProgramCall, signal: AbortSignal): Promise<ProgramOutput> {
  if (signal.aborted) return Promise.resolve({ ok: false, reason: 'stopped' });
  return new Promise((settle) => {
    const child = start(call);
    if (!child) return settle({ ok: false, reason: 'start' });
    const pieces: Buffer[] = [];
    let bytes = 0;
    let stopped: ProviderReason | undefined;
    const stop = (reason: ProviderReason): void => {
      stopped ??= reason;
      killGroup(child);
      // A process that left the group may hold the other end for long.
      child.stdout?.destroy();
    };
    const onAbort = (): void => stop('stopped');
    const timer = setTimeout(() => stop('time'), call.timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    const end = (outcome: ProgramOutput): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      settle(outcome);
    };
    child.stdout?.on('data', (piece: Buffer) => {
      bytes += piece.length;
      if (bytes > limits.providerOutputBytes) stop('size');
      else pieces.push(piece);
    });
    child.once('error', () => end({ ok: false, reason: stopped ?? 'start' }));
    child.once('close', (code) => {
      if (stopped !== undefined || code !== 0) end({ ok: false, reason: stopped ?? 'exit' });
      else end({ ok: true, output: Buffer.concat(pieces) });
    });
    // A program that does not read breaks the pipe; it is judged by how it ends.
    child.stdin?.on('error', () => undefined).end(call.input);
  });
}

function start({ program, arguments: words, input, environment }: ProgramCall): ChildProcess | undefined {
  try {
    return spawn(program, words, {
      cwd: '/',
      env: { ...environment },
      detached: true,
      shell: false,
      windowsHide: true,
      stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'ignore'],
    });
  } catch {
    // An argument list that the system does not take, or one with a NUL.
    return undefined;
  }
}

/** As long as anything is in the group, its number cannot become another's. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
