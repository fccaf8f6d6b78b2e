import { isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { type ParameterList, type ParameterPlace, parameterField } from '../../collection/oauth2-parameters.ts';
import { createSecretAuthTest } from '../../collection/secret-auth-fields.ts';
import type { Template } from '../../template/template.ts';
import type { Sealer } from './sealer.ts';

export interface Oauth2Fields {
  readonly fields: Readonly<Record<string, Template>>;
  readonly notes: readonly string[];
}

const PASSWORD_FLOW = 'resource_owner_password_credentials';

/** The nested configuration of the schema as the flat fields of the model. */
export function readOauth2(auth: JsonObject, sealer: Sealer): Oauth2Fields {
  const credentials = objectOr(auth.credentials);
  const owner = objectOr(auth.resourceOwner);
  const token = readTokenConfig(objectOr(auth.tokenConfig));
  const extra = readAdditional(objectOr(auth.additionalParameters));
  const isSecret = createSecretAuthTest('oauth2', undefined);
  const plain = {
    grant_type: grantOf(auth),
    accessTokenUrl: auth.accessTokenUrl,
    authUrl: auth.authorizationUrl,
    refreshTokenUrl: auth.refreshTokenUrl,
    redirect_uri: auth.callbackUrl,
    clientId: credentials.clientId,
    client_authentication: placementOf(credentials.placement),
    username: owner.username,
    scope: auth.scope,
    state: auth.state,
    challengeAlgorithm: textOf(objectOr(auth.pkce).method) === 'plain' ? 'plain' : undefined,
    ...token.fields,
    ...pick(extra, (name) => !isSecret(name)),
  };
  const secret = { clientSecret: credentials.clientSecret, password: owner.password, ...pick(extra, isSecret) };
  return {
    fields: Object.fromEntries([...templates(plain, sealer.value), ...templates(secret, sealer.secret)]),
    notes: token.notes,
  };
}

function templates(stated: JsonObject, seal: (text: string) => Template): [string, Template][] {
  return Object.entries(stated).flatMap(([name, value]): [string, Template][] =>
    value === undefined || value === null ? [] : [[name, seal(textOf(value))]],
  );
}

function grantOf(auth: JsonObject): string {
  const flow = textOf(auth.flow);
  const withPkce = flow === 'authorization_code' && isObject(auth.pkce) && auth.pkce.disabled !== true;
  if (withPkce) return 'authorization_code_with_pkce';
  return flow === PASSWORD_FLOW ? 'password_credentials' : flow;
}

function placementOf(placement: unknown): string | undefined {
  if (placement === undefined || placement === null) return undefined;
  return placement === 'body' ? 'body' : 'header';
}

interface Part {
  readonly fields: JsonObject;
  readonly notes: readonly string[];
}

const OTHER_HEADER = 'The access token is sent in the Authorization header and not in the one that is stated';
const OTHER_QUERY = 'The access token is sent as the query parameter access_token and not as the one that is stated';
const ID_TOKEN = 'The access token is sent and not the id token that is stated';

function readTokenConfig(config: JsonObject): Part {
  const { header, query } = objectOr(config.placement);
  const notes = config.source === 'id_token' ? [ID_TOKEN] : [];
  const tokenName = config.id;
  if (typeof query === 'string') {
    if (query !== '' && query !== 'access_token') notes.push(OTHER_QUERY);
    return { fields: { tokenName, addTokenTo: 'queryParams' }, notes };
  }
  if (typeof header !== 'string') return { fields: { tokenName }, notes };
  // The schema means the header's name here, Bruno writes the prefix of the value: no prefix has a dash.
  if (header.toLowerCase() === 'authorization') return { fields: { tokenName, addTokenTo: 'header' }, notes };
  if (header.includes('-')) {
    return { fields: { tokenName, addTokenTo: 'header' }, notes: [...notes, OTHER_HEADER] };
  }
  return { fields: { tokenName, addTokenTo: 'header', headerPrefix: header }, notes };
}

const LISTS = new Map<string, ParameterList>([
  ['authorizationRequest', 'authRequestParams'],
  ['accessTokenRequest', 'tokenRequestParams'],
  ['refreshTokenRequest', 'refreshRequestParams'],
]);

/** `audience` and `resource` have fields of their own, every other parameter one as in all dialects. */
function readAdditional(additional: JsonObject): JsonObject {
  const fields = new Map<string, unknown>();
  let index = 0;
  for (const [request, stated] of Object.entries(additional)) {
    const list = LISTS.get(request);
    if (list === undefined) continue;
    for (const parameter of listOr(stated).filter(isObject)) {
      const name = textOf(parameter.name);
      if (name === '') continue;
      const isOwn =
        (name === 'audience' || name === 'resource') && !fields.has(name) && list !== 'refreshRequestParams';
      const place = parameterPlace(parameter.placement, list);
      fields.set(isOwn ? name : parameterField({ list, place, name }, index), parameter.value);
      index += 1;
    }
  }
  return Object.fromEntries(fields);
}

function parameterPlace(stated: unknown, list: ParameterList): ParameterPlace {
  if (stated === 'header' || stated === 'query' || stated === 'body') return stated;
  return list === 'authRequestParams' ? 'query' : 'body';
}

function pick(fields: JsonObject, wanted: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => wanted(name)));
}
