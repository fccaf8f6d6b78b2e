// What a person is asked while scripts run. Whoever asks waits where it is until an answer comes, and an answer holds for every
// question of its digest. So many questions in one execution and no more.
import { limits } from '../../shared/limits.ts';
import type { Approval, ApprovalAnswer, Said } from './approval.ts';

const NOBODY: Said = { outcome: 'unavailable' };

export interface Questions {
  /** Waits for what a person says; `unavailable` where nobody is asked any more, or when the signal aborts. */
  ask(approval: Approval, signal: AbortSignal): Promise<Said>;
  /** The question that is to be put, when there is one. */
  next(): Promise<Approval>;
  /** What a person said to what has this digest. */
  said(digest: string): Said | undefined;
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
  readonly settle: (said: Said) => void;
}

class OpenQuestions implements Questions {
  readonly #said = new Map<string, Said>();
  readonly #asked = new Set<string>();
  readonly #waiting = new Set<Waiting>();
  #wanted: ((approval: Approval) => void) | undefined;
  #isClosed = false;

  ask(approval: Approval, signal: AbortSignal): Promise<Said> {
    const { digest } = approval;
    const said = this.#said.get(digest);
    if (said !== undefined) return Promise.resolve(said);
    const isTooMany = !this.#asked.has(digest) && this.#asked.size >= limits.approvalRounds;
    if (this.#isClosed || signal.aborted || isTooMany) return Promise.resolve(NOBODY);
    this.#asked.add(digest);
    return new Promise((resolve) => {
      const give = (): void => waiting.settle(NOBODY);
      const waiting: Waiting = {
        approval,
        settle: (said) => {
          this.#waiting.delete(waiting);
          signal.removeEventListener('abort', give);
          resolve(said);
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

  said(digest: string): Said | undefined {
    return this.#said.get(digest);
  }

  answer({ digest, ...said }: ApprovalAnswer): void {
    this.#said.set(digest, said);
    for (const { approval, settle } of this.#waiting) if (approval.digest === digest) settle(said);
  }

  close(): void {
    this.#isClosed = true;
    for (const { settle } of this.#waiting) settle(NOBODY);
  }

  areClosed(): boolean {
    return this.#isClosed;
  }
}
