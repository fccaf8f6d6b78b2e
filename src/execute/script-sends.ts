// What scripts ask for while they run: requests of their own. Each is an execution like any other, planned, decided, journaled and
// delivered for the same caller, and inherits nothing. All of them count together, and end with the execution that they belong to. One
// that changes data is put to a person as it will be sent, and its script waits for the answer.
import type { FailureCode } from '../../shared/failure/catalogue.ts';
import { describeFailure, type Failure, failure } from '../../shared/failure/failure.ts';
import type { Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { redactFailure } from '../../shared/redact/redact-failure.ts';
import { capturedIn } from '../../shared/script/captured-in.ts';
import { showResponse } from '../../shared/script/exchange-text.ts';
import type { ScriptCall, ScriptReply } from '../../shared/script/job.ts';
import type { LiveText } from '../../shared/script/live-text.ts';
import { isTooMuch, type Question, type Said } from './approval.ts';
import type { Asked } from './approval-digest.ts';
import { callingOf } from './calling.ts';
import type { Countdown } from './countdown.ts';
import { type CurrentCall, createCurrentCall } from './current-call.ts';
import type { ExecuteCall, ExecuteInput, Execution } from './execute-request.ts';
import type { ExecutionContext } from './ports.ts';
import type { Target } from './prepare.ts';
import { createQuestions, type Questions } from './questions.ts';
import { writesOf } from './script-scope.ts';
import { askForSend } from './script-sends-ask.ts';
import { createQueue } from './script-sends-queue.ts';
import { targetOfRun, targetOfSend } from './script-sends-target.ts';

/** What an execution shares with those that its scripts, and the scripts of requests that they run, ask for. */
export interface Family {
  /** Correlation id of the execution whose script asked for this one: that of the call which it is in by then. */
  readonly parent?: () => string;
  readonly depth: number;
  /** Requests that may still be sent, by all of them together. */
  readonly budget: { left: number };
  readonly questions: Questions;
  readonly time: Countdown;
  readonly currentCall: CurrentCall;
  /** Puts what a script sends to a person, and waits. Absent where no script asked for the execution. */
  readonly ask?: AskPerson;
}

type AskPerson = (question: Question, signal: AbortSignal) => Promise<Said>;

/** That of an execution which no script asked for; it is made in the call that begins it. */
export function newFamily(time: Countdown): Family {
  const currentCall = createCurrentCall();
  return { depth: 0, budget: { left: limits.scriptSends }, questions: createQuestions(), time, currentCall };
}

/** What a person, or nobody, said. */
const REFUSALS: ReadonlySet<FailureCode> = new Set([
  'POLICY/APPROVAL_DECLINED',
  'POLICY/APPROVAL_REQUIRED',
  'POLICY/APPROVAL_EXPIRED',
  'POLICY/APPROVALS_FULL',
]);

export interface ScriptHost {
  /** Answers a script; never throws. `aside` is told when that takes as long as a person does. */
  answer(call: ScriptCall, live: LiveText, aside?: () => void): Promise<ScriptReply>;
  /** Why nothing of the execution is sent: what a person said, or that nobody could be asked. */
  refused(): Failure | undefined;
  /** Goes on in another call. */
  move(correlationId: string): void;
  /** Stops what is under way, and waits until it has its end in the journal. */
  stop(): Promise<void>;
}

export interface ScriptHostInput {
  readonly target: Target;
  readonly input: ExecuteInput;
  readonly family: Family;
  readonly execute: (
    target: Target,
    input: ExecuteInput,
    context: ExecutionContext,
    call: ExecuteCall,
    family: Family,
  ) => Promise<Result<Execution>>;
}

/** Makes what answers the scripts of one execution. */
export function createScriptHost(input: ScriptHostInput, context: ExecutionContext, call: ExecuteCall): ScriptHost {
  return new SendingHost(input, context, call);
}

class SendingHost implements ScriptHost {
  readonly #queue = createQueue(limits.scriptSendsAtOnce);
  readonly #underWay = new Set<Promise<ScriptReply>>();
  readonly #input: ScriptHostInput;
  readonly #context: ExecutionContext;
  readonly #call: ExecuteCall;
  readonly #timeoutMs: number;
  #correlationId: string;
  #stopping = new AbortController();
  #refused: Failure | undefined;

  constructor(input: ScriptHostInput, context: ExecutionContext, call: ExecuteCall) {
    this.#input = input;
    this.#context = context;
    this.#call = call;
    this.#correlationId = call.correlationId;
    this.#timeoutMs = Math.min(input.input.timeoutMs ?? context.policy.limits.timeoutMs, limits.maxTimeoutMs);
  }

  refused(): Failure | undefined {
    return this.#refused;
  }

  move(correlationId: string): void {
    this.#correlationId = correlationId;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#underWay);
    this.#stopping = new AbortController();
  }

  answer(call: ScriptCall, live: LiveText, aside: () => void = () => undefined): Promise<ScriptReply> {
    const reply = this.#answer(call, live, aside);
    this.#underWay.add(reply);
    void reply.then(() => this.#underWay.delete(reply));
    return reply;
  }

  async #answer(call: ScriptCall, live: LiveText, aside: () => void): Promise<ScriptReply> {
    const refused = this.#count(call);
    if (refused) return replyOf(refused);
    try {
      const { currentCall } = this.#input.family;
      return await this.#queue.run(() => currentCall.run(() => this.#execute(call, live, aside)));
    } catch {
      return replyOf(failure('INTERNAL/BUG'));
    }
  }

  /** Whatever is tried counts, so that a script cannot go on for ever with what is refused. */
  #count({ kind }: ScriptCall): Failure | undefined {
    const { family, input } = this.#input;
    if (input.dryRun) return failure('SCRIPT/DRY_RUN');
    if (family.budget.left <= 0) return failure('SCRIPT/TOO_MANY_SENDS', { limit: limits.scriptSends });
    family.budget.left -= 1;
    if (kind === 'run' && family.depth >= limits.scriptDepth) {
      return failure('SCRIPT/TOO_DEEP', { limit: limits.scriptDepth });
    }
    return undefined;
  }

  async #execute(call: ScriptCall, live: LiveText, aside: () => void): Promise<ScriptReply> {
    const { target, family } = this.#input;
    const { time } = family;
    const stopping = AbortSignal.any([this.#call.signal, this.#stopping.signal]);
    if (stopping.aborted) return replyOf(failure('NETWORK/CANCELLED'));
    const fromAgent = Object.keys(this.#input.input.overrides.variables ?? {}).length > 0;
    const wanted =
      call.kind === 'send' ? targetOfSend(call, target, { live, fromAgent }) : targetOfRun(call.request, target);
    if (!wanted.ok) return replyOf(wanted.failure);
    const leftMs = Math.min(time.leftMs(), this.#timeoutMs);
    const timeoutMs = Math.min(leftMs, wanted.value.found.template.settings.timeoutMs || leftMs);
    if (timeoutMs <= 0) return replyOf(this.#timedOut());
    const { entry } = wanted.value.found;
    const { readOnly } = this.#input.input;
    const execution = await this.#input.execute(
      wanted.value,
      { requestId: entry.id, overrides: {}, timeoutMs, ...(readOnly && { readOnly }) },
      this.#context,
      {
        principal: this.#call.principal,
        correlationId: this.#context.randomId(),
        signal: AbortSignal.any([stopping, time.signal]),
      },
      { ...family, parent: () => this.#correlationId, depth: family.depth + 1, ask: this.#asking(aside) },
    );
    if (!execution.ok) {
      const isLate = time.signal.aborted && execution.failure.code === 'NETWORK/CANCELLED';
      return this.#failed(isLate ? this.#timedOut() : execution.failure);
    }
    return this.#told(execution.value, wanted.value, live);
  }

  #timedOut(): Failure {
    return failure('NETWORK/TIMEOUT', { origin: 'what its script sent', timeoutMs: this.#timeoutMs });
  }

  #asking(aside: () => void): AskPerson {
    const { target, input, family } = this.#input;
    const { questions } = family;
    const asked: Asked = { ...target, overrides: input.overrides, ...callingOf(this.#call.principal) };
    const put: AskPerson = (sent, signal) => {
      const approval = askForSend(asked, sent.approval, this.#context);
      if (isTooMuch(approval)) return Promise.resolve({ outcome: 'too-much' });
      return questions.ask({ ...sent, approval }, signal);
    };
    const ask = family.ask ?? put;
    return (sent, signal) => {
      if (!questions.areClosed()) aside();
      return ask(sent, signal);
    };
  }

  /** What a person refused, or cannot be asked, ends the whole execution; after its answer only the script is told. */
  #failed(problem: Failure): ScriptReply {
    const isRefused = REFUSALS.has(problem.code);
    // The script goes on to its end, which costs less than a new thread, and whatever it asks for is refused.
    if (isRefused && !this.#input.family.questions.areClosed()) {
      this.#refused ??= problem;
      this.#stopping.abort();
    }
    return replyOf(problem);
  }

  async #told(execution: Execution, target: Target, live: LiveText): Promise<ScriptReply> {
    switch (execution.kind) {
      case 'answered': {
        const response = showResponse(execution.exchange, live, capturedIn(execution.exchange));
        if (!response.ok) return replyOf(response.failure);
        const { session } = this.#context;
        const caller = this.#call.principal.id;
        const writes = writesOf(execution.scripts.written, { target, caller, session }, live);
        return { ok: true, response: response.value, ...(writes.length > 0 && { writes }) };
      }
      case 'ask':
      case 'planned':
      case 'skipped':
        return replyOf(failure('SCRIPT/FAILED', { label: 'request', problem: 'a script of its own skips it' }));
    }
  }
}

function replyOf(problem: Failure): ScriptReply {
  const { code, message } = describeFailure(redactFailure(problem));
  return { ok: false, code, message };
}
