import type { Principal } from '../../shared/policy/policy.ts';
import type { ApprovalAnswer } from '../execute/approval.ts';
import type { PresentedQuestion } from '../tools/present.ts';
import type { ToolCall } from '../tools/toolbox.ts';

/** What a server knows of the calls that it serves beside what the protocol says. */
export interface CallScope {
  readonly principal: Principal;
  /** Aborted when the client goes away, and when the server has waited long enough; absent: the protocol tells. */
  readonly gone?: AbortSignal;
  /** Absent: each call makes its own. */
  readonly correlationId?: string;
  readonly operator?: OperatorApprovals;
}

/** What the toolbox is told of one call. */
export function toolCall(
  { principal, gone, correlationId }: CallScope,
  { mcpReq: { signal } }: { readonly mcpReq: { readonly signal: AbortSignal } },
): ToolCall {
  return {
    principal,
    signal: gone ?? signal,
    ...(correlationId !== undefined && { correlationId }),
  };
}

/** The operator answers where the client cannot ask a person. */
export interface OperatorApprovals {
  /** An answer given earlier that still holds for this very question of this caller; it may be used up by this. */
  standing(principal: Principal, digest: string): ApprovalAnswer | undefined;
  /** Waits for the operator; `expired` where nobody answers in time or the signal aborts. */
  ask(
    question: Pick<PresentedQuestion, 'digest' | 'text'>,
    principal: Principal,
    signal: AbortSignal,
  ): Promise<ApprovalAnswer>;
}
