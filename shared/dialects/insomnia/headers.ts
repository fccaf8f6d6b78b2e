import type { Field } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';
import type { Template, TemplatePart } from '../../template/template.ts';
import type { Texts } from './texts.ts';

// Insomnia's SINGLE_VALUE_HEADERS: the nearest value wins; those of every other header are joined by a comma.
const SINGLE_VALUE = new Set([
  'proxy-authorization',
  'content-length',
  'content-type',
  'content-encoding',
  'content-location',
  'connection',
  'host',
  'upgrade',
  'range',
  'trailer',
]);

/** The headers of a request and of the folders around it, as Insomnia sends them; the levels are given outermost first. */
export function readHeaders(levels: readonly JsonObject[], texts: Texts): Field[] {
  const sent = new Map<string, Field & { value: TemplatePart[] }>();
  const disabled: Field[] = [];
  for (const entry of levels.flatMap(({ headers }) => listOr(headers)).filter(isObject)) {
    const name = textOf(entry.name);
    const field = readField(entry, texts.header, texts);
    if (!field.enabled) disabled.push(field);
    if (!field.enabled || name.trim() === '') continue;
    const key = name.toLowerCase();
    const value = SINGLE_VALUE.has(key) ? [] : (sent.get(key)?.value ?? []);
    if (value.length > 0) value.push({ kind: 'text', text: ', ' });
    for (const part of field.value) value.push(part);
    sent.set(key, { ...field, value });
  }
  return [...sent.values(), ...disabled];
}

/** A name and value pair of a list, `disabled` or not. */
export function readField(entry: JsonObject, read: (name: string, value: string) => Template, texts: Texts): Field {
  const name = textOf(entry.name);
  return {
    name: texts.plain(name),
    value: read(name, textOf(entry.value)),
    enabled: entry.disabled !== true,
    ...descriptionOf(entry.description),
  };
}
