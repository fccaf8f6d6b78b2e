import type { QueryField, UrlTemplate } from '../../collection/model.ts';
import { isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';
import { readUrl as readPostmanUrl } from '../postman/url.ts';
import { readField } from './headers.ts';
import type { Texts } from './texts.ts';

/** The URL of a request: its own query first, then its parameters, as Insomnia joins them. */
export function readUrl(request: JsonObject, texts: Texts): UrlTemplate {
  const { address, query, fragment } = readPlainUrl(textOf(request.url), texts);
  const parameters = listOr(request.parameters).flatMap((entry) =>
    isObject(entry) ? readParameter(entry, texts) : [],
  );
  const pathVariables = listOr(request.pathParameters).flatMap((entry) =>
    isObject(entry) ? [readField(entry, texts.field, texts)] : [],
  );
  return { address, query: [...query, ...parameters], ...(fragment && { fragment }), pathVariables };
}

/** A parameter without a name is not sent; one without a value is sent as a bare name. */
function readParameter(entry: JsonObject, texts: Texts): QueryField[] {
  if (textOf(entry.name) === '') return [];
  const field = readField(entry, texts.field, texts);
  return [{ ...field, value: field.value.length === 0 ? null : field.value }];
}

/** The URL as it stands in its field. Each of its templates is one atom while it is split. */
function readPlainUrl(text: string, texts: Texts): Omit<UrlTemplate, 'pathVariables'> {
  const { encoded, decode } = texts.encode(text);
  const { address, query, fragment } = readPostmanUrl(encoded);
  return {
    address: decode(address),
    query: query.map((field) => ({
      ...field,
      name: field.name && decode(field.name),
      value: field.value && decode(field.value),
    })),
    ...(fragment && { fragment: decode(fragment) }),
  };
}
