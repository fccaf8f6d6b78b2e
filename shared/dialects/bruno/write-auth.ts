import { prefixAsHeader } from '../../collection/bearer-prefix.ts';
import type { AuthTemplate } from '../../collection/model.ts';
import { parameterPlace } from './oauth.ts';
import { joinBlocks, type Lose, pairsBlock, type WritePair, writeTemplate } from './write-text.ts';

/** The mode of an auth and its block. */
export interface WrittenAuth {
  readonly mode: string;
  readonly block: string;
}

type Names = Readonly<Record<string, string>>;

const OAUTH1: Names = {
  consumerKey: 'consumer_key',
  consumerSecret: 'consumer_secret',
  token: 'access_token',
  tokenSecret: 'token_secret',
  callback: 'callback_url',
  verifier: 'verifier',
  signatureMethod: 'signature_method',
  privateKey: 'private_key',
  timestamp: 'timestamp',
  nonce: 'nonce',
  version: 'version',
  realm: 'realm',
  placement: 'placement',
  includeBodyHash: 'include_body_hash',
};

const OAUTH2: Names = {
  grant_type: 'grant_type',
  redirect_uri: 'callback_url',
  authUrl: 'authorization_url',
  accessTokenUrl: 'access_token_url',
  refreshTokenUrl: 'refresh_token_url',
  username: 'username',
  password: 'password',
  clientId: 'client_id',
  clientSecret: 'client_secret',
  scope: 'scope',
  state: 'state',
  pkce: 'pkce',
  client_authentication: 'credentials_placement',
  tokenName: 'credentials_id',
  tokenSourceType: 'token_source',
  addTokenTo: 'token_placement',
  headerPrefix: 'token_header_prefix',
  tokenQueryName: 'token_query_key',
};

/** Bruno's names of each type's fields, by the model's, in Bruno's order. */
const TYPES: ReadonlyMap<string, { readonly mode: string; readonly names: Names }> = new Map([
  ['basic', { mode: 'basic', names: same('username', 'password') }],
  ['bearer', { mode: 'bearer', names: same('token') }],
  ['digest', { mode: 'digest', names: same('username', 'password') }],
  ['ntlm', { mode: 'ntlm', names: same('username', 'password', 'domain') }],
  ['wsse', { mode: 'wsse', names: same('username', 'password') }],
  ['apikey', { mode: 'apikey', names: { ...same('key', 'value'), in: 'placement' } }],
  [
    'awsv4',
    {
      mode: 'awsv4',
      names: {
        accessKey: 'accessKeyId',
        secretKey: 'secretAccessKey',
        ...same('sessionToken', 'service', 'region', 'profileName'),
      },
    },
  ],
  [
    'edgegrid',
    {
      mode: 'akamai-edgegrid',
      names: same(
        ...['accessToken', 'clientToken', 'clientSecret', 'nonce', 'timestamp', 'baseURL', 'headersToSign'],
        'maxBodySize',
      ),
    },
  ],
  ['oauth1', { mode: 'oauth1', names: OAUTH1 }],
  ['oauth2', { mode: 'oauth2', names: OAUTH2 }],
]);

function same(...names: readonly string[]): Names {
  return Object.fromEntries(names.map((name) => [name, name]));
}

/** What Postman writes for its own screens, and what stands in another field of Bruno's. */
const NOT_WRITTEN: ReadonlySet<string> = new Set([
  'saveHelperData',
  'showPassword',
  'disableRetryRequest',
  'useBrowser',
]);

export function writeAuth(stated: AuthTemplate, lose: Lose): WrittenAuth {
  const auth = prefixAsHeader(stated);
  if (auth.type === 'none') return { mode: 'none', block: '' };
  const known = TYPES.get(auth.type);
  if (!known) {
    lose(`the authentication: Bruno has no type ${/^[\w-]{1,40}$/.test(auth.type) ? auth.type : 'of that name'}`);
    return { mode: 'none', block: '' };
  }
  const texts = inBrunosWords(auth, lose);
  const names = Object.entries(known.names);
  const pairs = names.flatMap(([ours, name]): WritePair[] => {
    const value = texts.get(ours);
    texts.delete(ours);
    const isUnsaid = value === '' && auth.type.startsWith('oauth');
    return value === undefined || isUnsaid ? [] : [{ name, value }];
  });
  const parameters = auth.type === 'oauth2' ? parameterBlocks(texts, lose) : [];
  for (const name of texts.keys()) if (!NOT_WRITTEN.has(name)) lose(`the field ${name} of the authentication`);
  return { mode: known.mode, block: joinBlocks([pairsBlock(`auth:${known.mode}`, pairs, lose), ...parameters]) };
}

/** Takes the parameters out of the texts. */
function parameterBlocks(texts: Map<string, string>, lose: Lose): string[] {
  const blocks = new Map<string, WritePair[]>();
  for (const [field, value] of [...texts]) {
    const place = parameterPlace(field);
    if (!place) continue;
    texts.delete(field);
    blocks.set(place.block, [...(blocks.get(place.block) ?? []), { name: place.name, value }]);
  }
  return [...blocks].map(([name, pairs]) => pairsBlock(name, pairs, lose));
}

function inBrunosWords({ type, fields }: AuthTemplate, lose: Lose): Map<string, string> {
  const texts = new Map(Object.entries(fields).map(([name, template]) => [name, writeTemplate(template)]));
  if (type === 'apikey') placeApiKey(texts, lose);
  if (type === 'oauth1') placeOauth1(texts, fields);
  if (type === 'oauth2') wordOauth2(texts);
  return texts;
}

function placeApiKey(texts: Map<string, string>, lose: Lose): void {
  const place = texts.get('in') ?? 'header';
  if (place !== 'header' && place !== 'query')
    lose('the place of the API key, which is neither the header nor the query');
  texts.set('in', place === 'query' ? 'queryparams' : 'header');
}

function placeOauth1(texts: Map<string, string>, fields: AuthTemplate['fields']): void {
  const inHeader = texts.get('addParamsToHeader');
  texts.delete('addParamsToHeader');
  // Where none is stated Bruno's is the header, the model's is not.
  if (!texts.has('placement')) texts.set('placement', inHeader === 'true' ? 'header' : 'query');
  const [key] = fields.privateKey ?? [];
  if (key?.kind === 'unsupported') texts.set('privateKey', `@file(${key.text})`);
}

const GRANTS: Names = { password_credentials: 'password', authorization_code_with_pkce: 'authorization_code' };

function wordOauth2(texts: Map<string, string>): void {
  const grant = texts.get('grant_type') ?? 'authorization_code';
  texts.set('grant_type', Object.hasOwn(GRANTS, grant) ? (GRANTS[grant] ?? grant) : grant);
  if (grant === 'authorization_code_with_pkce') texts.set('pkce', 'true');
  const inHeader = (texts.get('client_authentication') ?? 'header') === 'header';
  if (grant === 'implicit') texts.delete('client_authentication');
  else texts.set('client_authentication', inHeader ? 'basic_auth_header' : 'body');
  const inQuery = texts.get('addTokenTo') === 'queryParams';
  texts.set('addTokenTo', inQuery ? 'url' : 'header');
  if (inQuery) texts.delete('headerPrefix');
  else texts.set('headerPrefix', texts.get('headerPrefix') ?? 'Bearer');
}
