// The journal's entries: who did what, where, with which handles, what was decided and why. No value of a secret, no body.
// What HTTP refuses before it is a call of a tool (401, 403, 429) is no execution and no entry: anybody could fill the disk with those.

import type { CallerFacts } from '../policy/policy.ts';

export type JournalEvent = CallEvent | EndEvent | PrunedEvent;

/** What an execution or a refusal begins with. */
export type CallEvent = BeginEvent | DeniedEvent;

interface Named {
  /** Ties the begin and end of one execution together, and to the result the agent saw. */
  readonly correlationId: string;
  /** Of what a script sent: the execution whose script it was. */
  readonly parent?: string;
  readonly principal: string;
  /** Of a caller over HTTP. */
  readonly caller?: CallerFacts;
  /** Who approved it, where somebody was asked: the person at the client, or the operator, for this time or by an earlier word. */
  readonly approvedBy?: 'client' | 'operator' | 'standing';
  /**
   * Of the call that came with an answer to a question that an earlier one ended with: correlation id of the entry that says so
   * (`DeniedEvent.asked`). A call that gets no further than to its planning has no entry, and its answer none either.
   */
  readonly askedIn?: string;
  /** That answer counted for nothing: it was to something else than what was called for now, or nobody had to be asked any more. */
  readonly askedInVain?: true;
  /**
   * Where the operator wants less of this collection to be kept; then `requestName`, `path` and the caller's client and address are
   * absent, of ids only the hash is there, and the rule does not say what it is listed for.
   */
  readonly detail?: 'minimal';
  readonly requestId: string;
  readonly requestName?: string;
  readonly collectionId: string;
  readonly environmentId?: string;
  readonly method: string;
  readonly origin: string;
  /** Redacted path without query. */
  readonly path?: string;
  readonly handles: readonly string[];
  readonly decision: { readonly verdict: string; readonly rule: string; readonly reason: string };
}

/** Written before the first byte leaves. */
export interface BeginEvent extends Named {
  readonly type: 'begin';
}

/** A call that policy, binding or the guard refused; nothing was sent. */
export interface DeniedEvent extends Named {
  readonly type: 'denied';
  readonly failure: string;
  /**
   * The call ended with a question to the person at the client, and nothing else tells of it if no answer ever comes: written before the
   * question leaves. What comes with an answer has an entry of its own, whose `askedIn` names this one; no other has its `correlationId`.
   */
  readonly asked?: 'client';
}

export interface EndEvent {
  readonly type: 'end';
  readonly correlationId: string;
  /** HTTP status, or absent where the call failed. */
  readonly status?: number;
  readonly failure?: string;
  readonly durationMs: number;
  readonly responseBytes: number;
  readonly redactions: number;
  /** Status and origin of each redirect hop. */
  readonly redirects: readonly string[];
  /** Handles that were used beside those of the begin: by connections of redirects and of requests for tokens, and of logins. */
  readonly handles?: readonly string[];
  /** Origins of the authorization servers that a token was asked for, which credentials went to; absent where none was. */
  readonly tokensFrom?: readonly string[];
}

/** The oldest entries were removed; verification starts behind them. */
export interface PrunedEvent {
  readonly type: 'pruned';
  /** Seq of the first and the last entry that was removed, and how many that are. */
  readonly from: number;
  readonly through: number;
  readonly count: number;
  /** Hash of the last one, which the first entry that was kept follows. */
  readonly hash: string;
  readonly by: PrunedBy;
}

/** The operator at the command line, or the server, for the operator's rule of how long entries are kept. */
export type PrunedBy = 'operator' | 'retention';

/** An event as stored: position, time (milliseconds since the epoch) and its place in the hash chain. */
export interface JournalEntry<Event extends JournalEvent = JournalEvent> {
  readonly seq: number;
  readonly at: number;
  readonly event: Event;
  readonly hash: string;
}
