// The logins that a person makes once: the operator starts one at the command line, and what it leaves is kept in the vault, from
// where the calls of agents take it. Nothing here can be reached through a tool.
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import { renderedText } from '../../shared/template/render.ts';
import type { Network } from '../network/network.ts';
import { askToken, type GrantedToken } from '../oauth/ask-token.ts';
import { beginAuthorization, readCallback } from '../oauth/authorization.ts';
import { askDeviceCode, type DeviceCode, pollForToken, type Wait } from '../oauth/device.ts';
import { loginNames } from '../oauth/login-name.ts';
import { incomplete, invalid, type Outline, readOutline } from '../oauth/outline.ts';
import { originOf, refused } from '../oauth/refusal.ts';
import type { Signer } from '../signer/sign.ts';
import { type EndpointOptions, judgeUse, type OpenedEndpoint, openEndpoint } from './tokens-endpoint.ts';
import { grantFields, tokenUse } from './tokens-fields.ts';
import { refuseEcho } from './tokens-grant.ts';

export interface LoginsOptions {
  readonly signer: Signer;
  readonly network: Pick<Network, 'pin' | 'send'>;
  readonly store: LoginKeeper;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface LoginKeeper {
  keep(login: {
    readonly name: string;
    readonly instead: string;
    readonly value: string;
    readonly origins: readonly string[];
    readonly label: string;
    readonly expiresAt?: number;
  }): Result<HandleInfo>;
}

export type LoginKind =
  | { readonly kind: 'browser' /** As the collection states it. */; readonly redirectUri: string }
  | { readonly kind: 'device' };

export interface BrowserLogin {
  /** Where the person logs in; it may hold what is bound to that address only. */
  readonly url: string;
  /** Whether what came to the redirect address belongs to this login: anybody on this machine can call there. */
  isAnswer(callback: URLSearchParams): boolean;
  /** Takes what the browser brought back, and gives the handle that was stored. */
  finish(callback: URLSearchParams, signal: AbortSignal): Promise<Result<HandleInfo>>;
}

export interface DeviceLogin extends Pick<DeviceCode, 'userCode' | 'verificationUri' | 'completeUri' | 'expiresAt'> {
  /** Waits for the person, and gives the handle that was stored. */
  finish(wait: Wait, signal: AbortSignal): Promise<Result<HandleInfo>>;
}

/** Failures of all: as those of calling with such an auth, and the vault's. */
export interface Logins {
  /** Which login the auth of a plan takes. Failure: REQUEST/AUTH_INVALID for one that takes none. */
  kindOf(plan: Plan): Result<LoginKind>;
  begin(plan: Plan, redirectUri: string, signal: AbortSignal): Promise<Result<BrowserLogin>>;
  beginDevice(plan: Plan, signal: AbortSignal): Promise<Result<DeviceLogin>>;
}

export function createLogins(options: LoginsOptions): Logins {
  const endpointOptions = (signal: AbortSignal): EndpointOptions => {
    const { signer, network, now } = options;
    return { signer, network, now, tier: 'reading', timeoutMs: limits.timeoutMs, signal };
  };
  const store = (plan: Plan, outline: Outline, granted: Result<GrantedToken>): Result<HandleInfo> =>
    granted.ok ? keepGranted(plan, outline, granted.value, options.store) : granted;
  return {
    kindOf(plan) {
      const outline = readLogin(plan);
      if (!outline.ok) return outline;
      if (outline.value.grant === 'device_code') return ok({ kind: 'device' });
      return ok({ kind: 'browser', redirectUri: renderedText(plan.auth.fields.redirect_uri ?? [])?.trim() ?? '' });
    },
    async begin(plan, redirectUri, signal) {
      const opened = await openLogin(plan, 'authUrl', endpointOptions(signal));
      if (!opened.ok) return opened;
      const { outline, url, endpoint } = opened.value;
      const begun = await beginAuthorization(endpoint.fields, url, redirectUri);
      if (!begun.ok) return begun;
      return ok({
        url: begun.value.url,
        isAnswer: (callback) => callback.get('state') === begun.value.state,
        async finish(callback, during) {
          const checked = readCallback(begun.value, callback, endpoint.fields);
          if (!checked.ok) return checked;
          const at = await openToken(plan, outline, endpointOptions(during));
          if (!at.ok) return at;
          const { verifier } = begun.value;
          const ask = { grant: 'authorization_code', callback: checked.value, redirectUri, verifier } as const;
          return store(plan, outline, refuseEcho(at.value, await askToken(at.value.endpoint, ask)));
        },
      });
    },
    async beginDevice(plan, signal) {
      const field = plan.auth.fields.deviceAuthorizationUrl?.length ? 'deviceAuthorizationUrl' : 'authUrl';
      const opened = await openLogin(plan, field, endpointOptions(signal));
      if (!opened.ok) return opened;
      const { outline, url, endpoint } = opened.value;
      const asked = await askDeviceCode({ ...endpoint, url });
      if (!asked.ok) return asked;
      return ok({
        ...asked.value,
        async finish(wait, during) {
          const at = await openToken(plan, outline, endpointOptions(during));
          if (!at.ok) return at;
          return store(plan, outline, refuseEcho(at.value, await pollForToken(at.value.endpoint, asked.value, wait)));
        },
      });
    },
  };
}

function readLogin({ auth }: Plan): Result<Outline> {
  if (auth.type !== 'oauth2') return err(invalid('it is not OAuth 2'));
  const outline = readOutline(auth);
  if (!outline.ok) return outline;
  const { grant, tokenUrl } = outline.value;
  if (grant !== 'authorization_code' && grant !== 'device_code')
    return err(invalid('its grant takes no person: calls get their token by themselves'));
  return tokenUrl === undefined ? err(incomplete('accessTokenUrl')) : outline;
}

interface OpenedLogin {
  readonly outline: Outline;
  readonly url: string;
  readonly endpoint: OpenedEndpoint['endpoint'];
}

/** Opens the fields where a login begins; they must be bound to where it ends as well, before anything is opened. */
async function openLogin(
  plan: Plan,
  field: 'authUrl' | 'deviceAuthorizationUrl',
  options: EndpointOptions,
): Promise<Result<OpenedLogin>> {
  const outline = readLogin(plan);
  if (!outline.ok) return outline;
  const url = field === 'authUrl' ? outline.value.authUrl : outline.value.deviceUrl;
  if (url === undefined) return err(incomplete(field));
  const judged = judgeUse(loginUse(plan, outline.value), options);
  if (!judged.ok) return judged;
  const shown = outline.value.grant === 'authorization_code';
  const all = grantFields(plan.auth, outline.value.grant, true);
  const opened = await openEndpoint({ plan, url, field, fields: shown ? withoutProof(all) : all }, options);
  return opened.ok ? ok({ outline: outline.value, url, endpoint: opened.value.endpoint }) : opened;
}

const PROOF = new Set(['clientSecret', 'privateKey']);

/** What proves the client has no place in an address that a browser goes to. */
function withoutProof(fields: Plan['auth']['fields']): Plan['auth']['fields'] {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !PROOF.has(name)));
}

function loginUse(plan: Plan, outline: Outline) {
  return tokenUse(plan, outline, grantFields(plan.auth, outline.grant, true), false);
}

function openToken(plan: Plan, outline: Outline, options: EndpointOptions): Promise<Result<OpenedEndpoint>> {
  return openEndpoint(loginUse(plan, outline), options);
}

/** The refresh token where there is one, else the token itself for as long as it lasts. */
function keepGranted(plan: Plan, outline: Outline, granted: GrantedToken, store: LoginKeeper): Result<HandleInfo> {
  const names = loginNames(plan.auth);
  const { origin } = plan.url;
  const { tokenUrl = '', refreshUrl = tokenUrl } = outline;
  const at = originOf(tokenUrl);
  const { refreshToken, accessToken, idToken, expiresAt } = granted;
  if (refreshToken !== undefined) {
    return store.keep({
      name: names.refresh,
      instead: names.access,
      value: refreshToken,
      origins: [...new Set([at, originOf(refreshUrl), origin])],
      label: labelOf('OAuth 2 refresh token', at),
    });
  }
  const value = outline.source === 'id_token' ? idToken : accessToken;
  if (value === undefined) return err(refused(tokenUrl, 'its answer has no id token'));
  return store.keep({
    name: names.access,
    instead: names.refresh,
    value,
    origins: [origin],
    label: labelOf('OAuth 2 access token', at),
    ...(expiresAt !== undefined && { expiresAt }),
  });
}

function labelOf(what: string, origin: string): string {
  return `${what} of ${origin.slice(0, 120)}, from keyward login`;
}
