// What a script waits for: timers and calls of the host. When none is left and all promises have settled, the script has ended.
import { limits } from '../../../shared/limits.ts';
import type { ScriptCall, ScriptReply } from '../../../shared/script/job.ts';
import type { Host } from './run.ts';

/** The id that is no timer of a script. */
const IDLE = 0;
const MAX_DELAY_MS = 2 ** 31 - 1;

export interface Work {
  /** setTimeout and its kind. */
  readonly globals: Readonly<Record<string, unknown>>;
  call(call: ScriptCall): Promise<ScriptReply>;
  resume(kind: 'reply' | 'timer', id: number, text: string): void;
  /** Calls `onIdle` as soon as nothing is waited for and no promise has anything to do. */
  watch(): void;
}

interface Timer {
  readonly run: () => void;
  /** Of an interval, in milliseconds. */
  readonly everyMs?: number;
}

/** `onError` is told what a callback throws. */
export function createWork(host: Host, onError: (thrown: unknown) => void, onIdle: () => void): Work {
  return new HostWork(host, onError, onIdle);
}

class HostWork implements Work {
  readonly globals: Readonly<Record<string, unknown>>;
  readonly #host: Host;
  readonly #onError: (thrown: unknown) => void;
  readonly #onIdle: () => void;
  readonly #timers = new Map<number, Timer>();
  readonly #calls = new Map<number, (reply: ScriptReply) => void>();
  #made = 0;

  constructor(host: Host, onError: (thrown: unknown) => void, onIdle: () => void) {
    this.#host = host;
    this.#onError = onError;
    this.#onIdle = onIdle;
    const clear = (id: unknown): void => this.#clear(id);
    this.globals = {
      setTimeout: (callback: unknown, ms?: unknown, ...values: unknown[]) => this.#start(callback, delayMs(ms), values),
      setImmediate: (callback: unknown, ...values: unknown[]) => this.#start(callback, 0, values),
      setInterval: (callback: unknown, ms?: unknown, ...values: unknown[]) => {
        const everyMs = Math.max(1, delayMs(ms));
        return this.#start(callback, everyMs, values, everyMs);
      },
      clearTimeout: clear,
      clearInterval: clear,
      clearImmediate: clear,
    };
  }

  watch(): void {
    if (!this.#isBusy()) this.#host.timer(IDLE, 0);
  }

  call(call: ScriptCall): Promise<ScriptReply> {
    return new Promise((resolve) => {
      this.#calls.set(this.#host.call(JSON.stringify(call)), resolve);
    });
  }

  resume(kind: 'reply' | 'timer', id: number, text: string): void {
    if (kind === 'timer' && id === IDLE) {
      if (!this.#isBusy()) this.#onIdle();
      return;
    }
    if (kind === 'timer') this.#fire(id);
    else this.#answer(id, text);
    this.watch();
  }

  #isBusy(): boolean {
    return this.#timers.size > 0 || this.#calls.size > 0;
  }

  #start(callback: unknown, ms: number, values: unknown[], everyMs?: number): number | undefined {
    if (typeof callback !== 'function') return undefined;
    if (this.#made >= limits.scriptTimers) throw new RangeError(`More than ${limits.scriptTimers} timers`);
    this.#made += 1;
    const run = (): void => {
      Reflect.apply(callback, undefined, values);
    };
    this.#timers.set(this.#made, everyMs === undefined ? { run } : { run, everyMs });
    this.#host.timer(this.#made, ms);
    return this.#made;
  }

  #clear(id: unknown): void {
    if (typeof id === 'number' && this.#timers.delete(id)) this.#host.clearTimer(id);
  }

  #fire(id: number): void {
    const timer = this.#timers.get(id);
    if (!timer) return;
    if (timer.everyMs === undefined) this.#timers.delete(id);
    else this.#host.timer(id, timer.everyMs);
    try {
      timer.run();
    } catch (thrown) {
      this.#onError(thrown);
    }
  }

  #answer(id: number, text: string): void {
    const resolve = this.#calls.get(id);
    this.#calls.delete(id);
    resolve?.(JSON.parse(text) as ScriptReply);
  }
}

function delayMs(delay: unknown): number {
  const ms = Math.trunc(Number(delay));
  return ms > 0 && ms <= MAX_DELAY_MS ? ms : 0;
}
