// What the operator was asked and what the operator answered. An answer holds for the same question of the same caller and nothing
// else. No tool and no caller reaches what answers: the commands of the operator alone do.

import { randomInt } from 'node:crypto';
import { approvalLimits } from '../../shared/approval-limits.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { Sql, State } from '../state/state.ts';
import { makeTrustKey, readTrustMac, type TrustMac } from '../state/trust-key.ts';
import { insert, isLive, SELECT, type StoredApproval, stateOf, update, verified } from './approval-row.ts';

export interface AskedQuestion {
  /** Id of the principal. */
  readonly callerId: string;
  readonly callerName: string;
  readonly keyId?: string;
  readonly digest: string;
  /** Redacted. */
  readonly question: string;
  /** How long it waits at the least, in milliseconds. */
  readonly waitMs: number;
}

/** An answer that holds. `standing`: for more than the one call that it was asked for. */
export interface GivenAnswer {
  readonly kind: 'given';
  readonly outcome: 'approved' | 'declined';
  readonly by: 'operator' | 'standing';
}

/** `crowded`: too many wait already, and this one does not. */
export type Put = GivenAnswer | { readonly kind: 'waits'; readonly id: string } | { readonly kind: 'crowded' };

/** `until` is in milliseconds since the epoch. */
export type OperatorAnswer =
  | { readonly kind: 'once' | 'always' | 'denied' }
  | { readonly kind: 'timed'; readonly until: number };

export interface ListedApprovals {
  /** Oldest first. */
  readonly approvals: readonly StoredApproval[];
  /** Rows that were not written by this product: they count for nothing. */
  readonly unverified: number;
}

/** What calls need. Failures of every method: those of State, and of private files. */
export interface ApprovalQueue {
  /** The answer that holds for this question of this caller; one for a single call is used up by that. */
  take(callerId: string, digest: string): Result<GivenAnswer | undefined>;
  /** The same, or the question waits; one that waits already is not put twice. */
  ask(asked: AskedQuestion): Result<Put>;
  /** Whether the question still waits as it did. */
  waits(callerId: string, digest: string): Result<boolean>;
}

/** What the operator needs. Failures, beside those: POLICY/APPROVAL_NOT_FOUND, POLICY/APPROVAL_STATE. */
export interface ApprovalDesk {
  list(): Result<ListedApprovals>;
  /**
   * Answers a question, or changes the answer while it holds. `once` and `denied` hold for limits.approvalMs, so that a caller who did
   * not wait finds them; durable when it returns.
   */
  answer(id: string, answer: OperatorAnswer): Result<StoredApproval>;
  /** Takes an answer back: whoever calls again is asked about again. */
  revoke(id: string): Result<StoredApproval>;
}

/** The approvals of a data folder; `now` gives milliseconds since the epoch. */
export function createApprovalStore(state: State, now: () => number): ApprovalQueue & ApprovalDesk {
  return new StateApprovals(state, now);
}

class StateApprovals implements ApprovalQueue, ApprovalDesk {
  readonly #state: State;
  readonly #now: () => number;

  constructor(state: State, now: () => number) {
    this.#state = state;
    this.#now = now;
  }

  take(callerId: string, digest: string): Result<GivenAnswer | undefined> {
    const found = this.#state.read((sql) => this.#find(sql, callerId, digest));
    if (!found.ok) return found;
    if (found.value?.answer !== 'once') return ok(found.value && answerOf(found.value));
    return this.#write((sql, mac) => {
      const again = this.#find(sql, callerId, digest);
      return again.ok ? ok(again.value && this.#useUp(sql, again.value, mac)) : again;
    });
  }

  ask(asked: AskedQuestion): Result<Put> {
    return this.#write((sql, mac) => {
      const found = this.#find(sql, asked.callerId, asked.digest);
      if (!found.ok) return found;
      if (!found.value) return ok(this.#put(sql, asked, mac));
      const { id, endsAt = 0 } = found.value;
      const given = this.#useUp(sql, found.value, mac);
      if (given) return ok(given);
      update(sql, { ...found.value, endsAt: Math.max(endsAt, this.#now() + asked.waitMs) }, mac);
      return ok({ kind: 'waits', id });
    });
  }

  waits(callerId: string, digest: string): Result<boolean> {
    const found = this.#state.read((sql) => this.#find(sql, callerId, digest));
    return found.ok ? ok(found.value?.answer === 'pending') : found;
  }

  list(): Result<ListedApprovals> {
    return this.#state.read((sql) => {
      const mac = readTrustMac(this.#state.home);
      if (!mac.ok) return mac;
      const rows = sql.all(`${SELECT} ORDER BY asked_at, id`);
      const approvals = rows.flatMap((row) => verified(row, mac.value) ?? []);
      return ok({ approvals, unverified: rows.length - approvals.length });
    });
  }

  answer(id: string, answer: OperatorAnswer): Result<StoredApproval> {
    return this.#change(id, (found) => {
      const at = this.#now();
      const { endsAt: _, ...kept } = found;
      const endsAt = answer.kind === 'timed' ? answer.until : at + limits.approvalMs;
      return { ...kept, answer: answer.kind, answeredAt: at, ...(answer.kind !== 'always' && { endsAt }) };
    });
  }

  revoke(id: string): Result<StoredApproval> {
    return this.#change(id, (found) =>
      found.answer === 'pending' ? undefined : { ...found, answer: 'revoked', endsAt: this.#now() },
    );
  }

  /** Undefined from `change`: not as it is. */
  #change(id: string, change: (found: StoredApproval) => StoredApproval | undefined): Result<StoredApproval> {
    return this.#write((sql, mac) => {
      const row = sql.one(`${SELECT} WHERE id = ?`, id);
      const found = row && verified(row, mac);
      if (!found) return err(failure('POLICY/APPROVAL_NOT_FOUND', { id }));
      const changed = isLive(found, this.#now()) ? change(found) : undefined;
      if (!changed) return err(failure('POLICY/APPROVAL_STATE', { id, state: stateOf(found, this.#now()) }));
      update(sql, changed, mac);
      return ok(changed);
    });
  }

  /** The one that is live: a no counts before a yes, and both before a question. */
  #find(sql: Sql, callerId: string, digest: string): Result<StoredApproval | undefined> {
    const rows = sql.all(`${SELECT} WHERE caller_id = ? AND digest = ?`, callerId, digest);
    if (rows.length === 0) return ok(undefined);
    const mac = readTrustMac(this.#state.home);
    if (!mac.ok) return mac;
    const live = rows.flatMap((row) => verified(row, mac.value) ?? []).filter((each) => isLive(each, this.#now()));
    return ok(
      live.find(({ answer }) => answer === 'denied') ?? live.find(({ answer }) => answer !== 'pending') ?? live[0],
    );
  }

  /** The answer, where there is one; one for a single call is used in the transaction that gives it. */
  #useUp(sql: Sql, found: StoredApproval, mac: TrustMac): GivenAnswer | undefined {
    if (found.answer === 'once') update(sql, { ...found, answer: 'used', endsAt: this.#now() }, mac);
    return answerOf(found);
  }

  #put(sql: Sql, asked: AskedQuestion, mac: TrustMac): Put {
    const at = this.#now();
    if (isCrowded(sql, asked.callerId, at)) return { kind: 'crowded' };
    const { waitMs, ...kept } = asked;
    const texts = { callerName: wellFormed(asked.callerName), question: wellFormed(asked.question) };
    for (;;) {
      const id = newId();
      const approval = { ...kept, ...texts, id, askedAt: at, endsAt: at + waitMs, answer: 'pending' as const };
      if (insert(sql, approval, mac)) return { kind: 'waits', id };
    }
  }

  // Durable: an answer that was used or taken back must not hold again after a power cut.
  #write<T>(work: (sql: Sql, mac: TrustMac) => Result<T>): Result<T> {
    return this.#state.write((sql) => {
      const made = makeTrustKey(this.#state.home);
      const mac = made.ok ? readTrustMac(this.#state.home) : made;
      if (!mac.ok) return mac;
      if (mac.value === 'missing') return err(failure('INTERNAL/STATE_UNAVAILABLE', { reason: 'ENOENT' }));
      return work(sql, mac.value);
    }, 'durable');
  }
}

/** As it comes back from the database, which holds UTF-8: the proof is over what is read. */
function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

function answerOf({ answer }: StoredApproval): GivenAnswer | undefined {
  switch (answer) {
    case 'once':
      return { kind: 'given', outcome: 'approved', by: 'operator' };
    case 'timed':
    case 'always':
      return { kind: 'given', outcome: 'approved', by: 'standing' };
    case 'denied':
      return { kind: 'given', outcome: 'declined', by: 'operator' };
    case 'pending':
    case 'used':
    case 'revoked':
      return undefined;
  }
}

/** Makes room first: what ended long ago goes, and so do the oldest that ended where there are too many. */
function isCrowded(sql: Sql, callerId: string, now: number): boolean {
  const count = (where: string, ...values: (string | number)[]) =>
    Number(sql.one(`SELECT count(*) AS count FROM approval ${where}`, ...values)?.count);
  sql.run('DELETE FROM approval WHERE ends_at < ?', now - approvalLimits.keptMs);
  const tooMany = count('') + 1 - approvalLimits.rows;
  const OLDEST = 'SELECT id FROM approval WHERE ends_at <= ? ORDER BY ends_at LIMIT ?';
  if (tooMany > 0 && sql.run(`DELETE FROM approval WHERE id IN (${OLDEST})`, now, tooMany) < tooMany) return true;
  const pending = "answer = 'pending' AND ends_at > ?";
  return (
    count(`WHERE caller_id = ? AND ${pending}`, callerId, now) >= approvalLimits.pending ||
    count(`WHERE ${pending}`, now) >= approvalLimits.pendingInAll
  );
}

const ID_CHARS = 8;
const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function newId(): string {
  return Array.from({ length: ID_CHARS }, () => BASE62[randomInt(BASE62.length)]).join('');
}
