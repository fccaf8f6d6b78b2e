// The hops of one execution: find, plan, decide, ask, record, deliver, record. Nothing is sent before the journal holds it.

import { shownName } from '../../shared/collection/shown-name.ts';
import type { FailureCode } from '../../shared/failure/catalogue.ts';
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { BeginEvent } from '../../shared/journal/event.ts';
import { decide } from '../../shared/policy/decide.ts';
import { journalDetail } from '../../shared/policy/journal-detail.ts';
import type { Decision, Principal } from '../../shared/policy/policy.ts';
import { type AgentOverrides, judgeVariables } from '../../shared/request/overrides.ts';
import { changedTokenFields } from '../../shared/request/token-request.ts';
import type { Plan, SafeExchange } from '../../shared/stages/stages.ts';
import type { ApprovalAnswer, Question } from './approval.ts';
import { isAbout } from './approval-digest.ts';
import { callingOf } from './calling.ts';
import { deliveryLimits } from './delivery-limits.ts';
import { begunBy, endedBy } from './journal-events.ts';
import { type Passed, passGate } from './pass-gate.ts';
import type { DeliveryLimits, DeliveryTrail, ExecutionContext } from './ports.ts';
import { findTarget, type Prepared, planTarget, type Target } from './prepare.ts';
import { type Running, type Scripts, startRunning, startScripts } from './running.ts';
import type { ScriptReport } from './script-report.ts';
import type { Family } from './script-sends.ts';
import type { PlanCredential } from './secrets-of.ts';
import { handlesAfter, uncheckedBy, usedHandles } from './transport-use.ts';

export interface ExecuteInput {
  /** Id, or unambiguous name. */
  readonly requestId: string;
  readonly environmentId?: string;
  readonly overrides: AgentOverrides;
  readonly timeoutMs?: number;
  /** Give the bytes of an answer that is no text, where they may be given. */
  readonly showBytes?: boolean;
  /** Plan and decide only. */
  readonly dryRun?: boolean;
  /** Refuse whatever may change data with REQUEST/NOT_READ_ONLY. */
  readonly readOnly?: boolean;
}

export interface ExecuteCall {
  readonly principal: Principal;
  readonly correlationId: string;
  readonly signal: AbortSignal;
  /** What came of asking for this very call, at its second pass. */
  readonly approval?: ApprovalAnswer;
}

export type Execution =
  | { readonly kind: 'ask'; readonly question: Question }
  | {
      readonly kind: 'planned';
      readonly plan: Plan;
      readonly decision: Decision;
      readonly handles: readonly string[];
      readonly scripts: ScriptReport;
    }
  /** A script before the request took it back; nothing was sent. */
  | { readonly kind: 'skipped'; readonly plan: Plan; readonly scripts: ScriptReport }
  | {
      readonly kind: 'answered';
      readonly exchange: SafeExchange;
      readonly handles: readonly string[];
      readonly scripts: ScriptReport;
      /** False where the answer could not be recorded; that it was sent always is. */
      readonly recorded: boolean;
      /** Origins whose certificate was not checked, because the configuration says so. */
      readonly unchecked: readonly string[];
    };

/**
 * Executes one saved request: the answer is redacted. Where a person has to be asked it comes back as `ask`, with nothing sent that was
 * not approved, and goes on at the next call, whose approval has the same digest. Failures: INPUT/INVALID, those of finding and planning,
 * SCRIPT/* of what runs before, POLICY/*, JOURNAL/NOT_WRITABLE (nothing was sent), and the courier's.
 */
export async function executeRequest(
  input: ExecuteInput,
  context: ExecutionContext,
  call: ExecuteCall,
): Promise<Result<Execution>> {
  const judged = judgeVariables(input.overrides.variables, call.principal.claims);
  if (!judged.ok) return judged;
  const target = findTarget(input, context);
  if (!target.ok) return target;
  const kept = takeKept(target.value, { input, context, call });
  kept?.follow(call);
  const running = kept ?? startRunning({ target: target.value, input, execute: executeFound }, context, call);
  let isKept = false;
  try {
    const question = await running.question();
    const execution = question
      ? ok({ kind: 'ask' as const, question })
      : await executeStarted(target.value, { ...running, input, context, call });
    if (execution.ok && execution.value.kind === 'ask') {
      isKept = true;
      running.leave();
      context.kept.keep(call.principal.id, execution.value.question.approval.digest, running);
    }
    return execution;
  } finally {
    if (!isKept) await running.end();
  }
}

/** The same for a request that the script of another one sends. */
async function executeFound(
  target: Target,
  input: ExecuteInput,
  context: ExecutionContext,
  call: ExecuteCall,
  family: Family,
): Promise<Result<Execution>> {
  const scripts = startScripts({ target, input, family, execute: executeFound }, context, call);
  try {
    return await executeStarted(target, { ...scripts, input, context, call });
  } finally {
    // What a script did not wait for ends with it.
    await scripts.host.stop();
  }
}

async function executeStarted(target: Target, executing: Executing): Promise<Result<Execution>> {
  const { input, context, call, host, scripting } = executing;
  const before = await executing.before;
  const refused = host.refused();
  if (refused) return err(refused);
  if (!before.ok) return before;
  const scripted = scripting.scripted();
  const { overrides } = input;
  const asked = { overrides, ...callingOf(call.principal), ...(scripted && { scripted }) };
  const prepared = await planTarget(target, asked, context);
  if (!prepared.ok) return prepared;
  return executePrepared(prepared.value, executing);
}

interface Called {
  readonly input: ExecuteInput;
  readonly context: ExecutionContext;
  readonly call: ExecuteCall;
}

interface Executing extends Called, Scripts {}

/** The execution of this very request in which a person was asked. */
function takeKept(target: Target, { input, context, call }: Called): Running | undefined {
  if (!call.approval) return undefined;
  const { digest } = call.approval;
  const kept = context.kept.take(call.principal.id, digest);
  if (!kept) return undefined;
  const asked = { ...target, overrides: input.overrides, ...callingOf(call.principal) };
  if (kept.isFor(input, context) && isAbout(digest, asked, context)) return kept;
  void kept.end();
  return undefined;
}

async function executePrepared(prepared: Prepared, executing: Executing): Promise<Result<Execution>> {
  const { input, context, call, scripting } = executing;
  const { plan, found, environment, safe, reads } = prepared;
  const method = namedMethod(plan);
  if (input.readOnly && !reads) return err(failure('REQUEST/NOT_READ_ONLY', { method }));
  const { collection } = found;
  const decision = decide({ policy: context.policy, collection, ...(environment && { environment }), method, safe });
  const handles = usedHandles(plan, context);
  const names = handles.map(({ name }) => name);
  if (input.dryRun) return ok({ kind: 'planned', plan, decision, handles: names, scripts: scripting.report() });
  if (scripting.skips()) return ok({ kind: 'skipped', plan, scripts: scripting.report() });
  const note = (passed: Passed) =>
    noteAsked(beginOf(prepared, handles, decision, { ...executing, ...passed }), executing);
  const gate = await passGate(prepared, decision, { ...executing, note });
  if (gate.kind === 'refused') {
    const refusal = call.signal.aborted ? failure('NETWORK/CANCELLED') : gate.failure;
    return refuse(refusal, beginOf(prepared, handles, decision, { ...executing, ...gate }), context);
  }
  if (gate.kind === 'ask') {
    await executing.host.stop();
    return ok(gate);
  }
  // It may be another call by now than the one that the question was asked in.
  return executing.family.currentCall.run(() => send(prepared, { ...executing, ...gate, handles, decision }));
}

/** For sentences: with what makes a method that reads change data here. */
function namedMethod(plan: Plan): string {
  const [field] = changedTokenFields(plan);
  return field === undefined ? plan.method : `${plan.method} with another ${shownName(field)} for its token`;
}

function beginOf(prepared: Prepared, handles: Credentials, decision: Decision, made: Executing & Passed): BeginEvent {
  const { call, context, family, approvedBy, askedIn, askedInVain } = made;
  const parent = family.parent?.();
  return begunBy(prepared.plan, handles, decision, {
    ...call,
    detail: journalDetail(context.policy, prepared.found.collection),
    ...(parent !== undefined && { parent }),
    ...(approvedBy && { approvedBy }),
    ...(askedIn !== undefined && { askedIn }),
    ...(askedInVain && { askedInVain }),
  });
}

function refuse(refusal: Failure, begin: BeginEvent, { journal }: ExecutionContext): Result<never> {
  const written = journal.denied({ ...begin, type: 'denied', failure: refusal.code });
  return err(written.ok ? refusal : written.failure);
}

/** What an auditor finds of a question that is never answered; a killed process takes nothing of it along. */
function noteAsked(begin: BeginEvent, { context, family }: Called & Pick<Scripts, 'family'>): Result<string> {
  const failed: FailureCode = 'POLICY/APPROVAL_REQUIRED';
  // What a script sends goes on under the id that it has.
  const correlationId = family.ask ? context.randomId() : begin.correlationId;
  const written = context.journal.denied({ ...begin, correlationId, type: 'denied', failure: failed, asked: 'client' });
  return written.ok ? ok(correlationId) : written;
}

type Credentials = readonly PlanCredential[];

interface Sending extends Executing, Passed {
  readonly handles: Credentials;
  readonly decision: Decision;
}

async function send(prepared: Prepared, sending: Sending): Promise<Result<Execution>> {
  const { plan } = prepared;
  const { input, handles, decision, context, call, scripting, family } = sending;
  const begin = beginOf(prepared, handles, decision, sending);
  if (call.signal.aborted) {
    const cancelled = failure('NETWORK/CANCELLED');
    // The answer may be used up by this.
    return sending.approvedBy ? refuse(cancelled, begin, context) : err(cancelled);
  }
  const kept = scripting.commit();
  if (!kept.ok) return kept;
  // The decision was made with a policy that may have been tightened since.
  if (context.isCurrent?.() === false) return refuse(failure('POLICY/CHANGED'), begin, context);
  const begun = context.journal.begin(begin);
  if (!begun.ok) return begun;
  const startedAt = context.now();
  const trail = { handles: new Set<string>(), tokensFrom: new Set<string>() };
  const delivered = await deliver(plan, deliveryLimits(input, context, call), context, { signal: call.signal, trail });
  const travelled = { plan, exchange: delivered.ok ? delivered.value : undefined, trail };
  const all = handlesAfter(handles, travelled, context);
  const later = all.filter((each) => !handles.includes(each)).map(({ id }) => id);
  const ended = context.journal.end({
    ...endedBy(delivered, call.correlationId, context.now() - startedAt),
    ...(later.length > 0 && { handles: later }),
    ...(trail.tokensFrom.size > 0 && { tokensFrom: [...trail.tokensFrom] }),
  });
  if (!delivered.ok) return delivered;
  // From here on a person cannot be asked any more: the second pass would send the request once again.
  if (!family.ask) family.questions.close();
  await scripting.after(prepared, delivered.value);
  return ok({
    kind: 'answered',
    exchange: delivered.value,
    handles: all.map(({ name }) => name),
    scripts: scripting.report(),
    recorded: ended.ok,
    unchecked: uncheckedBy(travelled, context),
  });
}

// A bug behind the courier must not leave an execution without its end in the journal, nor show what was thrown.
async function deliver(
  plan: Plan,
  limits: DeliveryLimits,
  { courier }: ExecutionContext,
  { signal, trail }: { readonly signal: AbortSignal; readonly trail: DeliveryTrail },
): Promise<Result<SafeExchange>> {
  try {
    return await courier.deliver(plan, limits, signal, trail);
  } catch {
    return err(failure('INTERNAL/BUG'));
  }
}
