import type { AuthTemplate } from '../../collection/model.ts';
import { isObject, type JsonObject, textOf } from '../../collection/narrow.ts';
import { createSecretAuthTest } from '../../collection/secret-auth-fields.ts';
import type { Template } from '../../template/template.ts';
import { authFields, isLogin, NO_PREFIX } from './auth-fields.ts';
import type { Texts } from './texts.ts';

/** The request's own auth, else that of the nearest folder that has one; one that is disabled is passed over. */
export function inheritAuth(request: JsonObject, folders: readonly JsonObject[], texts: Texts): AuthTemplate {
  const inward = [request, ...folders.toReversed()];
  const at = inward.findIndex(({ authentication }) => isStated(authentication));
  const stated = inward[at]?.authentication;
  if (!isObject(stated)) return { type: 'none', fields: {}, from: 'none' };
  return { ...readAuth(stated, texts), from: at === 0 ? 'request' : 'folder' };
}

function isStated(auth: unknown): boolean {
  return isObject(auth) && typeof auth.type === 'string' && auth.type !== '' && auth.disabled !== true;
}

type Read = Pick<AuthTemplate, 'type' | 'fields'>;

function readAuth(auth: JsonObject, texts: Texts): Read {
  const type = textOf(auth.type);
  if (type === 'none') return { type, fields: {} };
  const known = Object.hasOwn(authFields, type) ? authFields[type] : undefined;
  if (!known) return readUnknown(auth, type, texts);
  const isSecret = createSecretAuthTest(known.type, textOf(auth.password));
  const fields = Object.entries(known.fields).flatMap(([from, to]) => fieldOf(to, auth[from], isSecret, texts));
  return { type: known.type, fields: Object.fromEntries([...fields, ...(MORE[type]?.(auth, texts) ?? [])]) };
}

type NamedTemplate = readonly [name: string, value: Template];

type ReadMore = (auth: JsonObject, texts: Texts) => readonly NamedTemplate[];

/** What takes more than a field by a field. */
const MORE: Readonly<Record<string, ReadMore>> = {
  apikey: apiKeyPlace,
  basic: ({ useISO88591 }, texts) => (useISO88591 === true ? [['useISO88591', texts.plain('true')]] : []),
  bearer: bearerPrefix,
  oauth1: (_, texts) => [['addParamsToHeader', texts.plain('true')]],
  oauth2: oauth2More,
};

/** An empty field is one that is not filled in; only an empty login means something. */
function fieldOf(name: string, value: unknown, isSecret: (field: string) => boolean, texts: Texts): NamedTemplate[] {
  const text = textOf(value);
  if (text === '' && (value === undefined || !isLogin(name))) return [];
  return [[name, isSecret(name) ? texts.secret(text) : texts.value(text)]];
}

function apiKeyPlace({ addTo }: JsonObject, texts: Texts): NamedTemplate[] {
  const place = textOf(addTo);
  const places: Readonly<Record<string, string>> = { '': 'header', queryParams: 'query' };
  return [['in', texts.plain(Object.hasOwn(places, place) ? (places[place] ?? place) : place)]];
}

/** What stands before the token. */
function bearerPrefix({ prefix }: JsonObject, texts: Texts): NamedTemplate[] {
  const word = textOf(prefix).trim();
  if (word === '' || word === 'Bearer') return [];
  return [['prefix', word === NO_PREFIX ? [] : texts.value(word)]];
}

const GRANTS: Readonly<Record<string, string>> = { password: 'password_credentials' };

function oauth2More(auth: JsonObject, texts: Texts): NamedTemplate[] {
  const stated = textOf(auth.grantType) || 'authorization_code';
  const withPkce = stated === 'authorization_code' && auth.usePkce === true;
  const grant = withPkce ? 'authorization_code_with_pkce' : (Object.hasOwn(GRANTS, stated) && GRANTS[stated]) || stated;
  const prefix = textOf(auth.tokenPrefix);
  return [
    ['grant_type', texts.plain(grant)],
    ['client_authentication', texts.plain(auth.credentialsInBody === true ? 'body' : 'header')],
    ...(prefix === '' ? [] : [['headerPrefix', texts.plain(prefix === NO_PREFIX ? '' : prefix)] as const]),
  ];
}

/** What is not known keeps its name and its fields, so that it fails instead of being something else. */
function readUnknown(auth: JsonObject, type: string, texts: Texts): Read {
  const stated = Object.entries(auth).filter(([name]) => name !== 'type' && name !== 'disabled');
  const isSecret = createSecretAuthTest(type, textOf(auth.password));
  return { type, fields: Object.fromEntries(stated.flatMap(([name, value]) => fieldOf(name, value, isSecret, texts))) };
}
