import type { ExecutionOutput } from '../../shared/contracts/execution.ts';
import { describeFailure } from '../../shared/failure/failure.ts';
import type { SafeBody } from '../../shared/stages/stages.ts';
import type { Selection } from '../execute/select.ts';
import { shapeOf } from '../execute/shape.ts';
import { cutAt } from './shorten.ts';
import type { ToolContext } from './tool.ts';

type ShownBody = NonNullable<ExecutionOutput['body']>;

export interface BodyOptions {
  readonly selection?: Selection | undefined;
  readonly format?: 'full' | 'shape' | undefined;
  /** Characters of the body, as they stand in the result's JSON. */
  readonly maxChars: number;
}

/**
 * Shows a redacted body: whole where it fits, else its beginning with a response_id to read on. The request was sent, so
 * whatever cannot be shown is said in a note: a failure in the place of the answer would have it sent again.
 */
export function showBody(body: SafeBody, options: BodyOptions, context: ToolContext): ShownBody {
  const { kind, text } = body;
  if (kind === 'withheld')
    return noteBody(body, 'it is nested too deeply, has too many parts or unpacks to too much to be redacted', context);
  if (kind !== 'json' || text === undefined) {
    if (options.selection) return noteBody(body, 'select works on JSON only', context);
    return { ...about(body), ...(text === undefined ? { truncated: false } : showText(body, text, options, context)) };
  }
  const whole: unknown = JSON.parse(text);
  if (!options.selection) return showValue(body, whole, options, context);
  const selected = options.selection(whole);
  if (!selected.ok) return noteBody(body, describeFailure(selected.failure).message, context);
  return showValue(body, selected.value, options, context);
}

/** A body that is not shown, and why; what can be kept of it can be read with read_response. */
export function noteBody(body: SafeBody, reason: string, context: ToolContext): ShownBody {
  const note = `The request was sent; its body is not shown: ${reason}`;
  const { text } = body;
  const kept = text === undefined ? {} : { total_chars: text.length, ...keep(body, text, context) };
  return { ...about(body), truncated: true, note, ...kept };
}

function about({ kind, contentType, bytes }: SafeBody) {
  return { kind, content_type: contentType, bytes };
}

function showValue(body: SafeBody, value: unknown, options: BodyOptions, context: ToolContext): ShownBody {
  const { text = '' } = body;
  const { maxChars, selection, format } = options;
  if (format === 'shape') {
    const { shape, whole } = shapeOf(value, maxChars);
    return { ...about(body), shape, truncated: !whole, total_chars: text.length, ...keep(body, text, context) };
  }
  const written = selection ? JSON.stringify(value) : text;
  if (written.length > maxChars) return { ...about(body), ...showText(body, written, options, context, text) };
  return { ...about(body), value, truncated: false, ...(selection && keep(body, text, context)) };
}

/** The beginning of a text; what is kept for reading on is the whole body. */
function showText(body: SafeBody, shown: string, { maxChars }: BodyOptions, context: ToolContext, whole = shown) {
  const end = charsWithin(shown, maxChars);
  if (end >= shown.length) return { text: shown, truncated: false };
  return { text: shown.slice(0, end), truncated: true, total_chars: shown.length, ...keep(body, whole, context) };
}

function keep({ kind, contentType }: SafeBody, text: string, { responses, call }: ToolContext) {
  if (kind !== 'json' && kind !== 'text') return {};
  const id = responses.keep(call.principal.id, { kind, contentType, text });
  return id === undefined ? {} : { response_id: id };
}

/** How many characters of a text take at most `maxChars` when written as a JSON string. */
export function charsWithin(text: string, maxChars: number): number {
  let end = Math.min(text.length, maxChars);
  for (let excess = written(text, end) - maxChars; excess > 0; excess = written(text, end) - maxChars) {
    // Escapes make a character up to six long, so giving up a sixth of the excess never overshoots.
    end -= Math.max(1, Math.floor(excess / 6));
  }
  return cutAt(text, end);
}

function written(text: string, end: number): number {
  return JSON.stringify(text.slice(0, end)).length - 2;
}
