// OAuth fields under Postman's names.

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

/** Bruno places the parameters in the header, the body or the query; Postman knows the header or the rest. */
export function oauth1Fields(stated: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  const fields = renamed(stated, OAUTH1);
  const placement = stated.get('placement');
  if (placement !== undefined && placement !== '') {
    fields.set('addParamsToHeader', String(placement === 'header'));
    if (placement !== 'header') fields.set('placement', placement);
  }
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
