// Whether a request may be sent: by the policy, or by what a person says.
import { type Failure, failure } from '../../shared/failure/failure.ts';
import type { BeginEvent } from '../../shared/journal/event.ts';
import type { Decision } from '../../shared/policy/policy.ts';
import { askApproval, isTooMuch, type Question, type Said } from './approval.ts';
import { callingOf } from './calling.ts';
import type { ExecuteCall, ExecuteInput } from './execute-request.ts';
import type { ExecutionContext } from './ports.ts';
import type { Prepared } from './prepare.ts';
import { refusedBy } from './refused-by.ts';
import type { Family } from './script-sends.ts';

/** What the journal is told of the answer; all absent: nobody had to be asked. */
export interface Passed {
  readonly approvedBy?: NonNullable<BeginEvent['approvedBy']>;
  readonly askedIn?: string;
  readonly askedInVain?: true;
}

/** It passes, or is refused, or is still to be put to a person. */
export type Gate =
  | (Passed & { readonly kind: 'passed' })
  | (Passed & { readonly kind: 'refused'; readonly failure: Failure })
  | { readonly kind: 'ask'; readonly question: Question };

export interface AtGate {
  readonly input: ExecuteInput;
  readonly context: ExecutionContext;
  readonly call: ExecuteCall;
  readonly family: Family;
  readonly note: (passed: Passed) => ReturnType<Question['note']>;
}

export async function passGate(prepared: Prepared, decision: Decision, at: AtGate): Promise<Gate> {
  const { input, context, call, family, note } = at;
  const { rule, reason, verdict } = decision;
  // What a script sends tells nothing of an answer that something later may be waiting for.
  const unasked = family.ask ? {} : answeredInVain(family);
  if (verdict === 'deny') return { kind: 'refused', failure: failure('POLICY/DENIED', { rule, reason }), ...unasked };
  if (verdict === 'allow') return { kind: 'passed', ...unasked };
  const asked = { ...prepared, overrides: input.overrides, decision, ...callingOf(call.principal) };
  const approval = askApproval(asked, context);
  const question = { approval, note: () => note(answeredInVain(family)) };
  const said = await saidTo(question, at);
  if (!said) return { kind: 'ask', question };
  const answered = said.askedIn === undefined ? unasked : { askedIn: said.askedIn };
  const refusal = refusedBy(said, reason);
  if (refusal) return { kind: 'refused', failure: refusal, ...answered };
  // What a secret is may have changed while a person was asked.
  const isSame = askApproval(asked, context).digest === approval.digest;
  return isSame ? { kind: 'passed', approvedBy: said.by ?? 'client', ...answered } : passGate(prepared, decision, at);
}

/** Where an answer came along that was to something else. */
function answeredInVain({ questions }: Family): Passed {
  const askedIn = questions.inVain();
  return askedIn === undefined ? {} : { askedIn, askedInVain: true };
}

/** Undefined where it is still to be put to a person. */
async function saidTo(question: Question, { call, family }: AtGate): Promise<Said | undefined> {
  if (isTooMuch(question.approval)) return { outcome: 'too-much' };
  return family.ask ? family.ask(question, call.signal) : family.questions.said(question.approval.digest);
}
