import type { AuthTemplate } from '../../collection/model.ts';
import { isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';
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
  const stated = parameters(auth[type]).map(([name, value]): [string, string] => [name, textOf(value)]);
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
