// A call waits for the operator, who answers in another process. Whoever waits looks at the database only when something was written.
import { approvalLimits } from '../../shared/approval-limits.ts';
import { ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { overShare } from '../../shared/over-share.ts';
import type { Principal } from '../../shared/policy/policy.ts';
import type { ApprovalQueue, AskedQuestion, GivenAnswer } from './approval-store.ts';

export interface OperatorApprovalsOptions {
  readonly queue: ApprovalQueue;
  /** A text that changes whenever another process wrote (`State.mark`). */
  readonly mark: () => Result<string>;
  /** How long a call waits, in milliseconds; 0: only answers given earlier count. */
  readonly waitMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Calls back from time to time, until what it gives is called. Default: by the clock. */
  readonly pulse?: (look: () => void) => () => void;
  /** Told of each question that waits for the operator from now on. */
  readonly onAsked?: (id: string, principal: Principal) => void;
}

interface Question {
  readonly digest: string;
  /** Redacted. */
  readonly text: string;
}

interface Word {
  readonly outcome: 'approved' | 'declined' | 'expired' | 'crowded' | 'unavailable';
  readonly by?: 'operator' | 'standing';
}

type OperatorSays = Word & { readonly digest: string };

/** How the operator is asked; what cannot be told is no yes. The server knows it as its `OperatorApprovals`. */
export interface AskableOperator {
  /** An answer given earlier that still holds for this very question of this caller, and is used up where it was for one call. */
  standing(principal: Principal, digest: string): OperatorSays | undefined;
  /**
   * Puts the question and waits for the operator; `expired` where nobody answers in time, when the signal aborts, or where so many calls
   * wait that this one must not: its question stays.
   */
  ask(question: Question, principal: Principal, signal: AbortSignal): Promise<OperatorSays>;
}

export function createOperatorApprovals(options: OperatorApprovalsOptions): AskableOperator {
  const { queue, waitMs, now } = options;
  const watch = createWatch(options);
  return {
    standing({ id }, digest) {
      const taken = queue.take(id, digest);
      return taken.ok && taken.value ? { digest, ...wordOf(taken.value) } : undefined;
    },
    async ask(question, principal, signal) {
      const { digest } = question;
      if (waitMs <= 0) return { digest, outcome: 'unavailable' };
      const from = now();
      const asking = {
        principal,
        question,
        signal,
        leftMs: () => from + waitMs - now(),
        // With a clock from before the question nobody could tell when it ends.
        isOver: () => signal.aborted || now() >= from + waitMs || now() < from - limits.clockStepBackMs,
      };
      return { digest, ...(await askFor(asking, options, watch)) };
    },
  };
}

interface Asking {
  readonly principal: Principal;
  readonly question: Question;
  readonly signal: AbortSignal;
  readonly leftMs: () => number;
  readonly isOver: () => boolean;
}

/** Asked anew where another call used the answer up. */
async function askFor(asking: Asking, { queue, onAsked }: OperatorApprovalsOptions, watch: Watch): Promise<Word> {
  const { principal, question, leftMs, isOver } = asking;
  let waiting: string | undefined;
  while (!isOver()) {
    const put = queue.ask(askedBy(principal, question, leftMs()));
    if (!put.ok) return { outcome: 'unavailable' };
    const { value } = put;
    if (value.kind === 'crowded') return { outcome: 'crowded' };
    // What is said while a call waits is said for this time.
    if (value.kind === 'given') return waiting === undefined ? wordOf(value) : { ...wordOf(value), by: 'operator' };
    if (value.id !== waiting) onAsked?.(value.id, principal);
    waiting = value.id;
    const ended = await watch.answered(asking);
    if (ended === 'unknown') return { outcome: 'unavailable' };
    if (ended === 'over-share') break;
  }
  return { outcome: 'expired' };
}

function wordOf({ outcome, by }: GivenAnswer): Word {
  return { outcome, by };
}

function askedBy({ id, about }: Principal, { digest, text }: Question, waitMs: number): AskedQuestion {
  return {
    callerId: id,
    callerName: (about?.name ?? id).slice(0, limits.journalNameChars),
    ...(about?.keyId !== undefined && { keyId: about.keyId }),
    digest,
    question: text,
    waitMs,
  };
}

/** Why a wait ended. `unknown`: it cannot be told whether there is an answer; `over-share`: too many wait, most of them this caller's. */
type Ended = 'told' | 'unknown' | 'over-share';

interface Waiting {
  readonly callerId: string;
  readonly isOver: () => boolean;
  settle(ended: Ended): void;
  /** Whether the question still waits; looked up where something was written. */
  look(): Result<boolean>;
}

interface Watch {
  /** `told` when the question waits no longer, is over or its call is gone. */
  answered(asking: Asking): Promise<Ended>;
}

/** One look at the mark for all that wait. */
function createWatch({ queue, mark, pulse = everySoOften }: OperatorApprovalsOptions): Watch {
  const all = new Set<Waiting>();
  let stop: (() => void) | undefined;
  let last: string | undefined;

  const look = (): void => {
    const marked = mark();
    const isChanged = marked.ok && marked.value !== last;
    last = marked.ok ? marked.value : undefined;
    for (const waiting of all) {
      const waits = isChanged ? waiting.look() : ok(true);
      if (!marked.ok || !waits.ok) waiting.settle('unknown');
      else if (!waits.value || waiting.isOver()) waiting.settle('told');
    }
  };
  const leave = (waiting: Waiting): void => {
    all.delete(waiting);
    if (all.size > 0) return;
    stop?.();
    stop = undefined;
  };
  const join = (waiting: Waiting): void => {
    all.add(waiting);
    // The many of one caller end nobody else's wait.
    const { waiting: most, waitingInAll } = approvalLimits;
    const own = [...all].filter(({ callerId }) => callerId === waiting.callerId);
    for (const over of overShare(own, most, callerOf)) over.settle('over-share');
    for (const over of overShare([...all], waitingInAll, callerOf)) over.settle('over-share');
    if (stop || all.size === 0) return;
    // What was written before the first look counts as new.
    last = undefined;
    stop = pulse(look);
  };

  return {
    answered: ({ principal, question, signal, isOver }) =>
      new Promise((resolve) => {
        const gone = (): void => waiting.settle('told');
        const waiting: Waiting = {
          callerId: principal.id,
          isOver,
          look: () => queue.waits(principal.id, question.digest),
          settle(ended) {
            signal.removeEventListener('abort', gone);
            leave(waiting);
            resolve(ended);
          },
        };
        signal.addEventListener('abort', gone);
        join(waiting);
      }),
  };
}

function callerOf({ callerId }: Waiting): string {
  return callerId;
}

function everySoOften(look: () => void): () => void {
  const timer = setInterval(look, approvalLimits.lookMs);
  return () => clearInterval(timer);
}
