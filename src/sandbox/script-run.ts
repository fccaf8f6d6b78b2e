// One run in the thread that it has to itself: timers, calls of the host, and the time that is left.
import { limits } from '../../shared/limits.ts';
import { jsonMarks } from '../../shared/script/json-marks.ts';
import type { Machine, MachineHost } from './machine.ts';
import type { FromThread, RunTrouble } from './messages.ts';
import { createStopwatch } from './stopwatch.ts';

/** Clock, randomness and dynamic variables of the guest. */
export type Sources = Pick<MachineHost, 'now' | 'random' | 'dynamic'>;

export interface ScriptRunLimits {
  readonly timeMs: number;
  /** Calls of the host. */
  readonly calls: number;
}

export interface ScriptRun extends MachineHost {
  /** Gives the run its machine and begins. */
  begin(machine: Machine, job: string): void;
  reply(id: number, text: string): void;
}

interface Timer {
  readonly handle: NodeJS.Timeout | undefined;
  /** By `performance.now()`. */
  readonly dueMs: number;
}

/** The longest that timers take; of more they would make 1 ms, and print a warning. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** `tell` is given `done` or `failed` once, as the last. */
export function createScriptRun(
  sources: Sources,
  allowed: ScriptRunLimits,
  tell: (message: FromThread) => void,
): ScriptRun {
  return new Run(sources, allowed, tell);
}

class Run implements ScriptRun {
  readonly now: () => number;
  readonly random: () => number;
  readonly dynamic: (name: string) => string | undefined;
  readonly #allowed: ScriptRunLimits;
  readonly #tell: (message: FromThread) => void;
  readonly #watch = createStopwatch();
  /** The rest of the time is for what no interrupt reaches: then the whole thread is ended from outside. */
  readonly #endMs: number;
  readonly #timers = new Map<number, Timer>();
  /** Ids of timers of 0 ms, in order. */
  #soon: number[] = [];
  readonly #waitedFor = new Set<number>();
  #calls = 0;
  /** What it may still ask, all calls together: they are read where others wait. */
  #charsLeft: number = limits.scriptOutputChars;
  #marksLeft: number = limits.scriptOutputMarks;
  #heard = 0;
  #machine: Machine | undefined;
  #text: string | undefined;
  #hasEnded = false;

  constructor(sources: Sources, allowed: ScriptRunLimits, tell: (message: FromThread) => void) {
    ({ now: this.now, random: this.random, dynamic: this.dynamic } = sources);
    this.#allowed = allowed;
    this.#tell = tell;
    this.#endMs = allowed.timeMs - Math.min(limits.scriptRestMs, allowed.timeMs * limits.scriptRestShare);
  }

  begin(machine: Machine, job: string): void {
    this.#machine = machine;
    this.#watch.go();
    this.#settle(machine.start(job));
  }

  reply(id: number, text: string): void {
    if (!this.#waitedFor.delete(id)) return;
    this.#heard += 1;
    this.#watch.go();
    this.#resume('reply', id, text);
  }

  isOver(): boolean {
    return this.#hasEnded || this.#watch.elapsedMs() > this.#endMs;
  }

  call(text: string): number {
    this.#calls += 1;
    const id = this.#calls;
    if (id > this.#allowed.calls) this.#fail('calls');
    else if (!this.#mayAsk(text)) this.#fail('output');
    else {
      this.#waitedFor.add(id);
      this.#tell({ kind: 'call', id, text });
    }
    return id;
  }

  timer(id: number, ms: number): void {
    this.clearTimer(id);
    if (this.#timers.size >= limits.scriptTimers) {
      this.#fail('timers');
      return;
    }
    // A delay that is no number fires at once, as in browsers.
    const delayMs = ms > 0 ? Math.min(ms, MAX_DELAY_MS) : 0;
    if (delayMs === 0) this.#soon.push(id);
    const handle = delayMs === 0 ? undefined : setTimeout(() => this.#fire(id), delayMs);
    this.#timers.set(id, { handle, dueMs: performance.now() + delayMs });
  }

  clearTimer(id: number): void {
    const timer = this.#timers.get(id);
    if (!timer) return;
    clearTimeout(timer.handle);
    this.#timers.delete(id);
    if (timer.handle === undefined) this.#soon = this.#soon.filter((soon) => soon !== id);
  }

  done(text: string): void {
    this.#text = text;
  }

  #mayAsk(text: string): boolean {
    this.#charsLeft -= text.length;
    if (this.#charsLeft < 0) return false;
    const marks = jsonMarks(text, { marks: this.#marksLeft, levels: Number.POSITIVE_INFINITY });
    this.#marksLeft -= marks ?? 0;
    return marks !== undefined;
  }

  #fire(id: number): void {
    this.#timers.delete(id);
    if (!this.#watch.isGoing()) {
      this.#watch.go();
      this.#tell({ kind: 'wakes' });
    }
    this.#resume('timer', id, '');
  }

  #resume(kind: 'reply' | 'timer', id: number, text: string): void {
    if (this.#machine && !this.#hasEnded) this.#settle(this.#machine.resume(kind, id, text));
  }

  /** After the guest has run, and everything that was pending with it. */
  #settle(trouble: RunTrouble | undefined): void {
    let found = trouble;
    for (let id = this.#next(found); id !== undefined; id = this.#next(found)) {
      this.#timers.delete(id);
      found = this.#machine?.resume('timer', id, '');
    }
    if (found !== undefined) this.#fail(found);
    else if (this.#text !== undefined) this.#end({ kind: 'done', text: this.#text });
    else if (!this.#hasEnded) this.#wait();
  }

  /** The next timer of 0 ms, as long as there is a reason to go on. */
  #next(found: RunTrouble | undefined): number | undefined {
    return this.#hasEnded || found !== undefined || this.#text !== undefined ? undefined : this.#soon.shift();
  }

  #wait(): void {
    if (this.#waitedFor.size > 0) {
      this.#watch.stop();
      this.#tell({ kind: 'waits', heard: this.#heard, usedMs: this.#watch.elapsedMs() });
      return;
    }
    const next = Math.min(...[...this.#timers.values()].map(({ dueMs }) => dueMs));
    // Nothing will happen any more before the end.
    if (next - performance.now() > this.#endMs - this.#watch.elapsedMs()) this.#fail('time');
  }

  #fail(why: RunTrouble): void {
    this.#end({ kind: 'failed', why });
  }

  #end(message: FromThread): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    for (const { handle } of this.#timers.values()) clearTimeout(handle);
    this.#timers.clear();
    this.#waitedFor.clear();
    this.#tell(message);
  }
}
