// A guest in its own memory, which begins each run as the image has it. What it is given and gives is text and numbers.
import { limits } from '../../shared/limits.ts';
import { type Engine, type EngineHost, openEngine, type Pointer } from './engine.ts';
import type { Host } from './guest/run.ts';
import { DONE, hostFunctions } from './host-functions.ts';
import type { ImageHeader } from './image-file.ts';
import { createMemoryKeeper, type MemoryKeeper } from './memory-keeper.ts';
import { createRejections, type Rejections } from './rejections.ts';
import { newText, readText } from './values.ts';

/** Why a machine cannot go on. It is good for nothing after that. `spoiled`: a script changed what the guest itself works with. */
export type Trouble = 'time' | 'memory' | 'output' | 'spoiled' | 'crashed';

/** What the machine gives its guest, and asks while the guest runs. None of these may throw. */
export interface MachineHost extends Host {
  isOver(): boolean;
}

export interface Machine {
  /** Calls the guest's `start`, then all that is pending. */
  start(job: string): Trouble | undefined;
  /** Calls the guest's `resume`, then all that is pending. */
  resume(kind: 'reply' | 'timer', id: number, text: string): Trouble | undefined;
  /** Takes everything back to the image, for the next run. False: it cannot be had, and the machine is good for nothing. */
  restore(): boolean;
}

const JOBS_AT_ONCE = 64;
const PROBE_CHARS = 200;
/** One character more than may be given, where each takes three bytes. */
const MOST_BYTES = (limits.scriptOutputChars + 1) * 3;

/** A machine of an image; throws where engine and image do not fit together. */
export async function openMachine(
  module: WebAssembly.Module,
  header: ImageHeader,
  image: Uint8Array,
  host: MachineHost,
): Promise<Machine> {
  const proxy = createEngineProxy();
  const engine = await openEngine(module, header.pages, proxy);
  if (engine.stack() !== header.stack || engine.trackerIndex !== header.trackerIndex) {
    throw new Error('the engine and the image do not fit together');
  }
  const keeper = createMemoryKeeper(engine.memory, image, header.filled);
  keeper.begin();
  probe(engine, header, proxy);
  const machine = new ImageMachine(engine, header, keeper, host);
  proxy.host = machine;
  if (!machine.restore()) throw new Error('the image cannot be restored');
  return machine;
}

const PROBED = { now: 1_234_567_890_123, random: 0.8125 };

/** Shows that clock and randomness of the guest are those of its host: what the engine has itself is never read. */
function probe(engine: Engine, header: ImageHeader, proxy: EngineProxy): void {
  proxy.host = {
    ...silentHost,
    now: () => PROBED.now,
    call: () => engine._QTS_NewFloat64(header.context, PROBED.random),
  };
  const value = engine._QTS_Call(header.context, header.probe, header.undefined, 0, header.scratch);
  const seen = readText(engine, header.context, value, PROBE_CHARS);
  if (seen !== JSON.stringify([PROBED.now, PROBED.random])) throw new Error('the guest has a clock of its own');
}

const silentHost: EngineHost = {
  call: () => 0,
  isOver: () => false,
  now: () => 0,
  rejected: () => undefined,
  mayGrow: () => true,
  outOfMemory: () => undefined,
};

interface EngineProxy extends EngineHost {
  host: EngineHost;
}

/** The engine is opened before there is a machine to answer it. */
export function createEngineProxy(): EngineProxy {
  const proxy: EngineProxy = {
    host: silentHost,
    call: (...values) => proxy.host.call(...values),
    isOver: () => proxy.host.isOver(),
    now: () => proxy.host.now(),
    rejected: (...values) => proxy.host.rejected(...values),
    mayGrow: () => proxy.host.mayGrow(),
    outOfMemory: () => proxy.host.outOfMemory(),
  };
  return proxy;
}

class ImageMachine implements Machine, EngineHost {
  readonly #engine: Engine;
  readonly #image: ImageHeader;
  readonly #keeper: MemoryKeeper;
  readonly #host: MachineHost;
  readonly #rejections: Rejections;
  #trouble: Trouble | undefined;
  #isDone = false;
  #jobs = 0;

  constructor(engine: Engine, image: ImageHeader, keeper: MemoryKeeper, host: MachineHost) {
    this.#engine = engine;
    this.#image = image;
    this.#keeper = keeper;
    this.#host = host;
    this.#rejections = createRejections(engine, image.context);
  }

  start(job: string): Trouble | undefined {
    return this.#guarded(() => this.#enter(this.#image.start, [newText(this.#engine, this.#image.context, job)]));
  }

  resume(kind: 'reply' | 'timer', id: number, text: string): Trouble | undefined {
    const { context } = this.#image;
    return this.#guarded(() =>
      this.#enter(this.#image.resume, [
        newText(this.#engine, context, kind),
        this.#engine._QTS_NewFloat64(context, id),
        newText(this.#engine, context, text),
      ]),
    );
  }

  restore(): boolean {
    if (this.#trouble !== undefined || this.#engine.stack() !== this.#image.stack) return false;
    this.#jobs = 0;
    this.#isDone = false;
    this.#rejections.forget();
    return this.#keeper.restore();
  }

  call(id: number, count: number, values: Pointer): Pointer {
    const answer = hostFunctions[id]?.answer;
    if (answer === undefined || this.#hasEnded()) return 0;
    const { context } = this.#image;
    const engine = this.#engine;
    const at = (index: number): Pointer =>
      index < count ? engine._QTS_ArgvGetJSValueConstPointer(values, index) : this.#image.undefined;
    if (id === DONE) this.#isDone = true;
    const given = answer(this.#host, {
      number: (index) => engine._QTS_GetFloat64(context, at(index)),
      text: (index) => {
        const text = readText(engine, context, at(index), MOST_BYTES);
        if (text === undefined) this.#trouble ??= 'spoiled';
        else if (text.length > limits.scriptOutputChars) this.#trouble ??= 'output';
        return text ?? '';
      },
    });
    if (given === undefined) return 0;
    return typeof given === 'number' ? engine._QTS_NewFloat64(context, given) : newText(engine, context, given);
  }

  isOver(): boolean {
    if (!this.#hasEnded() && this.#host.isOver()) this.#trouble = 'time';
    return this.#hasEnded();
  }

  /** Nothing that runs after the outcome was given counts. */
  #hasEnded(): boolean {
    return this.#isDone || this.#trouble !== undefined;
  }

  now(): number {
    return this.#host.now();
  }

  rejected(promise: bigint, reason: bigint, isHandledNow: boolean): void {
    if (this.#hasEnded()) return;
    if (!this.#rejections.note(promise, reason, isHandledNow)) this.#trouble = 'memory';
  }

  mayGrow(): boolean {
    return true;
  }

  outOfMemory(): void {
    this.#trouble ??= 'memory';
  }

  /** The engine may trap, or run out of the stack of this thread. */
  #guarded(step: () => void): Trouble | undefined {
    try {
      step();
      this.#runPending();
    } catch {
      this.#trouble ??= 'crashed';
    }
    return this.#trouble;
  }

  #runPending(): void {
    const hasJobs = () => !this.isOver() && this.#engine._QTS_IsJobPending(this.#image.runtime) !== 0;
    do {
      while (hasJobs()) this.#runJobs();
      for (const reason of this.#rejections.take()) this.#enter(this.#image.rejected, [reason]);
    } while (hasJobs());
  }

  #runJobs(): void {
    this.#jobs += JOBS_AT_ONCE;
    if (this.#jobs > limits.scriptJobs) this.#trouble ??= 'time';
    // The number of jobs that ran, or what ended one of them that no promise holds.
    this.#free(this.#engine._QTS_ExecutePendingJob(this.#image.runtime, JOBS_AT_ONCE, this.#image.scratch));
  }

  /** Calls a function of the guest with values that are let go of afterwards. */
  #enter(callee: Pointer, values: readonly Pointer[]): void {
    const { context, scratch } = this.#image;
    const engine = this.#engine;
    if (this.#hasEnded()) return;
    if (values.includes(0)) {
      this.#trouble ??= 'memory';
      return;
    }
    new Uint32Array(engine.memory.buffer, scratch, values.length).set(values);
    const result = engine._QTS_Call(context, callee, this.#image.undefined, values.length, scratch);
    if (result === 0) this.#trouble ??= 'memory';
    const thrown = result === 0 ? 0 : engine._QTS_ResolveException(context, result);
    // The guest lets nothing of a script out.
    if (thrown !== 0 && !this.#isDone) this.#trouble ??= 'spoiled';
    for (const value of [...values, result]) this.#free(value);
  }

  #free(value: Pointer): void {
    if (value !== 0) this.#engine._QTS_FreeValuePointer(this.#image.context, value);
  }
}
