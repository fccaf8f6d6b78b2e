import { type ParameterList, readParameterField } from '../../collection/oauth2-parameters.ts';
import { type Block, blockOf, type Lose } from './write-fields.ts';

const FLOWS = new Map([
  ['client_credentials', 'client_credentials'],
  ['password_credentials', 'resource_owner_password_credentials'],
  ['authorization_code', 'authorization_code'],
  ['authorization_code_with_pkce', 'authorization_code'],
  ['implicit', 'implicit'],
]);

const WRITTEN: ReadonlySet<string> = new Set([
  'grant_type',
  'accessTokenUrl',
  'authUrl',
  'refreshTokenUrl',
  'redirect_uri',
  'clientId',
  'clientSecret',
  'client_authentication',
  'username',
  'password',
  'scope',
  'state',
  'addTokenTo',
  'headerPrefix',
  'tokenName',
  'audience',
  'resource',
  'challengeAlgorithm',
  // Of Postman's own screens: the request is sent the same without them.
  'useBrowser',
  'tokenType',
]);

type Texts = ReadonlyMap<string, string>;

/** The flat fields of the model as the nested configuration of the schema; with a loss for each that has no place. */
export function writeOauth2(texts: Texts, lose: Lose): Block | undefined {
  const grant = texts.get('grant_type') ?? 'authorization_code';
  const flow = FLOWS.get(grant);
  if (flow === undefined) {
    lose('the authentication: the format has no such grant of OAuth 2');
    return undefined;
  }
  const written = { type: 'oauth2', flow, ...flowBlock(grant, flow, texts), ...tokenBlock(texts, flow, lose) };
  const missing = [...texts]
    .filter(([name, text]) => text !== '' && !WRITTEN.has(name) && !isListed(name, flow))
    .map(([name]) => name);
  for (const name of [...missing, ...misplaced(flow, texts)]) lose(`the field ${name} of the authentication`);
  return blockOf(written);
}

const OWNER = 'resource_owner_password_credentials';
const CODE = 'authorization_code';

function flowBlock(grant: string, flow: string, texts: Texts): Block {
  const at = (name: string): string | undefined => texts.get(name);
  const isInteractive = flow === CODE || flow === 'implicit';
  const place = at('client_authentication');
  return {
    ...(isInteractive && { authorizationUrl: at('authUrl') }),
    ...(flow !== 'implicit' && { accessTokenUrl: at('accessTokenUrl'), refreshTokenUrl: at('refreshTokenUrl') }),
    ...(isInteractive && { callbackUrl: at('redirect_uri') }),
    credentials: blockOf({
      clientId: at('clientId'),
      ...(flow !== 'implicit' && {
        clientSecret: at('clientSecret'),
        placement: place === undefined ? undefined : place === 'body' ? 'body' : 'basic_auth_header',
      }),
    }),
    ...(flow === OWNER && { resourceOwner: blockOf({ username: at('username'), password: at('password') }) }),
    scope: at('scope'),
    ...(isInteractive && { state: at('state') }),
    ...(flow === CODE && { pkce: writePkce(grant, at('challengeAlgorithm')) }),
  };
}

function writePkce(grant: string, algorithm: string | undefined): Block | undefined {
  if (grant !== 'authorization_code_with_pkce') return undefined;
  return { disabled: false, ...(algorithm === 'plain' && { method: 'plain' }) };
}

function tokenBlock(texts: Texts, flow: string, lose: Lose): Block {
  const extra = ['audience', 'resource'].flatMap((name) => {
    const value = texts.get(name) ?? '';
    return value === '' ? [] : [{ name, value, placement: flow === 'implicit' ? 'query' : 'body' }];
  });
  const request = flow === 'implicit' ? 'authorizationRequest' : 'accessTokenRequest';
  const listed = parameterBlocks(texts, flow);
  const own = [...extra, ...(listed[request] ?? [])];
  const prefix = texts.get('headerPrefix')?.trim();
  if (prefix !== undefined && /-|^authorization$/i.test(prefix)) lose('the prefix of the access token');
  return {
    additionalParameters: blockOf({ ...listed, [request]: own }),
    tokenConfig: blockOf({ id: texts.get('tokenName'), placement: writePlacement(texts.get('addTokenTo'), prefix) }),
  };
}

/** Bruno writes the prefix where the schema means the header's name; without a prefix the name stands. */
function writePlacement(place: string | undefined, prefix: string | undefined): Block | undefined {
  if (place === 'queryParams') return { query: 'access_token' };
  if (prefix !== undefined && !/-|^authorization$/i.test(prefix)) return { header: prefix };
  return place === undefined ? undefined : { header: 'Authorization' };
}

/** Fields that are stated and that the flow has no place for. */
function misplaced(flow: string, texts: Texts): string[] {
  const absent = new Map([
    [
      'implicit',
      ['accessTokenUrl', 'refreshTokenUrl', 'clientSecret', 'client_authentication', 'username', 'password'],
    ],
    ['client_credentials', ['authUrl', 'redirect_uri', 'username', 'password', 'state']],
    [OWNER, ['authUrl', 'redirect_uri', 'state']],
    [CODE, ['username', 'password']],
  ]);
  return (absent.get(flow) ?? []).filter((name) => (texts.get(name) ?? '') !== '');
}

const REQUESTS: Readonly<Record<ParameterList, string>> = {
  authRequestParams: 'authorizationRequest',
  tokenRequestParams: 'accessTokenRequest',
  refreshRequestParams: 'refreshTokenRequest',
};

/** Whether a field is a parameter of a request that the flow makes. */
function isListed(field: string, flow: string): boolean {
  const list = readParameterField(field)?.list;
  if (list === 'authRequestParams') return flow === CODE || flow === 'implicit';
  return list !== undefined && flow !== 'implicit';
}

function parameterBlocks(texts: Texts, flow: string): Record<string, Block[]> {
  const blocks: Record<string, Block[]> = {};
  for (const [field, value] of texts) {
    const parameter = readParameterField(field);
    if (!parameter || !isListed(field, flow)) continue;
    const { name, place } = parameter;
    const request = REQUESTS[parameter.list];
    blocks[request] = [...(blocks[request] ?? []), { name, value, placement: place }];
  }
  return blocks;
}
