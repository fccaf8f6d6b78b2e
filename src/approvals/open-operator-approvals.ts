import { ok, type Result } from '../../shared/failure/result.ts';
import type { Principal } from '../../shared/policy/policy.ts';
import type { State } from '../state/state.ts';
import { makeTrustKey } from '../state/trust-key.ts';
import { createApprovalStore } from './approval-store.ts';
import { type AskableOperator, createOperatorApprovals } from './operator-approvals.ts';

export interface OperatorApprovalParts {
  readonly state: State;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** How long a call waits for the operator, in milliseconds; 0: only answers given earlier count. */
  readonly waitMs: number;
  /** Told of each question that waits from now on. */
  readonly onAsked: (id: string, principal: Principal) => void;
}

/**
 * The approvals of a server over the state of its data folder. The key of trust is made here where there is none: the digests that
 * answers hold for are made with it. Failures: those of State, and of private files.
 */
export function openOperatorApprovals(parts: OperatorApprovalParts): Result<AskableOperator> {
  const { state, now } = parts;
  const opened: Result<void> = state.read(() => ok(undefined));
  const made = opened.ok ? makeTrustKey(state.home) : opened;
  if (!made.ok) return made;
  const mark = () => state.mark();
  return ok(createOperatorApprovals({ ...parts, queue: createApprovalStore(state, now), mark }));
}
