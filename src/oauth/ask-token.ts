// The requests for a token (RFC 6749 sections 4 and 6, RFC 8628 section 3.4), built and validated by oauth4webapi.
import * as oauth from 'oauth4webapi';
import { type Failure, failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import {
  hasAssertion,
  type OpenedFields,
  ownParameters,
  readClientProof,
  targetParameters,
  withQuery,
} from './client.ts';
import { incomplete, invalid } from './outline.ts';
import { readReply } from './read-reply.ts';
import { refused } from './refusal.ts';
import type { SendPost } from './token-send.ts';

export interface TokenEndpoint {
  readonly url: string;
  readonly fields: OpenedFields;
  readonly send: SendPost;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

export interface GrantedToken {
  readonly accessToken: string;
  readonly idToken?: string;
  readonly refreshToken?: string;
  /** Milliseconds since the epoch; absent where the server does not say. */
  readonly expiresAt?: number;
}

export type GrantAsk =
  | { readonly grant: 'client_credentials' | 'password' }
  | { readonly grant: 'refresh_token'; readonly refreshToken: string }
  | { readonly grant: 'device_code'; readonly deviceCode: string }
  | {
      readonly grant: 'authorization_code';
      /** As validateAuthResponse gave them. */
      readonly callback: URLSearchParams;
      readonly redirectUri: string;
      readonly verifier: string;
    };

/**
 * Asks for a token. Failures: REQUEST/AUTH_INCOMPLETE, AUTH_INVALID, TOKEN_REFUSED, and those of sending. A server whose clock
 * differs and refuses the time of an assertion is asked once more in its own time.
 */
export async function askToken(endpoint: TokenEndpoint, ask: GrantAsk): Promise<Result<GrantedToken>> {
  if (ask.grant === 'password' && !endpoint.fields.username) return err(incomplete('username'));
  const first = await attempt(endpoint, ask, 0);
  if (first.result.ok || first.skewMs === undefined || !isClientRefused(first.result.failure)) return first.result;
  return (await attempt(endpoint, ask, first.skewMs)).result;
}

function isClientRefused({ code, facts }: Failure): boolean {
  return code === 'REQUEST/TOKEN_REFUSED' && facts.error === 'invalid_client';
}

interface Attempt {
  readonly result: Result<GrantedToken>;
  /** How far the server's clock is ahead, where that can be why it refused. */
  readonly skewMs?: number;
}

async function attempt(endpoint: TokenEndpoint, ask: GrantAsk, skewMs: number): Promise<Attempt> {
  const { url, fields, now } = endpoint;
  const proof = await readClientProof(fields);
  if (!proof.ok) return { result: proof };
  const own = ownParameters(fields, ask.grant === 'refresh_token' ? 'refreshRequestParams' : 'tokenRequestParams');
  const target = withQuery(url, own.query);
  const server: oauth.AuthorizationServer = { issuer: url, token_endpoint: target };
  const client = clientOf(fields, now, skewMs);
  const sentAt = now();
  const exchange = createExchange(endpoint, 'access_token');
  const options = { headers: [...own.headers], ...exchange.options };
  const parameters = [...targetParameters(fields), ...own.body];
  try {
    const prove = proof.value({ url });
    const response =
      ask.grant === 'authorization_code'
        ? await oauth.authorizationCodeGrantRequest(
            server,
            client,
            prove,
            ask.callback,
            ask.redirectUri,
            ask.verifier,
            {
              ...options,
              additionalParameters: parameters.filter(([name]) => name !== 'scope'),
            },
          )
        : await oauth.genericTokenEndpointRequest(
            server,
            client,
            prove,
            GRANT_TYPES[ask.grant],
            [...grantParameters(ask, fields), ...parameters],
            options,
          );
    const granted = await oauth.processGenericTokenEndpointResponse(server, client, response);
    return { result: ok(readGranted(granted, exchange.idToken(), sentAt)) };
  } catch (thrown) {
    const result = err(exchange.failure() ?? notConform(thrown, url));
    const behind = hasAssertion(fields) && skewMs === 0 ? exchange.skewMs(sentAt) : undefined;
    return behind === undefined ? { result } : { result, skewMs: behind };
  }
}

const GRANT_TYPES = {
  client_credentials: 'client_credentials',
  password: 'password',
  refresh_token: 'refresh_token',
  device_code: 'urn:ietf:params:oauth:grant-type:device_code',
} as const;

function grantParameters(ask: GrantAsk, { username = '', password = '' }: OpenedFields): [string, string][] {
  switch (ask.grant) {
    case 'password':
      return [
        ['username', username],
        ['password', password],
      ];
    case 'refresh_token':
      return [['refresh_token', ask.refreshToken]];
    case 'device_code':
      return [['device_code', ask.deviceCode]];
    case 'client_credentials':
    case 'authorization_code':
      return [];
  }
}

/** The library takes the machine's clock: what differs from ours, and from the server's, is added. */
export function clientOf({ clientId = '' }: OpenedFields, now: () => number, skewMs: number): oauth.Client {
  return { client_id: clientId, [oauth.clockSkew]: Math.round((now() - Date.now() + skewMs) / 1000) };
}

export interface Exchange {
  readonly options: oauth.HttpRequestOptions<'POST', URLSearchParams>;
  failure(): Failure | undefined;
  idToken(): string | undefined;
  skewMs(sentAt: number): number | undefined;
}

/** Sends what the library builds, and hands it a reply in the standard's form. What failed is kept: it must not travel as an error. */
export function createExchange({ url, send }: TokenEndpoint, granted: string): Exchange {
  let failed: Failure | undefined;
  let idToken: string | undefined;
  let serverTime: number | undefined;
  return {
    options: {
      // Whether http may be spoken is the address guard's to say, as for any request.
      [oauth.allowInsecureRequests]: true,
      [oauth.customFetch]: async (target, { headers, body }) => {
        const sent = await send({ url: target, headers: Object.entries(headers), body: String(body) });
        if (sent.ok) serverTime = sent.value.serverTime;
        const read = sent.ok ? readReply(url, sent.value, granted) : sent;
        if (!read.ok) {
          failed = read.failure;
          throw new Error('The exchange failed.');
        }
        const { id_token: identity, ...members } = read.value;
        // It is about the person, for a client that knows the issuer; as a credential it is opaque like any token.
        if (typeof identity === 'string') idToken = identity;
        return Response.json(inStandardForm(members));
      },
    },
    failure: () => failed,
    idToken: () => idToken,
    skewMs: (sentAt) => {
      if (serverTime === undefined) return undefined;
      const skew = serverTime - sentAt;
      return Math.abs(skew) > limits.oauthClockToleranceMs ? skew : undefined;
    },
  };
}

const BOUND_TYPES: ReadonlySet<string> = new Set(['dpop', 'mac', 'pop']);

/** A type that needs no proof of possession is used like a bearer token, whatever the server calls it. */
function inStandardForm({ token_type: type, scope, expires_in: lifetime, ...members }: Record<string, unknown>) {
  const isBound = typeof type === 'string' && BOUND_TYPES.has(type.toLowerCase());
  const seconds = typeof lifetime === 'string' ? Number.parseFloat(lifetime) : lifetime;
  return {
    ...members,
    token_type: isBound ? 'unsupported' : 'bearer',
    ...(typeof scope === 'string' && { scope }),
    // Servers say 0 where a token does not expire.
    ...(typeof seconds === 'number' && seconds > 0 && { expires_in: Math.min(seconds, limits.oauthLifetimeS) }),
    // An empty one means that there is none.
    ...(members.refresh_token === '' || members.refresh_token === null ? { refresh_token: undefined } : {}),
  };
}

function readGranted(
  { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds }: oauth.TokenEndpointResponse,
  idToken: string | undefined,
  sentAt: number,
): GrantedToken {
  return {
    accessToken,
    ...(idToken !== undefined && { idToken }),
    ...(refreshToken !== undefined && { refreshToken }),
    // Counted from before it was sent, so that the way here is not taken for lifetime.
    ...(seconds !== undefined && { expiresAt: sentAt + Math.ceil(seconds * 1000) }),
  };
}

/** Which member does not conform could be told; its value, which the library's error holds, never. */
export function notConform(thrown: unknown, url: string): Failure {
  if (thrown instanceof oauth.OperationProcessingError || thrown instanceof oauth.UnsupportedOperationError)
    return refused(url, 'its answer is not what RFC 6749 says');
  if (thrown instanceof TypeError) return invalid('a value of its fields cannot be sent');
  return failure('INTERNAL/BUG');
}
