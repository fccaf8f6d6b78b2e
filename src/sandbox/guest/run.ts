// What one run of scripts has: its job, its host, and what it gathers. The APIs (pm, bru, insomnia) are made over this and nothing else.
// This folder is the guest: it runs inside the sandbox, where there is no Node, no network, no file and no secret.
import type { DerivedOperation } from '../../../shared/script/derived.ts';
import type {
  ReadableLayer,
  ScriptJob,
  ScriptOutcome,
  ScriptReply,
  ScriptRequest,
  ScriptSource,
  ScriptWrite,
  WritableLayer,
} from '../../../shared/script/job.ts';

/** What the machine gives the guest. Texts only. */
export interface Host {
  /** Asks the host for something; its answer comes back through `resume('reply', id, text)`. */
  call(text: string): number;
  /** Wakes the guest after so many milliseconds through `resume('timer', id, '')`; after 0 as soon as all pending jobs have run. */
  timer(id: number, ms: number): void;
  clearTimer(id: number): void;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  /** Value of a dynamic variable such as `$guid`; undefined where there is none of the name. */
  dynamic(name: string): string | undefined;
  /** The outcome, as JSON; the run is over. */
  done(text: string): void;
}

/** What the machine calls in the guest, each time followed by all pending jobs. */
export interface Guest {
  /** Begins a run: the text is a ScriptJob. */
  start(jobText: string): void;
  resume(kind: 'reply' | 'timer', id: number, text: string): void;
  /** Of a promise that was rejected and that nothing has handled when all jobs had run: its reason. */
  rejected(reason: unknown): void;
}

export interface Run {
  readonly job: ScriptJob;
  readonly host: Host;
  readonly variables: Variables;
  readonly live: GuestLive;
  readonly tests: Tests;
  /** The request that scripts see and, before it is sent, change. APIs show it in their own shapes over this one object. */
  readonly request: MutableRequest;
  readonly gathered: Gathered;
  /** All libraries that scripts may require. */
  readonly modules: Modules;
  /** Called around the scripts; what they throw is an error of the run. */
  hook(hooks: RunHooks): void;
  /** An error that no script caught: it stops the scripts of its stage that follow. */
  fail(error: unknown): void;
  /** An error of what is no script, and stops none. */
  tell(label: string, error: unknown): void;
  /** Ends the run now; what the script does after it counts for nothing. */
  stop(): void;
  /** Through the whole pipeline of the host; inherits nothing. */
  send(request: ScriptRequest): Promise<ScriptReply>;
  runSaved(name: string): Promise<ScriptReply>;
  /** Notes an API that there is not, and throws an Error that says so. */
  unsupported(api: string): never;
}

export interface RunHooks {
  readonly beforeScript?: (script: ScriptSource) => void;
  /** When the script and everything that it began has ended. */
  readonly afterScript?: (script: ScriptSource) => void;
  /** Once, before the outcome is made. */
  readonly atEnd?: () => void;
}

export interface Modules {
  /** Throws an Error where there is no module of the name. */
  readonly require: (name: string) => unknown;
  readonly globals: Readonly<Record<string, unknown>>;
}

export type Mutable<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? Mutable<Item>[]
    : { -readonly [Key in keyof T]: Mutable<T[Key]> };

export type MutableRequest = Mutable<ScriptRequest>;
/** What becomes of the outcome beside tests, writes and derived values. */
export type Gathered = Mutable<Pick<ScriptOutcome, 'next' | 'skip' | 'visualizer' | 'unsupported' | 'carried'>>;

export interface Variables {
  /** Undefined where the layer has none of that name. What a script stored that was no string comes back as it was. */
  get(layer: ReadableLayer, name: string): unknown;
  /** The strongest of all layers. */
  find(name: string): unknown;
  has(layer: ReadableLayer, name: string): boolean;
  /** Any value; what is no string is kept with its JSON. Undefined is kept as the empty string. */
  set(layer: WritableLayer, name: string, value: unknown): void;
  unset(layer: WritableLayer, name: string): void;
  clear(layer: WritableLayer): void;
  /** What other scripts wrote meanwhile, as if it were written now. */
  take(writes: readonly ScriptWrite[]): void;
  all(layer: ReadableLayer): Readonly<Record<string, unknown>>;
  /** The text with its live references, and theirs, replaced; secrets stay references. What nobody has stays as it is. */
  replaceIn(text: string): string;
}

export interface GuestLive {
  /** Whether the reference of a secret stands in a text, by itself or behind a variable. */
  holdsSecret(text: string): boolean;
  /** The reference of what the signer is to compute. `encode` to Base64 gives a text that may be made URL-safe or unpadded. */
  derive(operation: DerivedOperation, inputs: readonly string[]): string;
  /**
   * A live reference to a variable, or to `vault:NAME`. The name can hold no braces. `of`: the name of the reference that it was read
   * out of, which it is worth no more than.
   */
  reference(name: string, of?: string): string;
  /** For computing on a text that holds no secret: without the marks of live references. */
  plain(text: string): string;
}

export interface Tests {
  /** Runs a test now; one that gives a promise is awaited before the outcome is given. */
  test(name: string, body: () => unknown): void;
  skip(name: string): void;
  /** For `tests['name'] = true` and for assertions. */
  record(name: string, passed: boolean, message?: string): void;
}
