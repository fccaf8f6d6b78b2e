import { redactString } from '../../shared/redact/redact-string.ts';
import { parseQuery } from '../../shared/search/query.ts';
import { createTextIndex, type SearchDocument } from '../../shared/search/text-index.ts';

/** Those that match a query, best first and equally good ones in their order; without a query all of them. */
export function rankByWords<T>(
  items: readonly T[],
  query: string | undefined,
  textsOf: (item: T) => SearchDocument,
): readonly T[] {
  const wanted = parseQuery(query);
  if (!wanted) return items;
  const documents = items.map(textsOf);
  const found: { readonly item: T; readonly rank: number }[] = [];
  const index = createTextIndex(items.length, (at) => documents[at] ?? {}).finish();
  index.find(wanted, (at, rank) => {
    const item = items[at];
    if (item !== undefined) found.push({ item, rank });
  });
  return found.sort((a, b) => a.rank - b.rank).map(({ item }) => item);
}

/**
 * What presenting a text leaves of it. Whatever is searched has to go through here: a search of what is redacted would tell
 * a secret letter by letter.
 */
export function asPresented(text: string): string {
  return redactString(text).text;
}
