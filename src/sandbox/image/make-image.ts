// Evaluates the guest once and takes a picture of the memory. Every step is the same at each build, so that the same guest gives the
// same image: the clock stands still, and nothing is drawn at random.
import { limits } from '../../../shared/limits.ts';
import { type Engine, type EngineHost, openEngine, type Pointer, pagesOf } from '../engine.ts';
import { hostFunctions } from '../host-functions.ts';
import { writeImage } from '../image-file.ts';
import { newCharacters, newText, readText } from '../values.ts';
import { exposeInternals } from './expose-internals.ts';

/** Memory that a run has before it has to grow. */
const ROOM_BYTES = 4 * 1024 * 1024;
const LARGEST_HOLE_BYTES = 8 * 1024 * 1024;
const SMALL_BYTES = 1024;
/** What the module is linked for. */
const LEAST_PAGES = 256;
const SCRATCH_BYTES = 32;
const RUNTIME_BYTES = 512;
const MESSAGE_BYTES = 10_000;

/** Evaluated before anything else: libraries must not keep what scripts are not to have. Its value is the probe. */
const PRELUDE = `(random) => {
  Object.defineProperty(Math, 'random', { value: random });
  for (const name of ['SharedArrayBuffer', 'WeakRef', 'FinalizationRegistry']) delete globalThis[name];
  const { stringify } = JSON;
  const { now } = Date;
  return () => stringify([new Date().getTime() === now() ? now() : NaN, Math.random()]);
}`;

/**
 * The image of a guest. `bundle` is the text of an expression that gives `createGuest`; `engineModule` is the module as it is published.
 * Throws an Error with what the guest threw.
 */
export async function makeImage(bundle: string, engineModule: Uint8Array): Promise<Uint8Array> {
  const module = exposeInternals(engineModule);
  const rejections: boolean[] = [];
  let mayGrow = true;
  const engine = await openEngine(new WebAssembly.Module(module), LEAST_PAGES, {
    ...builderHost,
    mayGrow: () => mayGrow,
    rejected: (_promise, _reason, isHandledNow) => void rejections.push(isHandledNow),
  });
  const runtime = engine._QTS_NewRuntime();
  engine._QTS_RuntimeSetMaxStackSize(runtime, limits.scriptStackBytes);
  trackRejections(engine, runtime);
  const builder = new Builder(engine, engine._QTS_NewContext(runtime, 0));
  const parts = builder.build(bundle);
  runJobs(engine, runtime, parts.scratch);
  if (rejections.length > 0) throw new Error('the guest rejects a promise while it is evaluated');
  builder.evaluate('Promise.reject(1).catch(() => {}); undefined');
  if (rejections.join() !== 'false,true') throw new Error('rejections are not tracked');
  runJobs(engine, runtime, parts.scratch);
  mayGrow = false;
  emptyHoles(engine);
  const memory = new Uint8Array(engine.memory.buffer);
  const pages = pagesOf(memory.length + ROOM_BYTES);
  const header = { runtime, ...parts, pages, stack: engine.stack(), trackerIndex: engine.trackerIndex };
  return writeImage(header, module, memory);
}

const builderHost: EngineHost = {
  call: () => 0,
  isOver: () => false,
  now: () => 0,
  rejected: () => undefined,
  mayGrow: () => true,
  outOfMemory: () => undefined,
};

/**
 * JS_SetHostPromiseRejectionTracker, which the module does not export. In JSRuntime the tracker stands behind the handler of
 * interrupts and its argument, and the handler is what its setter changes.
 */
function trackRejections(engine: Engine, runtime: Pointer): void {
  const fields = (): Uint32Array => new Uint32Array(engine.memory.buffer, runtime, RUNTIME_BYTES / 4);
  const before = Uint32Array.from(fields());
  engine._QTS_RuntimeEnableInterruptHandler(runtime);
  const changed = [...before.keys()].filter((index) => fields()[index] !== before[index]);
  const [handler] = changed;
  if (handler === undefined || changed.length !== 1) throw new Error('JSRuntime has another form');
  fields()[handler + 2] = engine.trackerIndex;
}

/** Most of what evaluating took is free again, and full of what was there. Taken once more, emptied and let go, it costs no room. */
function emptyHoles(engine: Engine): void {
  const held: Pointer[] = [];
  for (let bytes = LARGEST_HOLE_BYTES; bytes > 0; bytes = bytes > SMALL_BYTES ? bytes / 2 : bytes - 8) {
    for (let hole = engine._malloc(bytes); hole !== 0; hole = engine._malloc(bytes)) {
      held.push(hole);
      new Uint8Array(engine.memory.buffer, hole, bytes).fill(0);
    }
  }
  for (const hole of held.reverse()) engine._free(hole);
}

function runJobs(engine: Engine, runtime: Pointer, scratch: Pointer): void {
  while (engine._QTS_IsJobPending(runtime) !== 0) engine._QTS_ExecutePendingJob(runtime, 1, scratch);
}

class Builder {
  readonly #engine: Engine;
  readonly #context: Pointer;
  readonly #undefined: Pointer;
  readonly #scratch: Pointer;

  constructor(engine: Engine, context: Pointer) {
    this.#engine = engine;
    this.#context = context;
    this.#undefined = engine._QTS_GetUndefined();
    this.#scratch = engine._malloc(SCRATCH_BYTES);
  }

  build(bundle: string) {
    const functions = hostFunctions.map((known, id) => (known ? this.#hostFunction(known.name, id) : 0));
    const random = functions[hostFunctions.findIndex((known) => known?.name === 'random')] ?? 0;
    const probe = this.#call(this.evaluate(PRELUDE), [random]);
    const host = this.#engine._QTS_NewObject(this.#context);
    for (const [id, known] of hostFunctions.entries()) if (known) this.#set(host, known.name, functions[id] ?? 0);
    const guest = this.#call(this.evaluate(bundle), [host]);
    return {
      context: this.#context,
      undefined: this.#undefined,
      scratch: this.#scratch,
      probe,
      start: this.#get(guest, 'start'),
      resume: this.#get(guest, 'resume'),
      rejected: this.#get(guest, 'rejected'),
    };
  }

  evaluate(code: string): Pointer {
    const address = newCharacters(this.#engine, code);
    const file = newCharacters(this.#engine, 'guest');
    const value = this.#engine._QTS_Eval(this.#context, address, Buffer.byteLength(code), file, 0, 0);
    this.#engine._free(address);
    this.#engine._free(file);
    return this.#must(value);
  }

  #hostFunction(name: string, id: number): Pointer {
    const address = newCharacters(this.#engine, name);
    const value = this.#engine._QTS_NewFunction(this.#context, address, 0, 0, id);
    this.#engine._free(address);
    return value;
  }

  #call(callee: Pointer, values: readonly Pointer[]): Pointer {
    new Uint32Array(this.#engine.memory.buffer, this.#scratch, values.length).set(values);
    return this.#must(this.#engine._QTS_Call(this.#context, callee, this.#undefined, values.length, this.#scratch));
  }

  #get(object: Pointer, name: string): Pointer {
    return this.#engine._QTS_GetProp(this.#context, object, newText(this.#engine, this.#context, name));
  }

  #set(object: Pointer, name: string, value: Pointer): void {
    this.#engine._QTS_SetProp(this.#context, object, newText(this.#engine, this.#context, name), value);
  }

  #must(value: Pointer): Pointer {
    const thrown = this.#engine._QTS_ResolveException(this.#context, value);
    if (thrown === 0) return value;
    const read = (of: Pointer) => readText(this.#engine, this.#context, of, MESSAGE_BYTES) ?? '';
    throw new Error(`the guest cannot be evaluated: ${read(thrown)}\n${read(this.#get(thrown, 'stack'))}`);
  }
}
