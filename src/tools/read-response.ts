import { CONTENT_NOTE } from '../../shared/contracts/contract.ts';
import { readResponse } from '../../shared/contracts/read-response.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { KeptResponse } from '../execute/response-store.ts';
import { parseSelection } from '../execute/select.ts';
import { charsWithin } from './show-body.ts';
import { type AnswerOf, tool } from './tool.ts';

export const readResponseTool = tool(
  readResponse,
  async (input, { responses, call }): Promise<AnswerOf<typeof readResponse>> => {
    const { response_id, offset = 0, limit = limits.bodyChars } = input;
    const kept = responses.read(call.principal.id, response_id);
    if (kept === undefined) return err(failure('INPUT/RESPONSE_EXPIRED', { ref: response_id }));
    const chosen = input.select === undefined ? ok(undefined) : await selected(kept, input.select);
    if (!chosen.ok) return chosen;
    const text = chosen.value?.text ?? kept.text;
    const about = {
      content_note: CONTENT_NOTE,
      response_id,
      kind: kept.kind,
      content_type: kept.contentType,
      total_chars: text.length,
      offset,
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

async function selected({ kind, text }: KeptResponse, expression: string) {
  if (kind !== 'json') return err(failure('INPUT/SELECT_INVALID', { problem: 'the body is not JSON' }));
  const selection = await parseSelection(expression);
  if (!selection.ok) return selection;
  const value = selection.value(JSON.parse(text) as unknown);
  return value.ok ? ok({ value: value.value, text: JSON.stringify(value.value) }) : value;
}
