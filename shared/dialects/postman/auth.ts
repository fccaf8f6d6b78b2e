import type { AuthTemplate } from '../../collection/model.ts';
import { isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';
import { type ParameterPlace, parameterField, parameterLists } from '../../collection/oauth2-parameters.ts';
import { sealPlain, sealText } from '../../collection/seal-literals.ts';
import { createSecretAuthTest } from '../../collection/secret-auth-fields.ts';
import type { Template } from '../../template/template.ts';

/** One place that may state an auth, nearest first. */
export interface AuthLevel {
  readonly from: 'request' | 'folder' | 'collection';
  readonly auth: unknown;
}

/** The nearest stated auth. null, absent and untyped inherit; `noauth` stops the search. */
export function inheritAuth(levels: readonly AuthLevel[]): AuthTemplate {
  for (const { from, auth } of levels) {
    if (isObject(auth) && typeof auth.type === 'string' && auth.type !== '' && auth.type !== 'type') {
      return readAuth(auth, auth.type, from);
    }
  }
  return { type: 'none', fields: {}, from: 'none' };
}

function readAuth(auth: JsonObject, type: string, from: AuthLevel['from']): AuthTemplate {
  if (type === 'noauth') return { type: 'none', fields: {}, from };
  const stated = parameters(auth[type])
    .flatMap((attribute) => (type === 'oauth2' ? oauth2Attributes(attribute) : [attribute]))
    .map(([name, value]): [string, string] => [name, textOf(value)]);
  const isSecret = createSecretAuthTest(type, new Map(stated).get('password'));
  const fields = stated.map(([name, text]): [string, Template] => [
    name,
    isSecret(name) ? sealText(text) : sealPlain(text),
  ]);
  return { type, fields: Object.fromEntries(fields), from };
}

/** 2.1 lists `{ key, value, type }`, 2.0 maps names to values. */
function parameters(stated: unknown): [string, unknown][] {
  if (isObject(stated)) return Object.entries(stated);
  return listOr(stated).flatMap((entry): [string, unknown][] => {
    if (!isObject(entry) || typeof entry.key !== 'string') return [];
    return [[entry.key, entry.value]];
  });
}

const PLACES: Readonly<Record<string, ParameterPlace>> = {
  request_body: 'body',
  request_header: 'header',
  request_url: 'query',
};

/** A list of parameters becomes a field for each enabled one; older files map ids to values where one is meant. */
function oauth2Attributes([name, value]: [string, unknown]): [string, unknown][] {
  if ((name === 'audience' || name === 'resource') && isObject(value)) return [[name, Object.values(value)[0]]];
  const list = parameterLists.find((each) => each === name);
  if (list === undefined || !Array.isArray(value)) return [[name, value]];
  return value.flatMap((entry: unknown, index): [string, unknown][] => {
    if (!isObject(entry) || entry.enabled === false) return [];
    const sentAs = textOf(entry.send_as);
    const place =
      (Object.hasOwn(PLACES, sentAs) && PLACES[sentAs]) || (list === 'authRequestParams' ? 'query' : 'body');
    const key = textOf(entry.key);
    return key === '' ? [] : [[parameterField({ list, place, name: key }, index), entry.value]];
  });
}
