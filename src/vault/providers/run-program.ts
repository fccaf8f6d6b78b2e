// Runs a program for its standard output and for nothing else of it: no shell, no standard error, no variables but those given, a
// process group of its own that is killed as a whole when the time or the room is over or nobody waits any more.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { limits } from '../../../shared/limits.ts';
import type { ProviderReason } from './outcome.ts';

export interface ProgramCall {
  /** Absolute path, free of links where it was checked. */
  readonly program: string;
  /** What it is told that it is called: programs with many names look there. */
  readonly calledAs: string;
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
    let stopped: ProviderReason | undefined;
    const stop = (reason: ProviderReason): void => {
      stopped ??= reason;
      killGroup(child);
      // A process that left the group may hold the other end for long.
      child.stdout?.destroy();
    };
    const output = collect(child.stdout, () => stop('size'));
    const onAbort = (): void => stop('stopped');
    const timer = setTimeout(() => stop('time'), call.timeoutMs);
    signal.addEventListener('abort', onAbort, { once: true });
    const end = (outcome: ProgramOutput): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      settle(outcome);
    };
    child.once('error', () => end({ ok: false, reason: stopped ?? 'start' }));
    // A child of it may hold the other end for as long as it runs.
    child.once('exit', (code) => (code === 0 ? output.endWhenQuiet() : child.stdout?.destroy()));
    child.once('close', (code) => {
      if (stopped !== undefined || code !== 0) end({ ok: false, reason: stopped ?? 'exit' });
      else end({ ok: true, output: output.taken() });
    });
    // A program that does not read breaks the pipe; it is judged by how it ends.
    child.stdin?.on('error', () => undefined).end(call.input);
  });
}

interface Collected {
  taken(): Buffer;
  /** Waits for the end of the stream, and while it has none, as long as anything comes. */
  endWhenQuiet(): void;
}

function collect(stream: Readable | null, onTooMuch: () => void): Collected {
  const pieces: Buffer[] = [];
  let bytes = 0;
  stream?.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > limits.providerOutputBytes) onTooMuch();
    else pieces.push(piece);
  });
  const endWhenQuiet = (): void => {
    if (stream === null || stream.closed) return;
    const before = bytes;
    // While this process was busy, data may have come that it only reads after its timers.
    const look = (): void => void (bytes === before ? stream.destroy() : endWhenQuiet());
    const timer = setTimeout(() => setImmediate(look), limits.providerLingerMs);
    stream.once('close', () => clearTimeout(timer));
  };
  return { taken: () => Buffer.concat(pieces), endWhenQuiet };
}

function start({ program, calledAs, arguments: words, input, environment }: ProgramCall): ChildProcess | undefined {
  try {
    return spawn(program, words, {
      argv0: calledAs,
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
