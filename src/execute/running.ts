// One execution that an agent asked for, over all the calls that it takes: a question to a person ends a call, what asked stays where it
// is, and the call with the answer goes on there.
import { ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { decide } from '../../shared/policy/decide.ts';
import type { Question } from './approval.ts';
import { createCountdown } from './countdown.ts';
import type { ExecuteCall, ExecuteInput } from './execute-request.ts';
import type { ExecutionContext } from './ports.ts';
import type { Target } from './prepare.ts';
import { createScripting, type Scripting } from './run-scripts.ts';
import { createScriptHost, type Family, newFamily, type ScriptHost, type ScriptHostInput } from './script-sends.ts';

export interface Scripts {
  readonly host: ScriptHost;
  readonly scripting: Scripting;
  /** Those before the request, which have begun. */
  readonly before: Promise<Result<void>>;
  readonly family: Family;
}

export interface Running extends Scripts {
  /** Goes on with a call, and with the answer that it carries. */
  follow(call: ExecuteCall): void;
  /** Undefined once the scripts before the request are done, or a question to put first. */
  question(): Promise<Question | undefined>;
  /** The call is over; its execution is not. */
  leave(): void;
  end(): Promise<void>;
  isScriptWaiting(): boolean;
  /** Whether it goes on in a call that takes these, under the policy as it is now. */
  isFor(input: ExecuteInput, context: ExecutionContext): boolean;
}

type Execute = ScriptHostInput['execute'];

/** Begins the scripts of one request. */
export function startScripts(
  { target, input, family, execute }: ScriptHostInput,
  context: ExecutionContext,
  call: ExecuteCall,
): Scripts {
  const host = createScriptHost({ target, input, family, execute }, context, call);
  const { budget, depth } = family;
  const surroundings = { sends: budget.left, depth, host: host.answer.bind(host), signal: call.signal };
  const { overrides } = input;
  const scripting = createScripting({ target, overrides, caller: call.principal.id, surroundings }, context);
  const before = mayRun(target, context) ? scripting.before() : Promise.resolve(ok(undefined));
  return { host, scripting, before, family };
}

/** A caller who may not send a request runs none of its scripts either. */
function mayRun({ found, environment }: Target, { policy }: ExecutionContext): boolean {
  const { collection } = found;
  const asked = { policy, collection, ...(environment && { environment }), method: 'GET', safe: true };
  return decide(asked).verdict !== 'deny';
}

/** Begins an execution. */
export function startRunning(
  { target, input, execute }: { readonly target: Target; readonly input: ExecuteInput; readonly execute: Execute },
  context: ExecutionContext,
  call: ExecuteCall,
): Running {
  const timeMs = Math.min(input.timeoutMs ?? context.policy.limits.timeoutMs, limits.maxTimeoutMs);
  const family = newFamily(createCountdown(timeMs, context.now));
  const { signal, follow, leave, stop } = createFollower(family);
  follow(call);
  const scripts = startScripts({ target, input, family, execute }, context, { ...call, signal });
  let isScriptWaiting = true;
  const done = (): void => {
    isScriptWaiting = false;
  };
  // It may end while no call is there to see how.
  scripts.before.then(done, done);
  return {
    ...scripts,
    follow(next) {
      scripts.host.move(next.correlationId);
      family.currentCall.move();
      follow(next);
    },
    question: () => Promise.race([scripts.before.then(() => undefined), family.questions.next()]),
    leave,
    async end() {
      leave();
      stop();
      family.questions.close();
      await scripts.host.stop();
    },
    isScriptWaiting: () => isScriptWaiting,
    isFor: ({ dryRun, readOnly }, { policy }) =>
      policy === context.policy && dryRun === input.dryRun && readOnly === input.readOnly,
  };
}

/** An execution ends with the call that it is in, and not with one that it has left. */
function createFollower({ questions, time }: Family) {
  const stopping = new AbortController();
  const stop = (): void => stopping.abort();
  let current: AbortSignal | undefined;
  return {
    signal: stopping.signal,
    stop,
    follow({ approval, signal }: ExecuteCall): void {
      if (approval) questions.answer(approval);
      current = signal;
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop);
      time.go();
    },
    leave(): void {
      current?.removeEventListener('abort', stop);
      time.pause();
    },
  };
}
