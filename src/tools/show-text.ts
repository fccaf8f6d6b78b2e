// What every way to show a body shares: its facts, the beginning of a text, and the keeping of the rest.
import type { ExecutionInput, ExecutionOutput } from '../../shared/contracts/execution.ts';
import type { SafeBody } from '../../shared/stages/stages.ts';
import type { Selection } from '../execute/select.ts';
import { moreCharacters } from './body-sentences.ts';
import { cutAt } from './shorten.ts';
import type { ToolContext } from './tool.ts';

export type ShownBody = NonNullable<ExecutionOutput['body']>;

export interface BodyOptions {
  readonly selection?: Selection | undefined;
  readonly format?: ExecutionInput['response_format'];
  /** Characters of the body, as they stand in the result's JSON. */
  readonly maxChars: number;
}

/** A body that is not shown, and why; what can be kept of it can be read with read_response. */
export function noteBody(body: SafeBody, reason: string, context: ToolContext): ShownBody {
  const note = `The request was sent; its body is not shown: ${reason}`;
  const { text } = body;
  const kept = text === undefined ? {} : { total_chars: text.length, ...keepBody(body, context) };
  return { ...aboutBody(body), truncated: true, note, ...kept };
}

/** What is told of every body. */
export function aboutBody({ kind, contentType, bytes, charset, incomplete }: SafeBody) {
  return { kind, content_type: contentType, bytes, ...(charset && { charset }), ...(incomplete && { incomplete }) };
}

/** The beginning of a text; what is kept for reading on is the whole body. */
export function showText(
  body: SafeBody,
  text: string,
  { maxChars, selection }: BodyOptions,
  context: ToolContext,
): ShownBody {
  const end = charsWithin(text, maxChars);
  const isWhole = end >= text.length;
  // HTML that reads well is kept too: its source can be asked for without sending again.
  const kept = isWhole && body.readable === undefined ? {} : keepBody(body, context);
  const about = { ...aboutBody(body), text: text.slice(0, end), truncated: !isWhole };
  if (isWhole) return { ...about, ...kept };
  const isKept = 'response_id' in kept;
  const more = moreCharacters(end, text.length, { isKept, isSelection: selection !== undefined });
  return { ...about, more, total_chars: text.length, ...kept };
}

/** Keeps a body for read_response; nothing where it is too long to be kept. */
export function keepBody(body: SafeBody, { responses, call }: ToolContext): { readonly response_id?: string } {
  const { kind, contentType, text, readable, incomplete } = body;
  if ((kind !== 'json' && kind !== 'text') || text === undefined) return {};
  const parts = { ...(readable !== undefined && { readable }), ...(incomplete && { incomplete }) };
  const id = responses.keep(call.principal.id, { kind, contentType, text, ...parts });
  return id === undefined ? {} : { response_id: id };
}

/** Puts a sentence before the others. */
export function withNote(shown: ShownBody, note: string | undefined): ShownBody {
  return note === undefined ? shown : { ...shown, note: shown.note === undefined ? note : `${note} ${shown.note}` };
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
