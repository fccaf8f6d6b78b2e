// The hops of one execution: find, plan, decide, ask, record, deliver, record. Nothing is sent before the journal holds it.

import { shownName } from '../../shared/collection/shown-name.ts';
import type { FailureCode } from '../../shared/failure/catalogue.ts';
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { BeginEvent, EndEvent } from '../../shared/journal/event.ts';
import { limits } from '../../shared/limits.ts';
import { decide } from '../../shared/policy/decide.ts';
import type { Decision, Principal } from '../../shared/policy/policy.ts';
import { redactText, redactUrl } from '../../shared/redact/redact-fields.ts';
import type { AgentOverrides } from '../../shared/request/overrides.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import { changedTokenFields } from '../../shared/request/token-request.ts';
import type { Plan, SafeExchange } from '../../shared/stages/stages.ts';
import { displayRendered } from '../../shared/template/render.ts';
import { type Approval, type ApprovalAnswer, askApproval } from './approval.ts';
import type { DeliveryTrail, ExecutionContext } from './ports.ts';
import { type Prepared, prepare } from './prepare.ts';
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
  | { readonly kind: 'ask'; readonly approval: Approval }
  | {
      readonly kind: 'planned';
      readonly plan: Plan;
      readonly decision: Decision;
      readonly handles: readonly string[];
      readonly scripts: number;
    }
  | {
      readonly kind: 'answered';
      readonly exchange: SafeExchange;
      readonly handles: readonly string[];
      readonly scripts: number;
      /** False where the answer could not be recorded; that it was sent always is. */
      readonly recorded: boolean;
      /** Origins whose certificate was not checked, because the configuration says so. */
      readonly unchecked: readonly string[];
    };

/**
 * Executes one saved request: the answer is redacted. An unsafe one comes back as `ask` first, and is sent at a second
 * call whose approval has the same digest. Failures: those of finding and planning, POLICY/*, JOURNAL/NOT_WRITABLE
 * (nothing was sent), and the courier's.
 */
export async function executeRequest(
  input: ExecuteInput,
  context: ExecutionContext,
  call: ExecuteCall,
): Promise<Result<Execution>> {
  const prepared = await prepare({ ...input, caller: call.principal.id }, context);
  if (!prepared.ok) return prepared;
  const { plan, found, environment, safe, reads } = prepared.value;
  const method = namedMethod(plan);
  if (input.readOnly && !reads) return err(failure('REQUEST/NOT_READ_ONLY', { method }));

  const decision = decide({
    policy: context.policy,
    collection: found.collection,
    ...(environment && { environment }),
    method,
    safe,
  });
  const scripts = found.template.scripts.length;
  const handles = usedHandles(plan, context);
  if (input.dryRun) return ok({ kind: 'planned', plan, decision, handles: handles.map(({ name }) => name), scripts });

  const gate = passGate(prepared.value, input, decision, context, call);
  if (!gate.ok) return refuse(gate.failure, begunBy(plan, handles, decision, call), context);
  if (gate.value) return ok({ kind: 'ask', approval: gate.value });
  return send(prepared.value, { input, handles, decision, context, call });
}

/** For sentences: with what makes a method that reads change data here. */
function namedMethod(plan: Plan): string {
  const [field] = changedTokenFields(plan);
  return field === undefined ? plan.method : `${plan.method} with another ${shownName(field)} for its token`;
}

/** Nothing where the request may be sent, an approval to ask for, or the failure that refuses it. */
function passGate(
  prepared: Prepared,
  { overrides }: ExecuteInput,
  decision: Decision,
  context: ExecutionContext,
  { approval: answer }: ExecuteCall,
): Result<Approval | undefined> {
  const { rule, reason, verdict } = decision;
  if (verdict === 'deny') return err(failure('POLICY/DENIED', { rule, reason }));
  if (verdict === 'allow') return ok(undefined);
  const asked = askApproval({ ...prepared, overrides, decision }, context);
  if (answer === undefined || answer.digest !== asked.digest) return ok(asked);
  switch (answer.outcome) {
    case 'approved':
      return ok(undefined);
    case 'declined':
      return err(failure('POLICY/APPROVAL_DECLINED'));
    case 'unavailable':
      return err(failure('POLICY/APPROVAL_REQUIRED', { reason }));
  }
}

function refuse(refusal: Failure, begin: BeginEvent, { journal }: ExecutionContext): Result<never> {
  const written = journal.denied({ ...begin, type: 'denied', failure: refusal.code });
  return err(written.ok ? refusal : written.failure);
}

type Credentials = readonly PlanCredential[];

interface Sending {
  readonly input: ExecuteInput;
  readonly handles: Credentials;
  readonly decision: Decision;
  readonly context: ExecutionContext;
  readonly call: ExecuteCall;
}

async function send({ plan, found }: Prepared, sending: Sending): Promise<Result<Execution>> {
  const { input, handles, decision, context, call } = sending;
  if (call.signal.aborted) return err(failure('NETWORK/CANCELLED'));
  const begin = begunBy(plan, handles, decision, call);
  // The decision was made with a policy that may have been tightened since.
  if (context.isCurrent?.() === false) return refuse(failure('POLICY/CHANGED'), begin, context);
  const begun = context.journal.begin(begin);
  if (!begun.ok) return begun;
  const startedAt = context.now();
  const timeoutMs = Math.min(input.timeoutMs ?? context.policy.limits.timeoutMs, limits.maxTimeoutMs);
  const { responseBytes, redirects } = context.policy.limits;
  const caller = call.principal.id;
  const asked = { timeoutMs, responseBytes, redirects, caller, ...(input.showBytes && { showBytes: true }) };
  const trail = { handles: new Set<string>(), tokensFrom: new Set<string>() };
  const delivered = await deliver(plan, asked, context, { signal: call.signal, trail });
  const travelled = { plan, exchange: delivered.ok ? delivered.value : undefined, trail };
  const all = handlesAfter(handles, travelled, context);
  const later = all.filter((each) => !handles.includes(each)).map(({ id }) => id);
  const ended = context.journal.end({
    ...endedBy(delivered, call.correlationId, context.now() - startedAt),
    ...(later.length > 0 && { handles: later }),
    ...(trail.tokensFrom.size > 0 && { tokensFrom: [...trail.tokensFrom] }),
  });
  if (!delivered.ok) return delivered;
  return ok({
    kind: 'answered',
    exchange: delivered.value,
    handles: all.map(({ name }) => name),
    scripts: found.template.scripts.length,
    recorded: ended.ok,
    unchecked: uncheckedBy(travelled, context),
  });
}

type Limits = Parameters<ExecutionContext['courier']['deliver']>[1];

// A bug behind the courier must not leave an execution without its end in the journal, nor show what was thrown.
async function deliver(
  plan: Plan,
  deliveryLimits: Limits,
  { courier }: ExecutionContext,
  { signal, trail }: { readonly signal: AbortSignal; readonly trail: DeliveryTrail },
): Promise<Result<SafeExchange>> {
  try {
    return await courier.deliver(plan, deliveryLimits, signal, trail);
  } catch {
    return err(failure('INTERNAL/BUG'));
  }
}

function begunBy(
  plan: Plan,
  handles: Credentials,
  decision: Decision,
  { principal, correlationId }: ExecuteCall,
): BeginEvent {
  const event = {
    type: 'begin' as const,
    correlationId,
    principal: principal.id,
    requestId: plan.requestId,
    requestName: shortName(plan.requestName),
    collectionId: plan.collectionId,
    method: shortName(plan.method),
    origin: plan.url.origin,
    path: redactText(redactUrl(displayRendered(plan.url.path)).text).text,
    handles: handles.map(({ id }) => id),
    decision: { ...decision, rule: shortName(decision.rule), reason: shortName(decision.reason) },
  };
  return plan.environmentId === undefined ? event : { ...event, environmentId: plan.environmentId };
}

/** Names come from files, may hold a secret and have any length; the journal is kept for ever. */
function shortName(name: string): string {
  const shown = shownName(name);
  const chars = limits.journalNameChars;
  return shown.length > chars ? `${shown.slice(0, chars - 1).replace(/[\ud800-\udbff]$/, '')}…` : shown;
}

function endedBy(delivered: Result<SafeExchange>, correlationId: string, elapsedMs: number): EndEvent {
  const durationMs = Math.max(0, Math.round(elapsedMs));
  if (!delivered.ok) {
    const code: FailureCode = delivered.failure.code;
    return { type: 'end', correlationId, failure: code, durationMs, responseBytes: 0, redactions: 0, redirects: [] };
  }
  const { status, body, redactions, redirects } = delivered.value;
  return {
    type: 'end',
    correlationId,
    status,
    durationMs,
    responseBytes: body.bytes,
    redactions: redactions.count,
    redirects: redirects.map((hop) => `${hop.status} ${originOf(hop.url)}`),
  };
}

function originOf(url: string): string {
  return parseUrl(url)?.origin ?? 'unknown';
}
