import type { QueryField, UrlTemplate } from '../../collection/model.ts';
import { encodeComponent } from '../../request/percent-encode.ts';
import type { Template } from '../../template/template.ts';
import { type Lose, type WritePair, writeTemplate } from './write-text.ts';

/** The URL with its enabled parameters, as Bruno sends it. */
export function urlText({ address, query, fragment }: UrlTemplate): string {
  const sent = query.filter(({ enabled }) => enabled).map(parameterText);
  const search = sent.length > 0 ? `?${sent.join('&')}` : '';
  return `${writeTemplate(address)}${search}${fragment === undefined ? '' : `#${writeTemplate(fragment)}`}`;
}

/** The list of parameters that Bruno keeps beside the URL: those that have a name. */
export function queryPairs({ query }: UrlTemplate, lose: Lose): WritePair[] {
  return query.flatMap(({ name, value, ...state }): WritePair[] => {
    if (name === null || name.length === 0) {
      if (!state.enabled) lose('a disabled query parameter without a name');
      return [];
    }
    return [{ name: escaped(name, NAME_ENDS), value: escaped(value ?? [], VALUE_ENDS), ...state }];
  });
}

const NAME_ENDS = /[&#=]/g;
const VALUE_ENDS = /[&#]/g;

function parameterText({ name, value }: QueryField): string {
  const text = escaped(name ?? [], NAME_ENDS);
  return value === null ? text : `${text}=${escaped(value, VALUE_ENDS)}`;
}

/** What stands in a field belongs to it, also where it would end it in a URL. */
function escaped(template: Template, ends: RegExp): string {
  const parts = template.map((part) =>
    part.kind === 'text' ? { ...part, text: part.text.replace(ends, encodeComponent) } : part,
  );
  return writeTemplate(parts);
}
