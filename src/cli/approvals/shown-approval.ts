// An approval as the commands print it. What was asked is other people's words, but for its lines: shown exactly, set off from ours.
import { type ApprovalState, type StoredApproval, stateOf } from '../../approvals/approval-row.ts';
import { printable, printableBlock } from '../terminal.ts';

const WORDS: Readonly<Record<ApprovalState, string>> = {
  pending: 'waits for an answer',
  once: 'allowed once',
  timed: 'allowed',
  always: 'allowed always',
  denied: 'denied',
  used: 'was allowed and sent',
  revoked: 'was revoked',
  expired: 'was not answered or not used in time',
};

/** Fields in the order in which they are printed; times in ISO 8601. */
export function shownApproval(approval: StoredApproval, now: number): Readonly<Record<string, unknown>> {
  const { id, callerId, callerName, keyId, question, askedAt, endsAt, answeredAt } = approval;
  return {
    id,
    state: stateOf(approval, now),
    caller: { id: callerId, name: callerName, ...(keyId !== undefined && { key_id: keyId }) },
    question,
    asked_at: dateOf(askedAt),
    ...(answeredAt !== undefined && { answered_at: dateOf(answeredAt) }),
    ...(endsAt !== undefined && { ends_at: dateOf(endsAt) }),
  };
}

/** The lines of one for a person; those of the question begin with a bar. */
export function approvalLines(approval: StoredApproval, now: number): readonly string[] {
  const { id, callerId, callerName, keyId, question, endsAt } = approval;
  const state = stateOf(approval, now);
  const when = endsAt === undefined ? '' : `${endsAt > now ? ' until' : ','} ${timeOf(endsAt)}`;
  const key = keyId === undefined ? '' : `, key ${keyId}`;
  return [
    printable(`${id}  ${WORDS[state]}${when}`),
    printable(`  asked ${timeOf(approval.askedAt)} by ${callerName} (${callerId}${key})`),
    ...printableBlock(question)
      .split('\n')
      .map((line) => `  | ${line}`),
  ];
}

function timeOf(at: number): string {
  return `${dateOf(at).slice(0, 19).replace('T', ' ')} UTC`;
}

function dateOf(at: number): string {
  return new Date(at).toISOString();
}
