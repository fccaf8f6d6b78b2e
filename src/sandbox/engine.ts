// QuickJS in WebAssembly. It is given its memory, a clock and what it may call; it has no other import that reaches anything.
import engineLoader from '@jitl/quickjs-wasmfile-release-sync/emscripten-module';
import { limits } from '../../shared/limits.ts';

const PAGE_BYTES = 64 * 1024;

/** Addresses in the engine's memory. */
export type Pointer = number;

/** What the engine calls. None of these may throw: an exception would leave the engine's stack half way. */
export interface EngineHost {
  /** A function of the host was called; gives a value that the engine then owns, or 0 for undefined. */
  call(id: number, argumentCount: number, values: Pointer): Pointer;
  /** Whether what runs is to end now. */
  isOver(): boolean;
  /** Milliseconds since the epoch; the only clock that there is inside. */
  now(): number;
  /** A promise was rejected that nothing handles, or is handled only now. Both values are the engine's own. */
  rejected(promise: bigint, reason: bigint, isHandledNow: boolean): void;
  /** Whether the memory may grow, as far as its limit goes. */
  mayGrow(): boolean;
  /** More memory was asked for than there is. */
  outOfMemory(): void;
}

/** Functions of quickjs-emscripten's interface.c; all that is passed are addresses and numbers. */
interface EngineFunctions {
  _malloc(bytes: number): Pointer;
  _free(address: Pointer): void;
  _QTS_NewRuntime(): Pointer;
  _QTS_NewContext(runtime: Pointer, intrinsics: number): Pointer;
  _QTS_RuntimeSetMaxStackSize(runtime: Pointer, bytes: number): void;
  _QTS_RuntimeEnableInterruptHandler(runtime: Pointer): void;
  _QTS_GetUndefined(): Pointer;
  _QTS_NewFunction(context: Pointer, name: Pointer, length: number, isConstructor: number, id: number): Pointer;
  _QTS_NewObject(context: Pointer): Pointer;
  _QTS_NewString(context: Pointer, text: Pointer): Pointer;
  _QTS_NewFloat64(context: Pointer, value: number): Pointer;
  _QTS_GetFloat64(context: Pointer, value: Pointer): number;
  _QTS_GetString(context: Pointer, value: Pointer): Pointer;
  _QTS_FreeCString(context: Pointer, text: Pointer): void;
  _QTS_GetProp(context: Pointer, value: Pointer, name: Pointer): Pointer;
  _QTS_SetProp(context: Pointer, object: Pointer, name: Pointer, value: Pointer): void;
  _QTS_DupValuePointer(context: Pointer, value: Pointer): Pointer;
  _QTS_FreeValuePointer(context: Pointer, value: Pointer): void;
  _QTS_ArgvGetJSValueConstPointer(values: Pointer, index: number): Pointer;
  _QTS_Eval(context: Pointer, code: Pointer, bytes: number, file: Pointer, isModule: number, flags: number): Pointer;
  _QTS_Call(context: Pointer, callee: Pointer, self: Pointer, count: number, values: Pointer): Pointer;
  _QTS_ResolveException(context: Pointer, value: Pointer): Pointer;
  _QTS_IsJobPending(runtime: Pointer): number;
  _QTS_ExecutePendingJob(runtime: Pointer, most: number, lastContext: Pointer): Pointer;
}

export interface Engine extends EngineFunctions {
  readonly memory: WebAssembly.Memory;
  /** Where the engine's own stack is; the same between any two calls, unless one ended half way. */
  stack(): Pointer;
  /** Where in the table of functions the tracker of rejections is. */
  readonly trackerIndex: number;
}

type Loader = (options: Record<string, unknown>) => Promise<EngineFunctions>;

// Names that the compiler gave to the imports; the probe of the image fails if they are others.
const CLOCK = 'p';
const GROW = 'k';

/** The engine in a memory of `pages` × 64 KiB that can grow up to limits.scriptMemoryBytes. The module is one of `exposeInternals`. */
export async function openEngine(module: WebAssembly.Module, pages: number, host: EngineHost): Promise<Engine> {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: limits.scriptMemoryBytes / PAGE_BYTES });
  let instance: WebAssembly.Instance | undefined;
  const functions = await loadGlue()({
    wasmMemory: memory,
    // Nothing of the process, such as the path of its program, may be found in there.
    thisProgram: 'guest',
    print: () => undefined,
    printErr: () => undefined,
    callbacks: engineCallbacks(host),
    instantiateWasm(imports: WebAssembly.Imports, done: (instance: WebAssembly.Instance) => void) {
      instance = new WebAssembly.Instance(module, withoutWorld(imports, host));
      done(instance);
      return {};
    },
  });
  const { table, stack } = instance?.exports ?? {};
  if (!isTable(table) || !isGlobal(stack)) throw new Error('the module does not show its table and its stack');
  return Object.assign(functions, {
    memory,
    stack: () => stack.value,
    trackerIndex: table.grow(1, rejectionTracker(host)),
  });
}

export function pagesOf(bytes: number): number {
  return Math.ceil(bytes / PAGE_BYTES);
}

function loadGlue(): Loader {
  // Its types are those of CommonJS; what is loaded is the function itself.
  const loader: unknown = engineLoader;
  if (typeof loader !== 'function') throw new Error('the engine has no loader');
  return loader as Loader;
}

function engineCallbacks(host: EngineHost): Readonly<Record<string, (...values: never[]) => unknown>> {
  return {
    callFunction: (_: unknown, _context: Pointer, _self: Pointer, count: number, values: Pointer, id: number) =>
      host.call(id, count, values),
    shouldInterrupt: () => (host.isOver() ? 1 : 0),
    // Functions of the host are part of the image: they come back with it, whatever a script lets go of.
    freeHostRef: () => undefined,
    loadModuleSource: () => 0,
    normalizeModule: () => 0,
  };
}

function withoutWorld(imports: WebAssembly.Imports, host: EngineHost): WebAssembly.Imports {
  const given = imports.a ?? {};
  if (typeof given[CLOCK] !== 'function' || typeof given[GROW] !== 'function') throw new Error('another engine');
  const grow = given[GROW] as (bytes: number) => unknown;
  return {
    a: {
      ...given,
      [CLOCK]: () => host.now(),
      [GROW]: (bytes: number) => {
        const hasGrown = host.mayGrow() && grow(bytes) === true;
        if (!hasGrown) host.outOfMemory();
        return hasGrown;
      },
    },
  };
}

// A function of the type (context, promise, reason, isHandled, opaque), which is imported as "a" and exported as "a": only a function
// that WebAssembly exports can stand in a table.
const TRACKER = Uint8Array.of(
  ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 9, 1, 0x60, 5, 0x7f, 0x7e, 0x7e, 0x7f, 0x7f, 0],
  ...[2, 7, 1, 1, 0x61, 1, 0x61, 0, 0],
  ...[7, 5, 1, 1, 0x61, 0, 0],
);

function rejectionTracker(host: EngineHost): unknown {
  const a = (_context: Pointer, promise: bigint, reason: bigint, isHandled: number) =>
    host.rejected(promise, reason, isHandled !== 0);
  return new WebAssembly.Instance(new WebAssembly.Module(TRACKER), { a: { a } }).exports.a;
}

function isTable(value: unknown): value is WebAssembly.Table {
  return typeof value === 'object' && value !== null && 'grow' in value;
}

function isGlobal(value: unknown): value is WebAssembly.Global {
  return typeof value === 'object' && value !== null && 'value' in value;
}
