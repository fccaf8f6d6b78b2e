// What a person is asked while scripts run. Whoever asks waits where it is until an answer comes, and an answer holds for every
// question of its digest. So many questions in one execution and no more.
import { limits } from '../../shared/limits.ts';
import type { ApprovalAnswer, Question, Said } from './approval.ts';

const NOBODY: Said = { outcome: 'unavailable' };

export interface Questions {
  /** Waits for what a person says; `unavailable` where nobody is asked any more, or when the signal aborts. */
  ask(question: Question, signal: AbortSignal): Promise<Said>;
  /** The question that is to be put, when there is one. */
  next(): Promise<Question>;
  /** What a person said to what has this digest. */
  said(digest: string): Said | undefined;
  /** `askedIn` of the newest answer, as long as nothing was asked that it answers. */
  inVain(): string | undefined;
  answer(given: ApprovalAnswer): void;
  /** From here on nobody is asked. */
  close(): void;
  areClosed(): boolean;
}

export function createQuestions(): Questions {
  return new OpenQuestions();
}

interface Waiting {
  readonly question: Question;
  readonly settle: (said: Said) => void;
}

class OpenQuestions implements Questions {
  readonly #said = new Map<string, Said>();
  readonly #asked = new Set<string>();
  readonly #waiting = new Set<Waiting>();
  #inVain: string | undefined;
  #wanted: ((question: Question) => void) | undefined;
  #isClosed = false;

  ask(question: Question, signal: AbortSignal): Promise<Said> {
    const { digest } = question.approval;
    const said = this.said(digest);
    if (said !== undefined) return Promise.resolve(said);
    const isTooMany = !this.#asked.has(digest) && this.#asked.size >= limits.approvalRounds;
    if (this.#isClosed || signal.aborted || isTooMany) return Promise.resolve(NOBODY);
    this.#asked.add(digest);
    return new Promise((resolve) => {
      const give = (): void => waiting.settle(NOBODY);
      const waiting: Waiting = {
        question,
        settle: (said) => {
          this.#waiting.delete(waiting);
          signal.removeEventListener('abort', give);
          resolve(said);
        },
      };
      this.#waiting.add(waiting);
      signal.addEventListener('abort', give);
      this.#wanted?.(question);
    });
  }

  next(): Promise<Question> {
    const [first] = this.#waiting;
    if (first) return Promise.resolve(first.question);
    return new Promise((resolve) => {
      this.#wanted = resolve;
    });
  }

  said(digest: string): Said | undefined {
    const said = this.#said.get(digest);
    if (said?.askedIn === this.#inVain) this.#inVain = undefined;
    return said;
  }

  inVain(): string | undefined {
    return this.#inVain;
  }

  answer({ digest, ...said }: ApprovalAnswer): void {
    this.#said.set(digest, said);
    this.#inVain = said.askedIn ?? this.#inVain;
    for (const { question, settle } of this.#waiting) {
      if (question.approval.digest !== digest) continue;
      this.#inVain = undefined;
      settle(said);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const { settle } of this.#waiting) settle(NOBODY);
  }

  areClosed(): boolean {
    return this.#isClosed;
  }
}
