// OAuth fields under Postman's names.
import {
  type ParameterList,
  type ParameterPlace,
  parameterField,
  readParameterField,
} from '../../collection/oauth2-parameters.ts';
import { type BruBlock, pairsOf } from './syntax.ts';

const OAUTH1: Readonly<Record<string, string>> = {
  consumer_key: 'consumerKey',
  consumer_secret: 'consumerSecret',
  access_token: 'token',
  token_secret: 'tokenSecret',
  callback_url: 'callback',
  verifier: 'verifier',
  signature_method: 'signatureMethod',
  private_key: 'privateKey',
  timestamp: 'timestamp',
  nonce: 'nonce',
  version: 'version',
  realm: 'realm',
  include_body_hash: 'includeBodyHash',
};

/** Bruno places the parameters in the header (the default), the body or the query; Postman knows the header or the rest. */
export function oauth1Fields(stated: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const fields = renamed(stated, OAUTH1);
  const placement = stated.get('placement') || 'header';
  fields.set('addParamsToHeader', String(placement === 'header'));
  if (placement !== 'header') fields.set('placement', placement);
  return fields;
}

const OAUTH2: Readonly<Record<string, string>> = {
  access_token_url: 'accessTokenUrl',
  authorization_url: 'authUrl',
  refresh_token_url: 'refreshTokenUrl',
  callback_url: 'redirect_uri',
  client_id: 'clientId',
  client_secret: 'clientSecret',
  username: 'username',
  password: 'password',
  scope: 'scope',
  state: 'state',
  credentials_id: 'tokenName',
  token_query_key: 'tokenQueryName',
  token_source: 'tokenSourceType',
};
const OAUTH2_DEFAULTS: Readonly<Record<string, string>> = {
  credentials_id: 'credentials',
  token_query_key: 'access_token',
  token_source: 'access_token',
};

const GRANTS: Readonly<Record<string, string>> = { password: 'password_credentials' };

/** Bruno's defaults are stated where they are not Postman's: credentials in the body, no word in front of the token. */
export function oauth2Fields(stated: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const grant = stated.get('grant_type') ?? '';
  const fields = new Map([
    ['grant_type', grantOf(grant, stated.get('pkce') === 'true')],
    ...renamed(stated, OAUTH2, OAUTH2_DEFAULTS),
  ]);
  const inHeader = stated.get('credentials_placement') === 'basic_auth_header';
  if (grant !== 'implicit') fields.set('client_authentication', inHeader ? 'header' : 'body');
  const isInQuery = stated.get('token_placement') === 'url';
  fields.set('addTokenTo', isInQuery ? 'queryParams' : 'header');
  if (!isInQuery) fields.set('headerPrefix', stated.get('token_header_prefix') ?? '');
  return fields;
}

function grantOf(grant: string, pkce: boolean): string {
  if (grant === 'authorization_code' && pkce) return 'authorization_code_with_pkce';
  return Object.hasOwn(GRANTS, grant) ? (GRANTS[grant] ?? grant) : grant;
}

type Names = Readonly<Record<string, string>>;

/** Fields that say nothing are left out. */
function renamed(stated: ReadonlyMap<string, string>, names: Names, defaults: Names = {}): Map<string, string> {
  const fields = new Map<string, string>();
  for (const [from, to] of Object.entries(names)) {
    const value = stated.get(from) ?? '';
    if (value !== '' && value !== defaults[from]) fields.set(to, value);
  }
  return fields;
}

const LISTS: readonly (readonly [name: string, list: ParameterList])[] = [
  ['auth_req', 'authRequestParams'],
  ['access_token_req', 'tokenRequestParams'],
  ['refresh_token_req', 'refreshRequestParams'],
];
const PLACES: readonly (readonly [name: string, place: ParameterPlace])[] = [
  ['headers', 'header'],
  ['queryparams', 'query'],
  ['body', 'body'],
];

/** The enabled parameters of blocks such as `auth:oauth2:additional_params:access_token_req:body`, as fields of the model. */
export function oauth2Parameters(blocks: readonly BruBlock[]): [field: string, text: string][] {
  const found = LISTS.flatMap(([request, list]) =>
    PLACES.flatMap(([part, place]) =>
      pairsOf(blocks, parameterBlock(request, part))
        .filter(({ name, enabled }) => enabled && name !== '')
        .map(({ name, value }) => ({ list, place, name, value })),
    ),
  );
  return found.map((parameter, index) => [parameterField(parameter, index), parameter.value]);
}

/** The block and name of such a field; undefined for any other. */
export function parameterPlace(field: string): { readonly block: string; readonly name: string } | undefined {
  const parameter = readParameterField(field);
  const request = LISTS.find(([, list]) => list === parameter?.list)?.[0];
  const part = PLACES.find(([, place]) => place === parameter?.place)?.[0];
  if (!parameter || request === undefined || part === undefined) return undefined;
  return { block: parameterBlock(request, part), name: parameter.name };
}

function parameterBlock(request: string, part: string): string {
  return `auth:oauth2:additional_params:${request}:${part}`;
}
