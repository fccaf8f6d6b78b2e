import { CONTENT_NOTE } from '../../shared/contracts/contract.ts';
import { readResponse } from '../../shared/contracts/read-response.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { readJson, writeJson } from '../execute/read-json.ts';
import type { KeptResponse } from '../execute/response-store.ts';
import { parseSelection } from '../execute/select.ts';
import { NUMBERS_AS_TEXT, SELECTED_FROM_PART } from './body-sentences.ts';
import { charsWithin } from './show-text.ts';
import { type AnswerOf, tool } from './tool.ts';

export const readResponseTool = tool(
  readResponse,
  async (input, { responses, call }): Promise<AnswerOf<typeof readResponse>> => {
    const { response_id, offset = 0, limit = limits.bodyChars, response_format } = input;
    const kept = responses.read(call.principal.id, response_id);
    if (kept === undefined) return err(failure('INPUT/RESPONSE_EXPIRED', { ref: response_id }));
    const chosen = input.select === undefined ? ok(undefined) : await selected(kept, input.select);
    if (!chosen.ok) return chosen;
    const { readable, incomplete } = kept;
    const isRendered = readable !== undefined && response_format !== 'source';
    const text = chosen.value?.text ?? (isRendered ? readable : kept.text);
    const note = chosen.value?.note;
    const about = {
      content_note: CONTENT_NOTE,
      response_id,
      kind: kept.kind,
      content_type: kept.contentType,
      ...(isRendered && { rendered: 'html' as const }),
      ...(incomplete && { incomplete }),
      total_chars: text.length,
      offset,
      ...(note !== undefined && { note }),
    };
    const maxChars = limit + limits.resultChars - limits.bodyChars;
    if (chosen.value && offset === 0 && text.length <= limit) {
      return ok({ kind: 'answer', value: { ...about, value: chosen.value.value }, maxChars });
    }
    const rest = text.slice(offset, offset + limit);
    const end = offset + charsWithin(rest, limit);
    const more = end < text.length ? { next_offset: end } : {};
    return ok({ kind: 'answer', value: { ...about, text: text.slice(offset, end), ...more }, maxChars });
  },
);

interface Selected {
  readonly value: unknown;
  readonly text: string;
  readonly note: string | undefined;
}

async function selected({ kind, text, incomplete }: KeptResponse, expression: string): Promise<Result<Selected>> {
  const json = kind === 'json' ? readJson(text, incomplete !== undefined) : undefined;
  if (!json) return err(failure('INPUT/SELECT_INVALID', { problem: 'the body is not JSON' }));
  const selection = await parseSelection(expression);
  if (!selection.ok) return selection;
  const chosen = selection.value(json.value);
  if (!chosen.ok) return chosen;
  const written = writeJson(chosen.value);
  if (written === undefined)
    return err(failure('INPUT/SELECT_INVALID', { problem: 'what it takes is nested too deeply' }));
  const notes = [...(incomplete ? [SELECTED_FROM_PART] : []), ...(json.numbersAsText ? [NUMBERS_AS_TEXT] : [])];
  const note = notes.length > 0 ? notes.join(' ') : undefined;
  return ok({ value: chosen.value, text: written, note });
}
