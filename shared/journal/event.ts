// The journal's entries: who did what, where, with which handles, what was decided and why. No value of a secret, no body.

export type JournalEvent = BeginEvent | EndEvent | DeniedEvent;

interface Named {
  /** Ties the begin and end of one execution together, and to the result the agent saw. */
  readonly correlationId: string;
  /** Of what a script sent: the execution whose script it was. */
  readonly parent?: string;
  readonly principal: string;
  readonly requestId: string;
  readonly requestName: string;
  readonly collectionId: string;
  readonly environmentId?: string;
  readonly method: string;
  readonly origin: string;
  /** Redacted path without query. */
  readonly path: string;
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

/** An event as stored: position, time (milliseconds since the epoch) and its place in the hash chain. */
export interface JournalEntry {
  readonly seq: number;
  readonly at: number;
  readonly event: JournalEvent;
  readonly hash: string;
}
