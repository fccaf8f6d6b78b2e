// A text that is sent as a form, as JSON or as parts has names too, which nobody split it into.
import { ok, type Result } from '../failure/result.ts';
import { displayRendered } from '../template/render.ts';
import { jsonMembers } from './json-members.ts';
import { FIELD_NAME, isCaptured, misplacedSecret } from './misplaced-secret.ts';
import type { PlannedBody, PlannedHeader } from './plan.ts';
import { headersNamed } from './plan-headers.ts';

/** SECRET/PLACE_NOT_ALLOWED where a captured token stands in the name of a field of a text. `headers` are those of the request. */
export function judgeTextNames(body: PlannedBody, headers: readonly PlannedHeader[]): Result<void> {
  const captured = body.kind === 'text' ? body.text.find(isCaptured) : undefined;
  if (body.kind !== 'text' || !captured) return ok(undefined);
  const text = body.text
    .map((piece) => (isCaptured(piece) ? MARK : displayRendered([piece]).replaceAll(MARK, ' ')))
    .join('');
  const [stated] = headersNamed(headers, 'content-type');
  const type = stated ? displayRendered(stated.value) : (body.contentType ?? '');
  const isNamed =
    jsonMembers(text, Number.POSITIVE_INFINITY).some(({ name }) => name.includes(MARK)) ||
    partNames(text).some((name) => name.includes(MARK)) ||
    (FORM_TYPE.test(type) && FORM_NAME.test(text));
  return isNamed ? misplacedSecret(captured, FIELD_NAME) : ok(undefined);
}

/** In the place of a captured token; of no meaning in any of these formats. */
const MARK = '\u{e000}';
const FORM_TYPE = /^\s*application\/x-www-form-urlencoded\b/i;
const FORM_NAME = /(?:^|&)[^=&\u{e000}]*\u{e000}/u;
const PART_NAME = /\bname\s*=\s*("[^"\r\n]*|[^";\s]*)/gi;

function partNames(text: string): readonly string[] {
  if (!/^content-disposition:/im.test(text)) return [];
  return Array.from(text.matchAll(PART_NAME), ([, name = '']) => name);
}
