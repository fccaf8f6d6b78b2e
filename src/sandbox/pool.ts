// The threads that run scripts: as many as are wanted at once and no more, one run in each, and none that has been idle for long.
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { ScriptLoad } from '../execute/ports.ts';
import type { ThreadData } from './messages.ts';
import { hasRoom, type Seat } from './room.ts';
import { startThread, type Thread, type ThreadEvents, type ThreadJob } from './thread.ts';
import { createTurns } from './turns.ts';

export interface Pool {
  /** Starts a thread if there is none. */
  warm(): void;
  /** Failures besides those of the thread: SCRIPT/BUSY, SCRIPT/UNAVAILABLE, NETWORK/CANCELLED. */
  run(job: ThreadJob): Promise<Result<string>>;
  load(): ScriptLoad;
  close(): Promise<void>;
}

export interface PoolOptions {
  /** How many scripts may compute at once; see room.ts for those that wait. */
  readonly threads: number;
  readonly worker: string;
  /** What a thread is begun with; it is not kept while there is no thread. */
  readonly load: () => Promise<ThreadData>;
}

interface Asked extends Seat {
  calls: number;
  isAside: boolean;
  readonly job: ThreadJob;
  readonly finish: (result: Result<string>) => void;
  /** It waits no more. */
  readonly served: () => void;
}

export function createPool(options: PoolOptions): Pool {
  return new ThreadPool(options);
}

/** What it runs; or `coming`: it is being begun, or what its last run left is being taken away. */
type State = 'coming' | 'idle' | Asked;

class ThreadPool implements Pool, ThreadEvents {
  readonly #options: PoolOptions;
  readonly #threads = new Map<Thread, State>();
  /** Threads that have been of use. */
  readonly #proven = new WeakSet<Thread>();
  readonly #timers = new WeakMap<Thread, NodeJS.Timeout>();
  readonly #turns = createTurns<Asked>();
  /** Those that there is room for: they have a thread, or stand in the line for the next one. */
  readonly #seats = new Set<Asked>();
  readonly #line: Asked[] = [];
  #data: Promise<ThreadData> | undefined;
  /** Threads that wait for what they are begun with. */
  #loading = 0;
  #isClosed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  warm(): void {
    if (this.#threads.size + this.#loading === 0) void this.#start();
  }

  run(job: ThreadJob): Promise<Result<string>> {
    const { signal, caller = '', depth = 0 } = job.options;
    if (signal.aborted) return Promise.resolve(err(failure('NETWORK/CANCELLED')));
    if (this.#isClosed) return Promise.resolve(err(failure('SCRIPT/CRASHED')));
    const isFull = depth === 0 && this.#turns.count(caller) >= limits.scriptQueue;
    if (isFull) return Promise.resolve(err(failure('SCRIPT/BUSY')));
    return new Promise((finish) => {
      const cancel = (): void => this.#leave(asked, failure('NETWORK/CANCELLED'));
      // Threads keep no process alive; whoever waits for one does.
      const timer = setTimeout(() => this.#leave(asked, failure('SCRIPT/BUSY')), limits.scriptWaitMs);
      const served = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', cancel);
      };
      const asked: Asked = { caller, depth, calls: 0, isAside: false, job, finish, served };
      this.#turns.add(asked);
      signal.addEventListener('abort', cancel);
      this.#assign();
    });
  }

  load(): ScriptLoad {
    const running = [...this.#threads.values()].filter((state) => typeof state !== 'string').length;
    return { threads: this.#threads.size, running, waiting: this.#turns.size() + this.#line.length };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#giveUp(failure('SCRIPT/CRASHED'));
    await Promise.all([...this.#threads.keys()].map((thread) => thread.end()));
  }

  onReady(thread: Thread): void {
    this.#proven.add(thread);
    this.#threads.set(thread, 'idle');
    this.#assign();
    if (this.#threads.get(thread) === 'idle') this.#retireLater(thread);
  }

  onGone(thread: Thread): void {
    clearTimeout(this.#timers.get(thread));
    if (!this.#threads.delete(thread) || this.#isClosed) return;
    // One that never got ready has a cause that another would meet as well.
    if (!this.#proven.has(thread)) this.#failToStart(failure('SCRIPT/CRASHED'));
    else {
      this.warm();
      this.#assign();
    }
  }

  /** Gives room to who waits, gives idle threads to who has room, and starts as many as are still wanted. */
  #assign(): void {
    const mayServe = (asked: Asked): boolean => hasRoom(asked, this.#seats, this.#options.threads);
    for (let next = this.#turns.take(mayServe); next; next = this.#turns.take(mayServe)) {
      this.#seats.add(next);
      this.#line.push(next);
    }
    for (const [thread, state] of this.#threads) {
      const next = state === 'idle' ? this.#line.shift() : undefined;
      if (next) this.#serve(thread, next);
    }
    const coming = [...this.#threads.values()].filter((state) => state === 'coming').length + this.#loading;
    for (let more = this.#line.length - coming; more > 0; more -= 1) void this.#start();
  }

  #serve(thread: Thread, asked: Asked): void {
    asked.served();
    clearTimeout(this.#timers.get(thread));
    this.#threads.set(thread, asked);
    void thread.run(this.#watched(asked)).then((result) => {
      this.#seats.delete(asked);
      if (this.#threads.get(thread) === asked) this.#threads.set(thread, 'coming');
      asked.finish(result);
      this.#assign();
    });
  }

  /** Its thread does nothing while the host answers, so that there is room for others. */
  #watched(asked: Asked): ThreadJob {
    const { options, ...job } = asked.job;
    const host: typeof options.host = async (call) => {
      asked.calls += 1;
      this.#assign();
      const aside = (): void => {
        asked.isAside = true;
        this.#assign();
      };
      try {
        return await options.host(call, aside);
      } finally {
        asked.calls -= 1;
      }
    };
    return { ...job, options: { ...options, host } };
  }

  #leave(asked: Asked, problem: Failure): void {
    const at = this.#line.indexOf(asked);
    if (at >= 0) this.#line.splice(at, 1);
    else if (!this.#turns.remove(asked)) return;
    this.#refuse(asked, problem);
    this.#assign();
  }

  #refuse(asked: Asked, problem: Failure): void {
    this.#seats.delete(asked);
    asked.served();
    asked.finish(err(problem));
  }

  async #start(): Promise<void> {
    this.#loading += 1;
    const data = await this.#load();
    this.#loading -= 1;
    if (this.#isClosed) return;
    if (!data) return this.#failToStart(failure('SCRIPT/UNAVAILABLE'));
    try {
      this.#threads.set(startThread(this.#options.worker, data, this), 'coming');
    } catch {
      // The system has no more threads, or no memory for one.
      this.#failToStart(failure('SCRIPT/CRASHED'));
    }
  }

  async #load(): Promise<ThreadData | undefined> {
    try {
      this.#data ??= this.#options.load();
      return await this.#data;
    } catch {
      this.#data = undefined;
      return undefined;
    }
  }

  /** Threads that do something will be free; those whose scripts wait may wait for the very run that gets no thread. */
  #failToStart(problem: Failure): void {
    const isServed = [...this.#threads.values()].some((state) => typeof state === 'string' || state.calls === 0);
    if (!isServed && this.#loading === 0) this.#giveUp(problem);
  }

  #giveUp(problem: Failure): void {
    for (const asked of [...this.#line.splice(0), ...this.#turns.clear()]) this.#refuse(asked, problem);
  }

  #retireLater(thread: Thread): void {
    const retire = (): void => {
      this.#threads.delete(thread);
      void thread.end();
      if (this.#threads.size === 0) this.#data = undefined;
    };
    this.#timers.set(thread, setTimeout(retire, limits.scriptIdleMs).unref());
  }
}
