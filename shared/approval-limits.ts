// Every number of approvals over HTTP.

const HOUR_MS = 60 * 60_000;

export const approvalLimits = {
  /** Questions that clients were given to ask and have not come back with. */
  states: 10_000,
  /** Questions to the operator that wait for an answer, of one caller and of all. */
  pending: 20,
  pendingInAll: 500,
  /**
   * Calls that wait for one, of one caller and of all: fewer than may be under way, so that others still can be. Where they are more, the
   * oldest of the caller ends that has most; its question stays.
   */
  waiting: 8,
  waitingInAll: 32,
  /** Questions to the operator and answers in all; for how long those are kept that have ended. */
  rows: 2_000,
  keptMs: 24 * HOUR_MS,
  /** How long an answer for a time holds, where none is said. */
  timedMs: HOUR_MS,
  /** How often calls that wait look whether anything was written. */
  lookMs: 200,
} as const;
