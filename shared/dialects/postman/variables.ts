import type { Variable } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';
import { sealPlain, sealVariable } from '../../collection/seal-literals.ts';
import { isSensitiveName } from '../../redact/names.ts';

/** Variables of a collection, a folder or an environment: a list of objects, or a map. */
export function readVariables(list: unknown): Variable[] {
  if (isObject(list)) return Object.entries(list).map(([key, value]) => toVariable(key, { value }));
  return listOr(list).flatMap((entry) => {
    if (!isObject(entry)) return [];
    const name = entry.key ?? entry.id;
    return typeof name === 'string' && name !== '' ? [toVariable(name, entry)] : [];
  });
}

function toVariable(name: string, entry: JsonObject): Variable {
  const marked = entry.type === 'secret';
  const secret = marked || isSensitiveName(name);
  const text = variableText(entry);
  return {
    name,
    value: secret ? sealVariable(text, marked ? 'marked' : 'named') : sealPlain(text),
    enabled: entry.enabled !== false && !entry.disabled,
    secret,
    ...descriptionOf(entry.description),
  };
}

/** A stated null reads `null`, as Postman's Variable#toString gives it. */
function variableText(entry: JsonObject): string {
  return entry.value === null ? 'null' : textOf(entry.value);
}
