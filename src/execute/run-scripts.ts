// The scripts of one execution: before, on the saved request with the agent's changes; after, on the redacted answer. They see
// references of secrets, never a value, and what they give back is read as other people's text.
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { AgentOverrides } from '../../shared/request/overrides.ts';
import { capturedIn } from '../../shared/script/captured-in.ts';
import { showResponse, showSent } from '../../shared/script/exchange-text.ts';
import type { ScriptJob, ScriptOutcome, ScriptRequest, ScriptResponse } from '../../shared/script/job.ts';
import { createLiveText, type LiveText } from '../../shared/script/live-text.ts';
import { readRequest, showRequest } from '../../shared/script/request-text.ts';
import type { SafeExchange } from '../../shared/stages/stages.ts';
import type { Template } from '../../shared/template/template.ts';
import type { ExecutionContext } from './ports.ts';
import type { Prepared, Scripted, Target } from './prepare.ts';
import { createGathering, type Gathering, thrownBy } from './script-gathering.ts';
import type { ScriptReport } from './script-report.ts';
import { createScriptScope, type ScriptScope, scriptPrecedence } from './script-scope.ts';
import type { ScriptHost } from './script-sends.ts';
import { checkMade } from './script-size.ts';
import { apiOf, countOf, declaredOf, sourcesOf, whyNotRun } from './scripts-of.ts';

export interface ScriptingInput {
  readonly target: Target;
  readonly overrides: AgentOverrides;
  /** Id of the principal. */
  readonly caller: string;
  readonly surroundings: Surroundings;
}

/** What scripts run in. */
export interface Surroundings {
  /** Requests that its scripts may still send. */
  readonly sends: number;
  /** How many scripts wait for this execution. */
  readonly depth: number;
  readonly host: ScriptHost['answer'];
  readonly signal: AbortSignal;
}

export interface Scripting {
  /** Runs the scripts before the request. Failures: SCRIPT/*; then nothing may be sent. */
  before(): Promise<Result<void>>;
  /** What planning takes; undefined where no script has a part in it. */
  scripted(): Scripted | undefined;
  /** Whether the scripts asked for the request not to be sent. */
  skips(): boolean;
  /** Keeps what was written before the request, which is sent now. Failure: SCRIPT/OUTPUT_LIMIT. */
  commit(): Result<void>;
  /** Runs the scripts and assertions after the answer. What goes wrong is in the report. */
  after(prepared: Prepared, exchange: SafeExchange): Promise<void>;
  report(): ScriptReport;
}

export function createScripting(input: ScriptingInput, context: ExecutionContext): Scripting {
  const run = new ScriptRun(input, context);
  return {
    before: () => run.before(),
    scripted: () => run.scripted(),
    skips: () => run.gathering.skips(),
    commit: () => run.scope.commit(),
    after: (prepared, exchange) => run.after(prepared, exchange),
    report: () => run.report(),
  };
}

class ScriptRun {
  readonly scope: ScriptScope;
  readonly gathering: Gathering = createGathering();
  readonly #whyNot: string | undefined;
  readonly #input: ScriptingInput;
  readonly #context: ExecutionContext;
  #carried: Template = [];
  #changed: { readonly template: Scripted['template']; readonly bodyChanged: boolean } | undefined;

  constructor(input: ScriptingInput, context: ExecutionContext) {
    this.#input = input;
    this.#context = context;
    this.#whyNot = whyNotRun(input.target.found.collection, context.policy);
    this.scope = createScriptScope(input.target, input.caller, context.session);
  }

  async before(): Promise<Result<void>> {
    const { target, overrides } = this.#input;
    const { template } = target.found;
    if (this.#whyNot !== undefined || countOf(template) === 0) return ok(undefined);
    const live = this.#newLive();
    const scripts = sourcesOf(template, 'before', live);
    if (scripts.length === 0) return ok(undefined);
    const shown = showRequest(template, live, overrides);
    const ran = await this.#run({ phase: 'before', scripts, assertions: [], request: shown }, live);
    if (!ran.ok) return ran;
    const outcome = ran.value;
    const { clean } = this;
    if (outcome.error) return err(thrownBy(outcome.error, outcome, (text) => clean(live.plain(text))));
    const read = readRequest(outcome.request ?? shown, live, { template, shown, overrides });
    if (!read.ok) return read;
    const fits = checkMade(read.value.template, template);
    if (!fits.ok) return fits;
    this.#changed = read.value;
    return ok(undefined);
  }

  async after(prepared: Prepared, exchange: SafeExchange): Promise<void> {
    const { found, plan, scripted } = prepared;
    if (this.#whyNot !== undefined || countOf(found.template) === 0) return;
    const live = this.#newLive();
    const scripts = sourcesOf(found.template, 'after', live);
    const declared = declaredOf(found.template, live);
    if (scripts.length + declared.assertions.length + declared.answerVariables.length === 0) return;
    const { gathering } = this;
    const response = showResponse(exchange, live, capturedIn(exchange));
    if (!response.ok) return gathering.note(response.failure);
    const { overrides } = this.#input;
    const from = { template: scripted?.template ?? found.template, overrides, api: apiOf(found.collection) };
    const request = showSent(plan, exchange, from, live);
    const ran = await this.#run({ phase: 'after', scripts, ...declared, request, response: response.value }, live);
    if (!ran.ok) return gathering.note(ran.failure);
    const { error, laterErrors = [] } = ran.value;
    const { clean } = this;
    for (const each of error ? [error, ...laterErrors] : []) {
      gathering.note(thrownBy(each, ran.value, (text) => clean(live.plain(text))));
    }
    const kept = this.scope.commit();
    if (!kept.ok) gathering.note(kept.failure);
  }

  scripted(): Scripted | undefined {
    const written = this.scope.written();
    if (!this.#changed && !written) return undefined;
    const { template } = this.#input.target.found;
    return { template, bodyChanged: false, ...this.#changed, ...(written && { written }) };
  }

  report(): ScriptReport {
    const { template, entry } = this.#input.target.found;
    const count = countOf(template);
    const { clean } = this;
    const told = this.gathering.told(clean);
    const unrun = count > 0 && entry.notExecutable === undefined ? this.#whyNot : undefined;
    return {
      ...told,
      count,
      written: this.scope.names().map(({ layer, name }) => ({ layer, name: clean(name) })),
      skipped: this.gathering.skips(),
      problems: unrun === undefined ? told.problems : [unrun, ...told.problems],
    };
  }

  /** Takes out what scripts stored as secrets. */
  get clean(): (text: string) => string {
    return this.#context.scrubSealed(this.scope.sealed());
  }

  /** Another one for each phase: what the server of a request learns of one is nothing in the next. */
  #newLive(): LiveText {
    return createLiveText(nonceOf(this.#context.randomId()));
  }

  async #run(part: JobPart, live: LiveText): Promise<Result<ScriptOutcome>> {
    const { target, overrides, caller } = this.#input;
    const { host, signal, sends, depth } = this.#input.surroundings;
    const { found, environment } = target;
    const large = part.scripts.find(({ source }) => source.length > limits.scriptSourceChars);
    if (large) return err(failure('SCRIPT/TOO_LARGE', { what: `The ${large.label}`, limit: limits.scriptSourceChars }));
    const job: ScriptJob = {
      ...part,
      ...(this.#carried.length > 0 && { carried: live.show(this.#carried) }),
      api: apiOf(found.collection),
      nonce: live.nonce,
      info: {
        requestId: found.entry.id,
        requestName: found.entry.name,
        collectionName: found.collection.name,
        ...(environment && { environmentName: environment.name }),
        folders: found.entry.folders,
        tags: found.entry.tags ?? [],
      },
      variables: this.scope.shown(
        overrides.variables ?? {},
        (name) => this.#context.captured.find(caller, name) !== undefined,
        live,
      ),
      precedence: scriptPrecedence(found.collection),
      sends,
    };
    const timeMs = this.#context.policy.limits.scriptMs;
    const ran = await this.#context.scripts.run(job, {
      timeMs,
      host: (asked, aside) => host(asked, live, aside),
      signal,
      caller,
      depth,
    });
    if (!ran.ok) return ran;
    const taken = this.#take(ran.value, live);
    return taken.ok ? ran : taken;
  }

  #take(outcome: ScriptOutcome, live: LiveText): Result<void> {
    this.gathering.add(outcome, live);
    const { derived, named = [], writes, carried = '' } = outcome;
    live.admit(named);
    const learned = live.learn(derived);
    const taken = this.scope.take(writes, live);
    if (!learned.ok) return learned;
    const left = live.read(carried);
    if (left === undefined) return err(takenApart('what it leaves for the scripts after the answer'));
    this.#carried = left;
    return taken;
  }
}

type JobPart = Pick<ScriptJob, 'phase' | 'scripts' | 'assertions' | 'answerVariables'> & {
  readonly request: ScriptRequest;
  readonly response?: ScriptResponse;
};

function takenApart(place: string): Failure {
  return failure('SCRIPT/SECRET_TAKEN_APART', { place });
}

function nonceOf(randomId: string): string {
  return randomId.replace(/[^a-z0-9]/gi, '').toLowerCase();
}
