// One run: its scripts one after the other, each with everything that it began, and then the outcome.
import type { ScriptError, ScriptJob, ScriptOutcome, ScriptReply, ScriptSource } from '../../../shared/script/job.ts';
import { createConsole, type ScriptConsole } from './console-lines.ts';
import { createLiveReferences, type LiveReferences } from './live.ts';
import { bounded, describeThrown } from './outcome-text.ts';
import type { Gathered, Guest, Host, Modules, Mutable, Run, RunHooks } from './run.ts';
import { createTests, type TestList } from './tests.ts';
import { createVariables, type VariableStore } from './variables.ts';
import { createWork, type Work } from './work.ts';

type Globals = Record<string, unknown>;

export interface Execution extends Omit<Guest, 'start'> {
  begin(): void;
}

export interface Installation {
  createModules(run: Run): Modules;
  /** Puts the API of the job into the globals. */
  install(run: Run, globals: Globals): void;
}

/** Runs a job; `host.done` is called once. */
export function createExecution(host: Host, job: ScriptJob, installation: Installation): Execution {
  return new JobExecution(host, job, installation);
}

/** A script is the body of an async function of its own: `await` and `return` stand at its top, and its names are its own. */
const ScriptFunction = Object.getPrototypeOf(async () => undefined) as {
  readonly constructor: new (source: string) => () => Promise<unknown>;
};

class JobExecution implements Execution {
  readonly #host: Host;
  readonly #job: ScriptJob;
  readonly #installation: Installation;
  readonly #live: LiveReferences;
  readonly #variables: VariableStore;
  readonly #tests: TestList;
  readonly #printed: ScriptConsole;
  readonly #work: Work;
  readonly #gathered: Gathered = { skip: false, unsupported: [] };
  readonly #hooks: RunHooks[] = [];
  readonly #run: Run;
  readonly #errors: ScriptError[] = [];
  /** Stages of which a script failed. */
  readonly #failed = new Set<ScriptSource['stage']>();
  #current: ScriptSource | undefined;
  #hasReturned = true;
  #begun = 0;
  #isDone = false;

  constructor(host: Host, job: ScriptJob, installation: Installation) {
    this.#host = host;
    this.#job = job;
    this.#installation = installation;
    this.#variables = createVariables(job, host, () => this.#live);
    this.#live = createLiveReferences(job.nonce, (name) => this.#variables.text(name));
    this.#tests = createTests(this.#live.plain);
    this.#printed = createConsole(this.#live.plain);
    this.#work = createWork(
      host,
      (thrown) => this.#fail(thrown),
      () => this.#settle(),
    );
    this.#run = this.#createRun();
  }

  begin(): void {
    this.#guarded(() => {
      const globals: Globals = { ...this.#work.globals, console: this.#printed.api };
      Object.defineProperties(globals, Object.getOwnPropertyDescriptors(this.#run.modules.globals));
      this.#installation.install(this.#run, globals);
      Object.defineProperties(globalThis, describeGlobals(globals));
    });
    if (this.#failed.size === 0) this.#startNext();
    else this.#finish();
  }

  resume(kind: 'reply' | 'timer', id: number, text: string): void {
    this.#work.resume(kind, id, text);
  }

  rejected(reason: unknown): void {
    this.#fail(reason);
  }

  #startNext(): void {
    const { scripts } = this.#job;
    while (this.#failed.has(scripts[this.#begun]?.stage) && this.#begun < scripts.length) this.#begun += 1;
    const script = scripts[this.#begun];
    if (script === undefined) {
      this.#finish();
      return;
    }
    this.#begun += 1;
    this.#current = script;
    this.#hasReturned = false;
    this.#guarded(() => {
      for (const hook of this.#hooks) hook.beforeScript?.(script);
      const returned = (): void => {
        this.#hasReturned = true;
      };
      const ended = new ScriptFunction.constructor(script.source)();
      ended.then(returned, (thrown: unknown) => {
        returned();
        this.#fail(thrown);
      });
    });
    this.#work.watch();
  }

  /** The script and all that it began has ended: nothing is waited for, and no promise has anything to do. */
  #settle(): void {
    if (this.#isDone) return;
    if (!this.#hasReturned) this.#fail(new Error('The script waits for something that never happens'));
    const script = this.#current;
    this.#guarded(() => {
      for (const hook of this.#hooks) if (script) hook.afterScript?.(script);
    });
    this.#startNext();
  }

  #finish(): void {
    if (this.#isDone) return;
    this.#guarded(() => {
      for (const hook of this.#hooks) hook.atEnd?.();
    });
    this.#isDone = true;
    const [error, ...laterErrors] = this.#errors;
    const outcome: ScriptOutcome = {
      tests: this.#tests.results(),
      writes: this.#variables.writes,
      ...(this.#job.phase === 'before' && { request: this.#run.request }),
      ...this.#askedFor(),
      console: this.#printed.lines,
      ...this.#gathered,
      ...(error && { error }),
      ...(laterErrors.length > 0 && { laterErrors }),
    };
    this.#host.done(JSON.stringify(outcome));
  }

  /** The first one of a stage counts. */
  #fail(thrown: unknown): void {
    const stage = this.#current?.stage;
    if (!this.#failed.has(stage)) this.#tell(this.#current?.label ?? '', thrown);
    this.#failed.add(stage);
  }

  #tell(label: string, thrown: unknown): void {
    const { name, message } = describeThrown(thrown);
    this.#errors.push({ name: bounded(this.#live.plain(name)), message: bounded(this.#live.plain(message)), label });
  }

  #askedFor(): Pick<ScriptOutcome, 'derived' | 'named'> {
    const { derived } = this.#live;
    const named = this.#live.named();
    return { derived, ...(named.length > 0 && { named }) };
  }

  async #runSaved(request: string): Promise<ScriptReply> {
    const reply = await this.#work.call({ kind: 'run', request });
    if (reply.ok) this.#variables.take(reply.writes ?? []);
    return reply;
  }

  #guarded(step: () => void): void {
    try {
      step();
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #createRun(): Run {
    const work = this.#work;
    const live = this.#live;
    const gathered = this.#gathered;
    const createModules = (): Modules => this.#installation.createModules(run);
    let modules: Modules | undefined;
    const run: Run = {
      job: this.#job,
      host: this.#host,
      variables: this.#variables,
      live,
      tests: this.#tests,
      request: seenRequest(this.#job, (text) => this.#variables.replaceIn(text)),
      gathered,
      get modules() {
        modules ??= createModules();
        return modules;
      },
      hook: (hooks) => {
        this.#hooks.push(hooks);
      },
      fail: (thrown) => this.#fail(thrown),
      tell: (label, thrown) => this.#tell(label, thrown),
      stop: () => this.#finish(),
      send: (request) => work.call({ kind: 'send', request, ...this.#askedFor() }),
      runSaved: (request) => this.#runSaved(request),
      unsupported(api) {
        if (!gathered.unsupported.includes(api)) gathered.unsupported.push(api);
        throw new Error(`${api} is not supported here`);
      },
    };
    return run;
  }
}

/** After the answer it is the request as it was sent; what was not sent of it has its variables filled in like the rest. */
function seenRequest({ phase, request }: ScriptJob, fill: (text: string) => string): Mutable<ScriptJob['request']> {
  const seen = request as Mutable<ScriptJob['request']>;
  if (phase === 'before') return seen;
  const unsent = seen.headers.filter(({ enabled }) => !enabled);
  for (const field of [...unsent, ...seen.url.pathVariables]) field.value = fill(field.value);
  return seen;
}

/** Scripts may replace what they find, but do not meet it when they look through the global object. */
function describeGlobals(globals: Globals): PropertyDescriptorMap {
  const described = Object.getOwnPropertyDescriptors(globals);
  for (const descriptor of Object.values(described)) descriptor.enumerable = false;
  return described;
}
