import type { AuthTemplate } from '../../collection/model.ts';
import { isObject, type JsonObject, textOf } from '../../collection/narrow.ts';
import { createSecretAuthTest } from '../../collection/secret-auth-fields.ts';
import type { Template } from '../../template/template.ts';
import { readOauth2 } from './oauth2.ts';
import type { Sealer } from './sealer.ts';

/** One place that may state an auth. */
export interface AuthLevel {
  readonly from: 'request' | 'folder' | 'collection';
  readonly auth: unknown;
}

export interface ReadAuth {
  readonly auth: AuthTemplate;
  readonly notes: readonly string[];
}

const NONE: AuthTemplate = { type: 'none', fields: {}, from: 'none' };

/**
 * The request's own auth, or where it says `inherit` the nearest folder's or the collection's. A request that states none
 * has none; a folder that states none leaves it to what is outside of it.
 */
export function readAuth(request: unknown, around: readonly AuthLevel[], sealer: Sealer): ReadAuth {
  const own = statedAuth(request);
  if (own !== undefined) return toTemplate(own, 'request', sealer);
  if (request !== 'inherit' && typeOf(request) !== 'inherit') return { auth: NONE, notes: [] };
  for (const { from, auth } of around) {
    const stated = statedAuth(auth);
    if (stated !== undefined) return toTemplate(stated, from, sealer);
  }
  return { auth: NONE, notes: [] };
}

function statedAuth(auth: unknown): JsonObject | undefined {
  const type = typeOf(auth);
  return isObject(auth) && type !== '' && type !== 'none' && type !== 'inherit' ? auth : undefined;
}

/** Bruno's other files call it `mode`. */
function typeOf(auth: unknown): string {
  return isObject(auth) ? textOf(auth.type ?? auth.mode) : '';
}

/** The schema's name of a type or field where the model's is another. */
const TYPES = new Map([['akamai-edgegrid', 'edgegrid']]);
const FIELDS = new Map([
  ['awsv4 accessKeyId', 'accessKey'],
  ['awsv4 secretAccessKey', 'secretKey'],
  ['apikey placement', 'in'],
  ['oauth1 accessToken', 'token'],
  ['oauth1 accessTokenSecret', 'tokenSecret'],
  ['oauth1 callbackUrl', 'callback'],
]);

function toTemplate(stated: JsonObject, from: AuthLevel['from'], sealer: Sealer): ReadAuth {
  const type = TYPES.get(typeOf(stated)) ?? typeOf(stated);
  if (type === 'oauth2') {
    const { fields, notes } = readOauth2(stated, sealer);
    return { auth: { type, fields, from }, notes };
  }
  const fields = new Map<string, Template>();
  const isSecret = createSecretAuthTest(type, textOf(stated.password));
  for (const [name, value] of Object.entries(stated)) {
    if (name === 'type' || name === 'mode' || value === null || value === undefined) continue;
    const field = FIELDS.get(`${type} ${name}`) ?? name;
    fields.set(field, isSecret(field) ? sealer.secret(textOf(value)) : sealer.value(textOf(value)));
  }
  if (type === 'oauth1') readOauth1(stated, fields, sealer);
  return { auth: { type, fields: Object.fromEntries(fields), from }, notes: notesOf(type, fields) };
}

const KEY_FILE = 'the private key of this request stands in a file of its own, which is not read';

/** What the schema has in one field and the model in two, or the other way round. */
function readOauth1(stated: JsonObject, fields: Map<string, Template>, sealer: Sealer): void {
  const key = stated.privateKey;
  if (isObject(key)) {
    const text = textOf(key.value);
    fields.set(
      'privateKey',
      key.type === 'file' ? [{ kind: 'unsupported', text, problem: KEY_FILE }] : sealer.secret(text),
    );
  }
  const placement = textOf(stated.placement) || 'header';
  fields.set('addParamsToHeader', sealer.plain(String(placement === 'header')));
  if (placement === 'header') fields.delete('placement');
}

function notesOf(type: string, fields: ReadonlyMap<string, Template>): string[] {
  return type === 'awsv4' && (fields.get('profileName')?.length ?? 0) > 0 ? ['AWS profiles are not read'] : [];
}
