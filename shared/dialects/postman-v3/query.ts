import type { QueryField, UrlTemplate } from '../../collection/model.ts';
import { textOf } from '../../collection/narrow.ts';
import { templateText } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { readUrl } from '../postman/url.ts';
import { entriesOf } from './entries.ts';

export interface ReadUrl {
  readonly url: UrlTemplate;
  readonly notes: readonly string[];
}

const DIFFERS = 'A query parameter has one value in the URL and another in queryParams; the latter is sent.';

/**
 * The URL with its parameters. Postman writes an enabled query parameter twice, in the URL and in `queryParams`, and people
 * who write by hand do it in either: by name and position among equal names they are one.
 */
export function readRequestUrl(url: unknown, queryParams: unknown, pathVariables: unknown): ReadUrl {
  const stated = readUrl({ raw: textOf(url), variable: entriesOf(pathVariables) });
  const { query: listed } = readUrl({ query: entriesOf(queryParams) });
  const left = [...listed];
  let differs = false;
  const query = stated.query.map((field): QueryField => {
    const at = left.findIndex(({ name, enabled }) => enabled && name && textIn(name) === textIn(field.name));
    const [twin] = at < 0 ? [] : left.splice(at, 1);
    if (!twin) return field;
    const same = isSameValue(field.value, twin.value);
    differs ||= !same;
    return same ? { ...twin, value: field.value } : twin;
  });
  return { url: { ...stated, query: [...query, ...left] }, notes: differs ? [DIFFERS] : [] };
}

/** `?a` and an empty value in the list say the same. */
function isSameValue(inUrl: Template | null, inList: Template | null): boolean {
  return textIn(inUrl) === textIn(inList);
}

function textIn(template: Template | null): string {
  return templateText(template ?? []);
}
