// What an OAuth 2 auth says before any secret of it is opened: which grant, where to, and how the token goes with the request.
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import type { PlannedAuth } from '../../shared/request/plan.ts';
import { type EndpointField, endpointFields } from '../../shared/request/token-request.ts';
import { renderedText } from '../../shared/template/render.ts';

export type Grant =
  | 'client_credentials'
  | 'password'
  | 'refresh_token'
  | 'authorization_code'
  | 'device_code'
  | 'implicit';

export interface Outline {
  readonly grant: Grant;
  /** Token endpoint; absent where none is stated. */
  readonly tokenUrl?: string;
  /** Where a refresh token is used, if elsewhere. */
  readonly refreshUrl?: string;
  readonly authUrl?: string;
  readonly deviceUrl?: string;
  readonly placement: TokenPlacement;
  /** What the client's proof cannot do without. */
  readonly proofField?: 'privateKey' | 'clientSecret';
  /** Which token of the answer is the credential. */
  readonly source: 'access_token' | 'id_token';
}

export type TokenPlacement =
  | { readonly in: 'header'; readonly prefix: string }
  | { readonly in: 'query'; readonly name: string };

const GRANTS: Readonly<Record<string, Grant>> = {
  client_credentials: 'client_credentials',
  password_credentials: 'password',
  password: 'password',
  refresh_token: 'refresh_token',
  authorization_code: 'authorization_code',
  authorization_code_with_pkce: 'authorization_code',
  device_code: 'device_code',
  'urn:ietf:params:oauth:grant-type:device_code': 'device_code',
  implicit: 'implicit',
};

/**
 * Reads what must be plain text. Failures: REQUEST/AUTH_INVALID for a grant that is not known, an address that is none, and for a
 * secret in one of these fields.
 */
export function readOutline(auth: PlannedAuth): Result<Outline> {
  const texts = new Map<string, string>();
  for (const name of PLAIN) {
    const text = renderedText(auth.fields[name] ?? []);
    if (text === undefined) return err(invalid(`its ${name} holds a secret`));
    texts.set(name, text.trim());
  }
  const textOf = (name: (typeof PLAIN)[number]): string => texts.get(name) ?? '';
  const stated = textOf('grant_type') || 'authorization_code';
  const grant = Object.hasOwn(GRANTS, stated) ? GRANTS[stated] : undefined;
  if (grant === undefined) return err(invalid('its grant type is not known'));
  const proof = PROOFS.find(([way]) => way === (textOf('client_authentication') || 'header'));
  if (!proof) return err(invalid('its way of client authentication is not known'));
  const bad = endpointFields.find((field) => textOf(field) !== '' && !isEndpoint(textOf(field)));
  if (bad) return err(invalid(`its ${bad} is not the address of an endpoint`));
  const urls = endpointFields.flatMap((field) => (textOf(field) === '' ? [] : [[URL_NAMES[field], textOf(field)]]));
  const isIdToken = textOf('tokenSourceType') === 'id_token';
  return ok({
    grant,
    ...Object.fromEntries(urls),
    placement: placementOf(auth, textOf),
    ...(proof[1] && { proofField: proof[1] }),
    source: isIdToken ? 'id_token' : 'access_token',
  });
}

const URL_NAMES = {
  accessTokenUrl: 'tokenUrl',
  refreshTokenUrl: 'refreshUrl',
  authUrl: 'authUrl',
  deviceAuthorizationUrl: 'deviceUrl',
} as const satisfies Record<EndpointField, keyof Outline>;

/** The ways of client authentication, by Postman's names and those of RFC 8414, and the field without which they do nothing. */
const PROOFS = [
  ['header', undefined],
  ['client_secret_basic', undefined],
  ['body', undefined],
  ['client_secret_post', undefined],
  ['none', undefined],
  ['private_key_jwt', 'privateKey'],
  ['client_secret_jwt', 'clientSecret'],
] as const;

const PLAIN = [
  'grant_type',
  'client_authentication',
  ...endpointFields,
  'addTokenTo',
  'headerPrefix',
  'tokenQueryName',
  'tokenSourceType',
] as const;

/** As in Postman the word is Bearer unless another is stated; an empty one is none. */
function placementOf({ fields }: PlannedAuth, textOf: (name: (typeof PLAIN)[number]) => string): TokenPlacement {
  if (textOf('addTokenTo') === 'queryParams') return { in: 'query', name: textOf('tokenQueryName') || 'access_token' };
  const prefix = fields.headerPrefix === undefined ? 'Bearer' : textOf('headerPrefix');
  return { in: 'header', prefix: prefix === '' ? '' : `${prefix} ` };
}

// RFC 6749 section 3.2: no fragment. User information would be a credential that nobody judged.
function isEndpoint(text: string): boolean {
  const url = text.length > limits.urlChars ? undefined : parseUrl(text);
  if (url === undefined || !/^https?:\/\//i.test(text)) return false;
  return url.username === '' && url.password === '' && url.hash === '';
}

export function invalid(problem: string): Failure {
  return failure('REQUEST/AUTH_INVALID', { type: 'oauth2', problem });
}

export function incomplete(field: string): Failure {
  return failure('REQUEST/AUTH_INCOMPLETE', { type: 'oauth2', field });
}
