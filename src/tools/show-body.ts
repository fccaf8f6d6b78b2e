import type { ExecutionOutput } from '../../shared/contracts/execution.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { SafeBody } from '../../shared/stages/stages.ts';
import { select } from '../execute/select.ts';
import { shapeOf } from '../execute/shape.ts';
import { cutAt } from './shorten.ts';
import type { ToolContext } from './tool.ts';

type ShownBody = NonNullable<ExecutionOutput['body']>;

export interface BodyOptions {
  readonly select?: string | undefined;
  readonly response_format?: 'full' | 'shape' | undefined;
  /** Characters of the body, as they stand in the result's JSON. */
  readonly maxChars: number;
}

/**
 * Shows a redacted body: whole where it fits, else its beginning with a response_id to read on. INPUT/SELECT_INVALID where
 * select was asked for and cannot be applied.
 */
export async function showBody(body: SafeBody, options: BodyOptions, context: ToolContext): Promise<Result<ShownBody>> {
  const { kind, contentType, bytes, text } = body;
  const about = { kind, content_type: contentType, bytes };
  const selecting = options.select !== undefined;
  if (kind !== 'json' || text === undefined) {
    if (selecting) return err(failure('INPUT/SELECT_INVALID', { problem: 'the body is not JSON' }));
    return ok({ ...about, ...(text === undefined ? { truncated: false } : showText(body, text, options, context)) });
  }
  const value: unknown = JSON.parse(text);
  const chosen = options.select === undefined ? ok(value) : await select(value, options.select);
  if (!chosen.ok) return chosen;
  if (options.response_format === 'shape') {
    const kept = keep(body, text, context);
    return ok({ ...about, shape: shapeOf(chosen.value), truncated: false, total_chars: text.length, ...kept });
  }
  const written = JSON.stringify(chosen.value);
  if (written.length <= options.maxChars) {
    return ok({ ...about, value: chosen.value, truncated: false, ...(selecting && keep(body, text, context)) });
  }
  return ok({ ...about, ...showText(body, selecting ? written : text, options, context, text) });
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
