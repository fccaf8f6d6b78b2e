// Where the token of a request comes from: a grant that can be run, a login that a person made, or a token that is stored.
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { PlannedAuth } from '../../shared/request/plan.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import type { Piece } from '../../shared/template/template.ts';
import { loginNames } from '../oauth/login-name.ts';
import { incomplete, invalid, type Outline } from '../oauth/outline.ts';
import type { Signer } from '../signer/sign.ts';
import { grantFields, isStated } from './tokens-fields.ts';

export type TokenSource =
  | { readonly kind: 'stored'; readonly pieces: readonly Piece[] }
  | {
      readonly kind: 'mint';
      readonly grant: 'client_credentials' | 'password' | 'refresh_token';
      readonly fields: PlannedAuth['fields'];
      /** What the login of a person with this very auth left: its next value is stored there, and a person logs in where it has ended. */
      readonly login?: HandleInfo;
    };

export interface SourceOptions {
  readonly signer: Pick<Signer, 'describe'>;
  readonly now: () => number;
}

/**
 * Chooses. A grant that can be run comes before a token that was once stored. Failures: REQUEST/LOGIN_REQUIRED, AUTH_INCOMPLETE,
 * AUTH_INVALID, and the vault's.
 */
export function chooseSource(plan: Plan, outline: Outline, options: SourceOptions): Result<TokenSource> {
  const { auth } = plan;
  switch (outline.grant) {
    case 'client_credentials':
      return runOr(auth, outline, { grant: 'client_credentials', needs: ['clientId'] });
    case 'password':
      return runOr(auth, outline, { grant: 'password', needs: ['clientId', 'username'] });
    case 'refresh_token':
      return refresh(auth, outline) ?? storedOr(auth, incomplete('refreshToken'));
    case 'implicit':
      return storedOr(auth, invalid('the implicit grant gives its token to a browser only; use authorization_code'));
    case 'authorization_code':
    case 'device_code':
      return loggedIn(plan, outline, options);
  }
}

interface Runnable {
  readonly grant: 'client_credentials' | 'password';
  readonly needs: readonly string[];
}

function runOr(auth: PlannedAuth, { tokenUrl, proofField }: Outline, { grant, needs }: Runnable): Result<TokenSource> {
  const all = [...needs, ...(proofField ? [proofField] : [])];
  const missing = tokenUrl === undefined ? 'accessTokenUrl' : all.find((name) => !isStated(auth, name));
  if (missing !== undefined) return storedOr(auth, incomplete(missing));
  return ok({ kind: 'mint', grant, fields: grantFields(auth, grant) });
}

function storedOr({ fields }: PlannedAuth, otherwise: ReturnType<typeof invalid>): Result<TokenSource> {
  const pieces = fields.accessToken ?? [];
  return pieces.length > 0 ? ok({ kind: 'stored', pieces }) : err(otherwise);
}

/** One that the files name is never stored anew, whatever a server says: any file may name any handle. */
function refresh(auth: PlannedAuth, { tokenUrl, refreshUrl }: Outline): Result<TokenSource> | undefined {
  const isComplete = isStated(auth, 'refreshToken') && isStated(auth, 'clientId');
  if (!isComplete || (tokenUrl ?? refreshUrl) === undefined) return undefined;
  const grant = 'refresh_token';
  return ok({ kind: 'mint', grant, fields: grantFields(auth, grant) });
}

function loggedIn(plan: Plan, outline: Outline, options: SourceOptions): Result<TokenSource> {
  const { auth } = plan;
  const names = loginNames(auth);
  const login = findHandle(names.refresh, options);
  if (!login.ok) return login;
  if (login.value && outline.tokenUrl !== undefined) {
    const refreshToken = [pieceOf(login.value)];
    const fields = grantFields({ ...auth, fields: { ...auth.fields, refreshToken } }, 'refresh_token');
    return ok({ kind: 'mint', grant: 'refresh_token', fields, login: login.value });
  }
  const access = findHandle(names.access, options);
  if (!access.ok) return access;
  if (access.value && (access.value.expiresAt ?? Number.POSITIVE_INFINITY) > options.now())
    return ok({ kind: 'stored', pieces: [pieceOf(access.value)] });
  return refresh(auth, outline) ?? storedOr(auth, neededLogin(plan, outline));
}

function neededLogin(plan: Plan, { grant, tokenUrl, authUrl, deviceUrl }: Outline): ReturnType<typeof invalid> {
  if (tokenUrl === undefined) return incomplete('accessTokenUrl');
  if (grant === 'device_code' && deviceUrl === undefined && authUrl === undefined)
    return incomplete('deviceAuthorizationUrl');
  if (grant === 'authorization_code' && authUrl === undefined) return incomplete('authUrl');
  return loginRequired(plan);
}

/** REQUEST/LOGIN_REQUIRED with what the operator types: ids, which need no quoting in any shell. */
export function loginRequired({ requestId, environmentId }: Plan): ReturnType<typeof invalid> {
  const environment = environmentId === undefined ? '' : ` --env ${environmentId}`;
  return failure('REQUEST/LOGIN_REQUIRED', { type: 'oauth2', request: `${requestId}${environment}` });
}

function pieceOf({ id, name }: HandleInfo): Piece {
  return { kind: 'handle', id, name };
}

function findHandle(name: string, { signer }: SourceOptions): Result<HandleInfo | undefined> {
  const found = signer.describe(name);
  if (found.ok) return found;
  return found.failure.code === 'SECRET/NOT_FOUND' || found.failure.code === 'VAULT/ABSENT' ? ok(undefined) : found;
}
