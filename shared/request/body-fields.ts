// The fields at the top of a body, read in the way of each parser that a server might have: which one it takes, a header says that
// the agent may have set. Secrets are read as the text that stands in their place.
import { displayRendered, renderedText } from '../template/render.ts';
import type { Rendered } from '../template/template.ts';
import { jsonMembers } from './json-members.ts';
import type { PlannedBody } from './plan.ts';

/** A name in plain text, undefined where only the signer knows it; of a value that cannot be told nothing. */
export type MethodField = readonly [name: string | undefined, value: Rendered];

/**
 * The names and values of a form, of the parts of a multipart body, and of a JSON object, where one may name a method. Of a file's
 * bytes nothing is read.
 */
export function methodFields(body: PlannedBody): readonly MethodField[] {
  switch (body.kind) {
    case 'none':
    case 'bytes':
      return [];
    case 'urlencoded':
      return body.fields.map(({ name, value }) => [renderedText(name), value]);
    case 'multipart':
      return body.parts.map((part) => [renderedText(part.name), part.kind === 'text' ? part.value : []]);
    case 'text':
      return textFields(displayRendered(body.text));
  }
}

const PAIR = /(?:^|[&;])([^=&;]*)=([^&;]*)/g;
const PART_NAME = /\bname\s*=\s*"?([^";\r\n]*)/gi;

/** Without one of these no name in a text can be one that is looked for, and most texts have none. */
const MAY_NAME_METHOD = /method|verb|%[4-7][\da-f]|\\u00[4-7]/i;

function textFields(text: string): MethodField[] {
  if (!MAY_NAME_METHOD.test(text)) return [];
  const pairs = Array.from(text.matchAll(PAIR), ([, name = '', value = '']) => named(lenient(name), lenient(value)));
  const parts = Array.from(text.matchAll(PART_NAME), ([, name = '']) => named(name, ''));
  const members = jsonMembers(text, 1).map(({ name, value }) => named(name, value));
  return [...pairs, ...parts, ...members];
}

function named(name: string, value: string): MethodField {
  return [name, [{ kind: 'text', text: value }]];
}

/** Percent-decoded wherever that is possible: most such texts are no form at all. */
function lenient(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}
