// The only way to a tool's result. Whatever a handler answers, a listing, an exchange, a failure or a question to a person,
// becomes `Presented` here and nowhere else, and the server takes nothing but `Presented`.
import type { Contract } from '../../shared/contracts/contract.ts';
import { describeFailure, type Failure, failure } from '../../shared/failure/failure.ts';
import { limits } from '../../shared/limits.ts';
import { redactFailure } from '../../shared/redact/redact-failure.ts';
import { redactValue } from '../../shared/redact/redact-fields.ts';
import type { Question } from '../execute/approval.ts';
import { questionText } from '../execute/question-text.ts';
import { holdsContent, MARK_CHARS, markContent } from './mark-content.ts';
import { shortenTo } from './shorten.ts';

declare const presented: unique symbol;

interface Mark<Kind extends string> {
  readonly [presented]: Kind;
}

/**
 * A tool's result, redacted; `text` is `structured` written as JSON. A failure has text only: clients check structured content against the
 * output schema.
 */
export type Presented = Mark<'result'> & {
  readonly kind: 'result';
  readonly structured?: Readonly<Record<string, unknown>>;
  readonly text: string;
  readonly isError: boolean;
};

/**
 * A question to a person, redacted. `digest` binds the answer. Where the call ends with it, `put` is to be called first: it records that
 * the person is asked, or gives the failure to answer with instead.
 */
export type PresentedQuestion = Mark<'question'> & {
  readonly kind: 'question';
  readonly text: string;
  readonly digest: string;
  readonly put: () => Presented | { readonly kind: 'put'; readonly askedIn: string };
};

type Fields<T> = T extends unknown ? Omit<T, typeof presented> : never;

export interface PresentOptions {
  readonly correlationId: string;
  /** An unguessable id, for the mark that ends what others wrote. */
  readonly newId: () => string;
  readonly maxChars?: number;
}

/** Presents a plain answer: redacted by field name, cut to `maxChars`, and what others wrote between marks. */
export function present(
  answer: Readonly<Record<string, unknown>>,
  { own }: Pick<Contract, 'own'>,
  { correlationId, newId, maxChars = limits.resultChars }: PresentOptions,
): Presented {
  const withheld = (reason: string) => presentFailure(failure('INTERNAL/WITHHELD', { reason }), correlationId);
  const redacted = redactValue(answer, { own: ownPath(own) });
  if (redacted.failure) return presentFailure(redacted.failure, correlationId);
  const fitted = shortenTo(redacted.value, maxChars - CUT_CHARS - MARK_CHARS);
  if (fitted === undefined || !isRecord(fitted.value)) return withheld('it is too large');
  const whole = fitted.cut ? { ...fitted.value, truncated: true } : fitted.value;
  const structured = holdsContent(whole) ? markContent(whole, fitted.text, newId) : whole;
  if (structured === undefined) return withheld('its end could not be marked');
  return mark({ kind: 'result', structured, text: JSON.stringify(structured), isError: false });
}

/** What `truncated` takes. */
const CUT_CHARS = 20;

/**
 * Presents a failure: its catalogue texts with facts redacted, and the correlation id of the call. Facts are single lines of at most
 * 300 characters in sentences of ours, so they stand without marks.
 */
export function presentFailure(problem: Failure, correlationId: string): Presented {
  const report = { ...describeFailure(redactFailure(problem)), correlation_id: correlationId };
  return mark({ kind: 'result', text: JSON.stringify(report), isError: true });
}

/** Presents what a person is asked. */
export function presentQuestion({ approval, note }: Question, correlationId: string): PresentedQuestion {
  const put: PresentedQuestion['put'] = () => {
    const noted = note();
    return noted.ok ? { kind: 'put', askedIn: noted.value } : presentFailure(noted.failure, correlationId);
  };
  return markQuestion({ kind: 'question', text: questionText(approval), digest: approval.digest, put });
}

/** Whether a path is one of our own keys; `*` in a pattern stands for any index or key. */
function ownPath(patterns: readonly string[]): (path: readonly (string | number)[]) => boolean {
  const split = patterns.map((pattern) => pattern.split('.'));
  return (path) =>
    split.some((parts) => parts.length === path.length && parts.every((part, at) => part === '*' || part === path[at]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function mark(fields: Fields<Presented>): Presented {
  return fields as Presented;
}

function markQuestion(fields: Fields<PresentedQuestion>): PresentedQuestion {
  return fields as PresentedQuestion;
}
