// The URL as it is sent, with what only `params:query` has of it: disabled parameters and descriptions.
import type { QueryField, UrlTemplate } from '../../collection/model.ts';
import { sealText } from '../../collection/seal-literals.ts';
import { limits } from '../../limits.ts';
import { templateText } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';
import { readUrl as readUrlText } from '../postman/url.ts';
import { descriptionOfPair, readFields } from './fields.ts';
import { type BruBlock, type BruPair, pairsOf } from './syntax.ts';
import type { Values } from './values.ts';

export interface ReadUrl {
  readonly url: UrlTemplate;
  /** Whether an enabled parameter stands in the block alone: Bruno sends the URL, so it is kept as disabled. */
  readonly hasUnsent: boolean;
}

export function readUrl(text: string, blocks: readonly BruBlock[], values: Values): ReadUrl {
  const { address, query, fragment } = splitUrl(text);
  const listed = [...pairsOf(blocks, 'query'), ...pairsOf(blocks, 'params:query')];
  const sent = query.map(({ name, value, enabled }) => ({
    name: bindOr(name, values),
    value: bindOr(value, values),
    enabled,
  }));
  const url: UrlTemplate = {
    address: values.bind(address),
    query: listed.length === 0 ? sent : mergeQuery(sent, listed, values),
    ...(fragment && { fragment: values.bind(fragment) }),
    pathVariables: readFields(pairsOf(blocks, 'params:path'), values),
  };
  const kept = url.query.filter(({ enabled }) => !enabled).length;
  return { url, hasUnsent: kept > listed.filter(({ enabled }) => !enabled).length };
}

/** A URL that is too long to be sent is not taken apart; what of it is secret is not known then. */
function splitUrl(text: string): Pick<UrlTemplate, 'address' | 'query' | 'fragment'> {
  return text.length > limits.urlChars ? { address: sealText(text), query: [] } : readUrlText(text);
}

/** The parameters of the URL, each once, and between them what the list alone has, in the list's order. */
function mergeQuery(sent: readonly QueryField[], listed: readonly BruPair[], values: Values): QueryField[] {
  const places = placesOf(sent);
  const found = listed.map((pair) => (pair.enabled ? places.get(pairKey(pair, values))?.shift() : undefined));
  const notes = new Map(found.map((at, index) => [at, listed[index]?.description]));
  const described = sent.map((field, at): QueryField => {
    const description = notes.get(at) ?? '';
    return description === '' ? field : { ...field, description };
  });
  let next = 0;
  const query = listed.flatMap((pair, index): QueryField[] => {
    const at = found[index];
    if (at === undefined) return [toUnsent(pair, values)];
    const passed = described.slice(next, at + 1);
    next = Math.max(next, at + 1);
    return passed;
  });
  return [...query, ...described.slice(next)];
}

/** Where each name and value stands in the URL. What is sealed is told apart by its name alone. */
function placesOf(sent: readonly QueryField[]): Map<string, number[]> {
  const places = new Map<string, number[]>();
  sent.forEach(({ name, value }, at) => {
    const key = keyOf(name, value);
    const known = places.get(key);
    if (known) known.push(at);
    else places.set(key, [at]);
  });
  return places;
}

function pairKey({ name, value }: BruPair, values: Values): string {
  return keyOf(values.plain(name), values.field(name, value));
}

function keyOf(name: Template | null, value: Template | null): string {
  return [name, value].map((template) => templateText(template ?? []).trim()).join('\n');
}

function toUnsent(pair: BruPair, values: Values): QueryField {
  const { name, value } = pair;
  return { name: values.plain(name), value: values.field(name, value), enabled: false, ...descriptionOfPair(pair) };
}

function bindOr(template: Template | null, values: Values): Template | null {
  return template === null ? null : values.bind(template);
}
