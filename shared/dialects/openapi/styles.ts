// How a parameter's value becomes text: the table "Style Examples" of OpenAPI 3.1.1, section 4.8.12.3 (RFC 6570), and
// collectionFormat of Swagger 2, section "Parameter Object".
import { encodeComponent } from '../../request/percent-encode.ts';
import { plainTemplate } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';

export type Style =
  | 'matrix'
  | 'label'
  | 'form'
  | 'simple'
  | 'spaceDelimited'
  | 'pipeDelimited'
  | 'tabDelimited'
  | 'deepObject';

/** A scalar, the items of an array, or the properties of an object; each sealed and encoded already, where that is wanted. */
export type StyledValue =
  | { readonly kind: 'scalar'; readonly text: Template }
  | { readonly kind: 'list'; readonly items: readonly Template[] }
  | { readonly kind: 'record'; readonly entries: readonly Pair[] };

export type Pair = readonly [name: string, value: Template];

export interface Styling {
  readonly name: string;
  readonly style: Style;
  readonly explode: boolean;
  /** In a URL, where separators other than the comma are percent-encoded. */
  readonly inUrl: boolean;
}

const SEPARATORS: Readonly<Record<Style, string>> = {
  matrix: ',',
  label: ',',
  form: ',',
  simple: ',',
  spaceDelimited: ' ',
  pipeDelimited: '|',
  tabDelimited: '\t',
  deepObject: ',',
};

/** Name and value pairs in a query, a form or a cookie. Names are not encoded. */
export function stylePairs(styling: Styling, value: StyledValue): Pair[] {
  const { name, style, explode } = styling;
  if (value.kind === 'scalar') return [[name, value.text]];
  if (style === 'deepObject' && value.kind === 'record') {
    return value.entries.map(([key, text]) => [`${name}[${key}]`, text]);
  }
  // The table has no exploded form of the delimited styles; where a file asks for it, every item is a pair as with `form`.
  if (explode || style === 'deepObject') {
    return value.kind === 'list' ? value.items.map((item) => [name, item]) : [...value.entries];
  }
  return [[name, join(flat(value), separatorOf(styling))]];
}

/** The text of a path segment or a header. */
export function styleText(styling: Styling, value: StyledValue): Template {
  const { name, style, explode } = styling;
  if (style === 'matrix') return matrix(name, explode, value);
  if (style === 'label') return [...plainTemplate('.'), ...joined(value, explode, explode ? '.' : ',')];
  return joined(value, explode, separatorOf(styling));
}

function separatorOf({ style, inUrl }: Styling): string {
  const separator = SEPARATORS[style];
  return inUrl && separator !== ',' ? encodeComponent(separator) : separator;
}

function matrix(name: string, explode: boolean, value: StyledValue): Template {
  const pair = (key: string, text: Template): Template => [
    ...plainTemplate(text.length === 0 ? `;${key}` : `;${key}=`),
    ...text,
  ];
  if (!explode || value.kind === 'scalar') return pair(name, joined(value, false, ','));
  if (value.kind === 'list') return value.items.flatMap((item) => pair(name, item));
  return value.entries.flatMap(([key, text]) => pair(key, text));
}

function joined(value: StyledValue, explode: boolean, separator: string): Template {
  if (value.kind === 'scalar') return value.text;
  if (value.kind === 'list') return join(value.items, separator);
  if (!explode) return join(flat(value), separator);
  return join(
    value.entries.map(([key, text]) => [...plainTemplate(`${key}=`), ...text]),
    separator,
  );
}

function flat(value: Exclude<StyledValue, { kind: 'scalar' }>): readonly Template[] {
  return value.kind === 'list' ? value.items : value.entries.flatMap(([key, text]) => [plainTemplate(key), text]);
}

function join(parts: readonly Template[], separator: string): Template {
  return parts.flatMap((part, index) => (index === 0 ? part : [...plainTemplate(separator), ...part]));
}
