import { handlePart } from '../../collection/handle-part.ts';
import type { Variable } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';
import { isSensitiveName } from '../../redact/names.ts';
import type { Template } from '../../template/template.ts';
import { isEnabled, selectedVariant } from './fields.ts';
import type { Sealer } from './sealer.ts';

/** Variables; `environment` is the name of the one that declares them, whose own handles are looked for first. */
export function readVariables(list: unknown, sealer: Sealer, environment?: string): Variable[] {
  return listOr(list).flatMap((entry) => {
    if (!isObject(entry) || entry.name === undefined || entry.name === null) return [];
    const name = textOf(entry.name);
    return name === '' ? [] : [toVariable(name, entry, { sealer, environment })];
  });
}

/** What an external provider keeps: handles, because nothing is fetched from the provider. */
export function readExternalSecrets(stated: unknown, environment: string): Variable[] {
  const list = isObject(stated) ? stated.variables : undefined;
  return listOr(list).flatMap((entry) => {
    const name = isObject(entry) ? textOf(entry.name) : '';
    if (!isObject(entry) || name === '') return [];
    const value = [handlePart(name, { scope: environment })];
    return [{ name, value, enabled: isEnabled(entry), secret: true, ...descriptionOf(entry.description) }];
  });
}

interface Context {
  readonly sealer: Sealer;
  readonly environment: string | undefined;
}

function toVariable(name: string, entry: JsonObject, context: Context): Variable {
  const marked = entry.secret === true;
  const secret = marked || isSensitiveName(name);
  return {
    name,
    value: marked ? markedValue(name, entry, context) : namedValue(variableText(entry), secret, context.sealer),
    enabled: isEnabled(entry),
    secret,
    ...descriptionOf(entry.description),
  };
}

function namedValue(text: string, secret: boolean, sealer: Sealer): Template {
  return secret ? sealer.variable(text, 'named') : sealer.value(text);
}

/** The schema gives a secret variable no value; one that stands there all the same is what the files have for it. */
function markedValue(name: string, entry: JsonObject, { sealer, environment }: Context): Template {
  const text = variableText(entry);
  return [
    handlePart(name, {
      ...(environment !== undefined && { scope: environment }),
      ...(text !== '' && { otherwise: sealer.variable(text, 'marked') }),
    }),
  ];
}

/** A text, `{ type, data }`, or variants of these. */
function variableText(entry: JsonObject): string {
  const value = selectedVariant(entry.value, 'value');
  return textOf(isObject(value) && 'data' in value ? value.data : value);
}
