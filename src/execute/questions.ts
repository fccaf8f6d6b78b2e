// What a person is asked while scripts run. Whoever asks waits where it is until an answer comes, and an answer holds for every
// question of its digest. So many questions in one execution and no more.
import { limits } from '../../shared/limits.ts';
import type { Approval, ApprovalAnswer } from './approval.ts';

type Outcome = ApprovalAnswer['outcome'];

export interface Questions {
  /** Waits for what a person says; `unavailable` where nobody is asked any more, or when the signal aborts. */
  ask(approval: Approval, signal: AbortSignal): Promise<Outcome>;
  /** The question that is to be put, when there is one. */
  next(): Promise<Approval>;
  /** What a person said to what has this digest. */
  said(digest: string): Outcome | undefined;
  answer(given: ApprovalAnswer): void;
  /** From here on nobody is asked. */
  close(): void;
  areClosed(): boolean;
}

export function createQuestions(): Questions {
  return new OpenQuestions();
}

interface Waiting {
  readonly approval: Approval;
  readonly settle: (outcome: Outcome) => void;
}

class OpenQuestions implements Questions {
  readonly #said = new Map<string, Outcome>();
  readonly #asked = new Set<string>();
  readonly #waiting = new Set<Waiting>();
  #wanted: ((approval: Approval) => void) | undefined;
  #isClosed = false;

  ask(approval: Approval, signal: AbortSignal): Promise<Outcome> {
    const { digest } = approval;
    const said = this.#said.get(digest);
    if (said !== undefined) return Promise.resolve(said);
    const isTooMany = !this.#asked.has(digest) && this.#asked.size >= limits.approvalRounds;
    if (this.#isClosed || signal.aborted || isTooMany) return Promise.resolve('unavailable');
    this.#asked.add(digest);
    return new Promise((resolve) => {
      const give = (): void => waiting.settle('unavailable');
      const waiting: Waiting = {
        approval,
        settle: (outcome) => {
          this.#waiting.delete(waiting);
          signal.removeEventListener('abort', give);
          resolve(outcome);
        },
      };
      this.#waiting.add(waiting);
      signal.addEventListener('abort', give);
      this.#wanted?.(approval);
    });
  }

  next(): Promise<Approval> {
    const [first] = this.#waiting;
    if (first) return Promise.resolve(first.approval);
    return new Promise((resolve) => {
      this.#wanted = resolve;
    });
  }

  said(digest: string): Outcome | undefined {
    return this.#said.get(digest);
  }

  answer({ digest, outcome }: ApprovalAnswer): void {
    this.#said.set(digest, outcome);
    for (const { approval, settle } of this.#waiting) if (approval.digest === digest) settle(outcome);
  }

  close(): void {
    this.#isClosed = true;
    for (const { settle } of this.#waiting) settle('unavailable');
  }

  areClosed(): boolean {
    return this.#isClosed;
  }
}
