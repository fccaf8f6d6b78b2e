// Two connections to one data folder, as a server and the operator's command have them, under a clock that the test sets.
import { limits } from '../../../shared/limits.ts';
import type { Principal } from '../../../shared/policy/policy.ts';
import { type AskedQuestion, createApprovalStore } from '../../../src/approvals/approval-store.ts';
import { createOperatorApprovals, type OperatorApprovalsOptions } from '../../../src/approvals/operator-approvals.ts';
import { must, temporaryHome, temporaryState } from '../state/temporary-home.ts';

export const START = Date.parse('2031-03-01T12:00:00Z');
export const WAIT_MS = 300_000;
export const HOUR_MS = 3_600_000;

export const ANN: Principal = { id: 'key:ann', kind: 'http', about: { name: 'ann', keyId: 'K1' } };
export const BOB: Principal = { id: 'key:bob', kind: 'http', about: { name: 'bob', keyId: 'K2' } };

export function createDesk(home = temporaryHome()) {
  const clock = { now: START };
  const now = () => clock.now;
  const open = () => createApprovalStore(temporaryState(home), now);
  const desk = open();
  return {
    home,
    clock,
    now,
    open,
    /** Of the server. */
    queue: open(),
    /** Of the operator. */
    desk,
    /** The ids of what waits. */
    pending() {
      const { approvals } = must(desk.list());
      return approvals
        .filter(({ answer, endsAt = 0 }) => answer === 'pending' && endsAt > clock.now)
        .map(({ id }) => id);
    },
  };
}

export function question(change: Partial<AskedQuestion> = {}): AskedQuestion {
  const said = { digest: 'sent:a:b', question: 'POST /items' };
  return { callerId: ANN.id, callerName: 'ann', keyId: 'K1', ...said, waitMs: WAIT_MS, ...change };
}

/** A server's side of waiting, whose looks at the database the test makes. */
export function createWaiting(of: ReturnType<typeof createDesk>, change: Partial<OperatorApprovalsOptions> = {}) {
  const state = temporaryState(of.home);
  const looks = new Set<() => void>();
  const asked: string[] = [];
  const operator = createOperatorApprovals({
    queue: createApprovalStore(state, of.now),
    mark: () => state.mark(),
    waitMs: WAIT_MS,
    now: of.now,
    onAsked: (id) => asked.push(id),
    pulse(look) {
      looks.add(look);
      return () => looks.delete(look);
    },
    ...change,
  });
  return {
    operator,
    asked,
    looks,
    /** One look, and what it leads to. */
    async look() {
      for (const look of looks) look();
      await new Promise((done) => setImmediate(done));
    },
  };
}

export const ONCE_MS = limits.approvalMs;
