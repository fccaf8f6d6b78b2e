// A JSON body: the value where it fits, else whole first parts of it, else text.
import { describeFailure } from '../../shared/failure/failure.ts';
import { limits } from '../../shared/limits.ts';
import type { SafeBody } from '../../shared/stages/stages.ts';
import { firstParts } from '../execute/first-parts.ts';
import { type ReadJson, writeJson } from '../execute/read-json.ts';
import { shapeOf } from '../execute/shape.ts';
import { moreParts, NUMBERS_AS_TEXT, SELECTED_FROM_PART, shownParts } from './body-sentences.ts';
import { aboutBody, type BodyOptions, keepBody, noteBody, type ShownBody, showText, withNote } from './show-text.ts';
import type { ToolContext } from './tool.ts';

export interface JsonBody {
  readonly body: SafeBody;
  readonly json: ReadJson;
  readonly options: BodyOptions;
  readonly context: ToolContext;
}

/** Shows a JSON body, or what a selection takes of it. */
export function showJson({ body, json, options, context }: JsonBody): ShownBody {
  const { selection } = options;
  if (!selection) return showValue({ body, json, options, context });
  const selected = selection(json.value);
  if (!selected.ok) return noteBody(body, describeFailure(selected.failure).message, context);
  const shown = showValue({ body, json: { ...json, value: selected.value }, options, context });
  return body.incomplete === undefined ? shown : withNote(shown, SELECTED_FROM_PART);
}

function showValue({ body, json, options, context }: JsonBody): ShownBody {
  const { text = '' } = body;
  const { maxChars, selection, format } = options;
  const { value, numbersAsText } = json;
  if (format === 'shape') {
    const { shape, whole } = shapeOf(value, maxChars);
    return { ...aboutBody(body), shape, truncated: !whole, total_chars: text.length, ...keepBody(body, context) };
  }
  const isPart = selection !== undefined || body.incomplete !== undefined;
  const written = isPart ? writeJson(value) : text;
  if (written === undefined || format === 'text') return showText(body, written ?? text, options, context);
  const first = written.length <= maxChars || body.deep ? undefined : firstParts(value, maxChars);
  const shown = written.length <= maxChars ? value : first?.value;
  if (shown === undefined || (body.deep && isDeep(shown))) return showText(body, written, options, context);
  const note = numbersAsText ? NUMBERS_AS_TEXT : undefined;
  if (!first) {
    const kept = isPart ? keepBody(body, context) : {};
    return withNote({ ...aboutBody(body), value, truncated: false, ...kept }, note);
  }
  const kept = keepBody(body, context);
  const more = moreParts(first, { isKept: 'response_id' in kept, isSelection: selection !== undefined });
  const about = { ...aboutBody(body), value: shown, truncated: true, shown: shownParts(first), more };
  return withNote({ ...about, total_chars: written.length, ...kept }, note);
}

/** Whether a value is nested more deeply than readers of structured content go: it is shown as text, which has no depth. */
function isDeep(value: unknown): boolean {
  let level = [value].filter(isContainer);
  for (let depth = 1; level.length > 0; depth += 1) {
    if (depth > limits.valueDepth) return true;
    level = level.flatMap((each) => Object.values(each).filter(isContainer));
  }
  return false;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
