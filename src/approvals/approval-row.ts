// One question to the operator and its answer, as the database holds it. A mac over every column vouches for it with the key outside
// of the database: whoever can write only the database can neither answer a question nor change what was asked.
import { limits } from '../../shared/limits.ts';
import { columnList, lossyTextIn } from '../state/columns.ts';
import type { Row, Sql } from '../state/state.ts';
import type { TrustMac } from '../state/trust-key.ts';

/** `pending`: none yet; `once`, `timed`, `always`: allowed; `used`: was `once`; `revoked`: the operator took an answer back. */
export type Answer = 'pending' | 'once' | 'timed' | 'always' | 'denied' | 'used' | 'revoked';

export interface StoredApproval {
  readonly id: string;
  readonly callerId: string;
  /** As the caller calls itself, or as the operator called its key. */
  readonly callerName: string;
  readonly keyId?: string;
  /** Binds the answer to exactly what was asked. */
  readonly digest: string;
  /** As it was put, redacted. */
  readonly question: string;
  /** In milliseconds since the epoch, as all times here. */
  readonly askedAt: number;
  /** When the question, the answer or its use ends or ended; absent: never. */
  readonly endsAt?: number;
  readonly answer: Answer;
  readonly answeredAt?: number;
}

export type ApprovalState = Answer | 'expired';

/** What has become of it. An answer that nobody used in its time is `expired`. */
export function stateOf(approval: StoredApproval, now: number): ApprovalState {
  const { answer } = approval;
  const isOver = answer === 'used' || answer === 'revoked' || answer === 'denied';
  return isOver || isLive(approval, now) ? answer : 'expired';
}

/** Whether it may still be answered, or its answer holds. With a clock from before it was made, nobody can tell: it does not. */
export function isLive({ answer, askedAt, answeredAt, endsAt }: StoredApproval, now: number): boolean {
  if (answer === 'used' || answer === 'revoked') return false;
  if (endsAt === undefined) return answer === 'always';
  return now < endsAt && now >= (answeredAt ?? askedAt) - limits.clockStepBackMs;
}

const COLUMNS = {
  id: 'text',
  caller_id: 'text',
  caller_name: 'text',
  key_id: 'text',
  digest: 'text',
  question: 'text',
  asked_at: 'integer',
  ends_at: 'integer',
  answer: 'text',
  answered_at: 'integer',
  mac: 'text',
} as const;

export const SELECT = `SELECT ${columnList(COLUMNS)} FROM approval`;

const INSERT = `INSERT INTO approval (id, caller_id, caller_name, key_id, digest, question, asked_at, ends_at, answer, answered_at, mac)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

const UPDATE = 'UPDATE approval SET ends_at = ?, answer = ?, answered_at = ?, mac = ? WHERE id = ?';

/** Gives whether it was added: not where there is one of this id. */
export function insert(sql: Sql, approval: StoredApproval, mac: TrustMac): boolean {
  if (sql.one('SELECT 1 FROM approval WHERE id = ?', approval.id)) return false;
  const { id, callerId, callerName, keyId, digest, question, askedAt, endsAt, answer, answeredAt } = approval;
  const asked = [id, callerId, callerName, keyId ?? null, digest, question, askedAt] as const;
  sql.run(INSERT, ...asked, endsAt ?? null, answer, answeredAt ?? null, mac(vouched(approval)));
  return true;
}

/** Writes what may change of it: its answer and its times. */
export function update(sql: Sql, approval: StoredApproval, mac: TrustMac): void {
  const { id, endsAt, answer, answeredAt } = approval;
  sql.run(UPDATE, endsAt ?? null, answer, answeredAt ?? null, mac(vouched(approval)), id);
}

/** Undefined where the row is not as this product wrote it. */
export function verified(row: Row, mac: TrustMac | 'missing'): StoredApproval | undefined {
  const approval = approvalOf(row);
  return mac !== 'missing' && mac(vouched(approval)) === lossyTextIn(row, 'mac') ? approval : undefined;
}

/** What the proof covers, unambiguous whatever the columns hold. */
function vouched(approval: StoredApproval): string {
  const { id, callerId, callerName, keyId, digest, question, askedAt, endsAt, answer, answeredAt } = approval;
  const times = [askedAt, endsAt, answeredAt].map((at) => (at === undefined ? null : String(at)));
  return JSON.stringify([
    'keyward approval 1',
    id,
    callerId,
    callerName,
    keyId ?? null,
    digest,
    question,
    answer,
    times,
  ]);
}

/** What is no UTF-8 is replaced here: the proof finds it, and one damaged row does not hide the others. */
function approvalOf(row: Row): StoredApproval {
  const [keyId, endsAt, answeredAt] = [row.key_id, row.ends_at, row.answered_at];
  return {
    id: lossyTextIn(row, 'id'),
    callerId: lossyTextIn(row, 'caller_id'),
    callerName: lossyTextIn(row, 'caller_name'),
    ...(keyId !== null && { keyId: lossyTextIn(row, 'key_id') }),
    digest: lossyTextIn(row, 'digest'),
    question: lossyTextIn(row, 'question'),
    askedAt: Number(row.asked_at),
    ...(endsAt !== null && { endsAt: Number(endsAt) }),
    // One that is no answer is not vouched for.
    answer: lossyTextIn(row, 'answer') as Answer,
    ...(answeredAt !== null && { answeredAt: Number(answeredAt) }),
  };
}
