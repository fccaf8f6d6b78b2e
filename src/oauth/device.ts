// RFC 8628: a person enters a code elsewhere while the token endpoint is asked from time to time.
import * as oauth from 'oauth4webapi';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import { askToken, clientOf, createExchange, type GrantedToken, notConform, type TokenEndpoint } from './ask-token.ts';
import { ownParameters, readClientProof, targetParameters, withQuery } from './client.ts';
import { refused } from './refusal.ts';

export interface DeviceCode {
  /** A secret of this client. */
  readonly code: string;
  /** For the person to type. */
  readonly userCode: string;
  readonly verificationUri: string;
  /** The same with the code in it. */
  readonly completeUri?: string;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
  readonly intervalMs: number;
}

/** Asks for a code; `endpoint` is the device authorization endpoint. Failures: as those of askToken. */
export async function askDeviceCode(endpoint: TokenEndpoint): Promise<Result<DeviceCode>> {
  const { url, fields, now } = endpoint;
  const proof = await readClientProof(fields);
  if (!proof.ok) return proof;
  const own = ownParameters(fields, 'authRequestParams');
  const server = { issuer: url, device_authorization_endpoint: withQuery(url, own.query) };
  const client = clientOf(fields, now, 0);
  const exchange = createExchange(endpoint, 'device_code');
  const sentAt = now();
  try {
    const parameters = [...targetParameters(fields), ...own.body];
    const options = { headers: [...own.headers], ...exchange.options };
    const response = await oauth.deviceAuthorizationRequest(server, client, proof.value({ url }), parameters, options);
    const read = await oauth.processDeviceAuthorizationResponse(server, client, response);
    if (!isWebAddress(read.verification_uri)) return err(refused(url, 'its answer is not what RFC 8628 says'));
    return ok({
      code: read.device_code,
      userCode: read.user_code,
      verificationUri: read.verification_uri,
      ...(isWebAddress(read.verification_uri_complete) && { completeUri: read.verification_uri_complete }),
      expiresAt: sentAt + Math.ceil(read.expires_in * 1000),
      intervalMs: Math.max((read.interval ?? 5) * 1000, limits.oauthDevicePauseMs),
    });
  } catch (thrown) {
    return err(exchange.failure() ?? notConform(thrown, url));
  }
}

function isWebAddress(text: string | undefined): text is string {
  return text !== undefined && /^https?:$/.test(parseUrl(text)?.protocol ?? '');
}

/** Resolves after so many milliseconds, or at once when the person gives up. */
export type Wait = (ms: number) => Promise<void>;

/**
 * Asks for the token until the person has entered the code. Failures: those of askToken, with `access_denied` and `expired_token` where
 * it comes to that.
 */
export async function pollForToken(
  endpoint: TokenEndpoint,
  { code, expiresAt, intervalMs }: DeviceCode,
  wait: Wait,
): Promise<Result<GrantedToken>> {
  let pauseMs = intervalMs;
  for (;;) {
    // No person waits longer, and a timer set beyond its range goes off at once.
    await wait(Math.min(pauseMs, limits.loginMs));
    if (endpoint.now() >= expiresAt) return err(refused(endpoint.url, 'expired_token'));
    const asked = await askToken(endpoint, { grant: 'device_code', deviceCode: code });
    if (asked.ok) return asked;
    const { code: failed, facts } = asked.failure;
    if (facts.error === 'slow_down') pauseMs += limits.oauthSlowDownMs;
    // A connection that timed out is one of section 3.5 too: ask less often.
    else if (failed === 'NETWORK/TIMEOUT' || failed === 'NETWORK/CONNECT_FAILED') pauseMs *= 2;
    else if (facts.error !== 'authorization_pending') return asked;
  }
}
