// A thread that runs scripts, as this process sees it. Whatever becomes of the thread, each run gets an answer.
import { Worker } from 'node:worker_threads';
import { describeFailure, type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { ScriptCall, ScriptReply } from '../../shared/script/job.ts';
import { readScriptCall } from '../../shared/script/outcome.ts';
import type { ScriptRunOptions } from '../execute/ports.ts';
import type { FromThread, RunTrouble, ThreadData, ToThread } from './messages.ts';

export interface ThreadJob {
  /** A ScriptJob as JSON. */
  readonly text: string;
  /** Calls of the host that it may make. */
  readonly calls: number;
  readonly options: ScriptRunOptions;
}

export interface Thread {
  /** The outcome as text. One run at a time, and only when the thread is ready. */
  run(job: ThreadJob): Promise<Result<string>>;
  end(): Promise<void>;
}

/** What a thread says of itself: it can take a run, or is no more. Each `onGone` comes once. */
export interface ThreadEvents {
  onReady(thread: Thread): void;
  onGone(thread: Thread): void;
}

/** The engine's calls take up to 16 MiB of the thread's stack before they reach the engine's own limit. */
const RESOURCES = { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4, stackSizeMb: 16 };

export function startThread(file: string, data: ThreadData, events: ThreadEvents): Thread {
  return new WorkerThread(file, data, events);
}

interface CurrentRun {
  readonly job: ThreadJob;
  readonly finish: (result: Result<string>) => void;
}

class WorkerThread implements Thread {
  readonly #worker: Worker;
  readonly #events: ThreadEvents;
  #run: CurrentRun | undefined;
  /** Ends the run. There is none while the thread waits for the host: that time is not the script's. */
  #timer: NodeJS.Timeout | undefined;
  /** Time that the script has used, as its thread measured it: this one may have been busy with something else. */
  #usedMs = 0;
  #replies = 0;
  #isGone = false;
  readonly #cancel = () => this.#throwAway(failure('NETWORK/CANCELLED'));

  constructor(file: string, data: ThreadData, events: ThreadEvents) {
    this.#events = events;
    this.#worker = new Worker(file, {
      workerData: data,
      env: {},
      argv: [],
      // Nobody reads its streams, and what is written there would be kept.
      execArgv: ['--no-warnings'],
      stdin: false,
      stdout: true,
      stderr: true,
      resourceLimits: RESOURCES,
    });
    this.#worker.on('message', (message: FromThread) => this.#hear(message));
    this.#worker.on('error', (error) => this.#throwAway(failureOfError(error)));
    this.#worker.on('exit', () => this.#throwAway(failure('SCRIPT/CRASHED')));
    this.#worker.unref();
    this.#timer = setTimeout(() => this.#throwAway(failure('SCRIPT/CRASHED')), limits.scriptThreadStartMs).unref();
  }

  run(job: ThreadJob): Promise<Result<string>> {
    const { timeMs, signal } = job.options;
    return new Promise((finish) => {
      this.#run = { job, finish };
      signal.addEventListener('abort', this.#cancel);
      this.#worker.ref();
      this.#usedMs = 0;
      this.#replies = 0;
      this.#go();
      this.#send({ kind: 'start', job: job.text, timeMs, calls: job.calls });
    });
  }

  async end(): Promise<void> {
    this.#throwAway(failure('SCRIPT/CRASHED'));
    await this.#worker.terminate();
  }

  #hear(message: FromThread): void {
    if (this.#isGone) return;
    switch (message.kind) {
      case 'ready':
        this.#stopTimer();
        this.#events.onReady(this);
        break;
      case 'call':
        void this.#answer(message.id, message.text);
        break;
      case 'waits':
        this.#usedMs = message.usedMs;
        this.#stopTimer();
        // A reply may be on its way to a thread that did not know of it yet.
        if (message.heard !== this.#replies) this.#go();
        break;
      case 'wakes':
        this.#go();
        break;
      case 'done':
        this.#finish(ok(message.text));
        break;
      case 'failed':
        this.#throwAway(failureOf(message.why, this.#run?.job.options.timeMs ?? 0));
    }
  }

  #send(message: ToThread): void {
    this.#worker.postMessage(message);
  }

  async #answer(id: number, text: string): Promise<void> {
    const run = this.#run;
    if (!run) return;
    const call = readScriptCall(text);
    // No guest asks for what cannot be read: a script has changed it.
    if (!call.ok) {
      this.#throwAway(call.failure);
      return;
    }
    const reply = await replyOf(run.job.options, call.value);
    if (this.#run !== run) return;
    this.#replies += 1;
    this.#go();
    this.#send({ kind: 'reply', id, text: JSON.stringify(reply) });
  }

  /** The script's time runs. */
  #go(): void {
    const { timeMs } = this.#run?.job.options ?? { timeMs: 0 };
    this.#timer ??= setTimeout(() => this.#overrun(timeMs), Math.max(0, timeMs - this.#usedMs));
  }

  #stopTimer(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** Once more through the messages first: this thread may have been busy while the thread had ended, or waited. */
  #overrun(limitMs: number): void {
    const timer = this.#timer;
    setImmediate(() => {
      if (timer && this.#timer === timer) this.#throwAway(failure('SCRIPT/TIME_LIMIT', { limitMs }));
    });
  }

  #finish(result: Result<string>): void {
    const run = this.#run;
    this.#run = undefined;
    this.#stopTimer();
    if (!run) return;
    run.job.options.signal.removeEventListener('abort', this.#cancel);
    if (!this.#isGone) this.#worker.unref();
    run.finish(result);
  }

  #throwAway(problem: Failure): void {
    if (!this.#isGone) {
      this.#isGone = true;
      void this.#worker.terminate();
      this.#events.onGone(this);
    }
    this.#finish(err(problem));
  }
}

/** A host that throws is a mistake of ours, and its script need not wait for ever because of it. */
async function replyOf({ host }: ScriptRunOptions, call: ScriptCall): Promise<ScriptReply> {
  try {
    return await host(call);
  } catch {
    const { code, message } = describeFailure(failure('INTERNAL/BUG'));
    return { ok: false, code, message };
  }
}

function failureOf(why: RunTrouble, limitMs: number): Failure {
  switch (why) {
    case 'time':
      return failure('SCRIPT/TIME_LIMIT', { limitMs });
    case 'memory':
      return failure('SCRIPT/MEMORY_LIMIT');
    case 'spoiled':
      return failure('SCRIPT/OUTPUT_LIMIT', { problem: 'something that cannot be read' });
    case 'output':
      return failure('SCRIPT/OUTPUT_LIMIT', { problem: `more than ${limits.scriptOutputChars} characters` });
    case 'timers':
      return failure('SCRIPT/OUTPUT_LIMIT', { problem: `more than ${limits.scriptTimers} timers at once` });
    case 'calls':
      return failure('SCRIPT/TOO_MANY_SENDS', { limit: limits.scriptSends });
    case 'crashed':
      return failure('SCRIPT/CRASHED');
  }
}

function failureOfError(error: unknown): Failure {
  const isMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  return failure(isMemory ? 'SCRIPT/MEMORY_LIMIT' : 'SCRIPT/CRASHED');
}
