import { createHash, createHmac } from 'node:crypto';
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import { REDACTED } from '../../../shared/redact/marker.ts';
import { parseUrl } from '../../../shared/request/parse-url.ts';
import { type Authorised, type Credentials, type Draft, headerOf, type Scheme, withHeader } from './scheme.ts';

const MAX_BODY_BYTES = '131072';

/**
 * Akamai EdgeGrid (EG1-HMAC-SHA256) with Postman's fields: accessToken, clientToken, clientSecret; nonce, timestamp, baseURL (whose
 * host is signed in the place of the request's), headersToSign (names, joined by commas), maxBodySize (bytes of a POST
 * that are hashed).
 */
export const edgegrid: Scheme = (draft, credentials) => {
  const { fields, masked } = credentials;
  const missing = ['accessToken', 'clientToken', 'clientSecret'].find((field) => (fields[field] ?? '') === '');
  if (missing) return err(failure('REQUEST/AUTH_INCOMPLETE', { type: 'edgegrid', field: missing }));
  const shown = { draft: withHeader(draft, 'Authorization', `EG1-HMAC-SHA256 ${REDACTED}`), derived: [] };
  return masked ? ok(shown) : signEdgegrid(draft, credentials);
};

function signEdgegrid(draft: Draft, credentials: Credentials): Result<Authorised> {
  const { fields, now, random, scheme } = credentials;
  const maxBody = fields.maxBodySize || MAX_BODY_BYTES;
  if (!/^\d{1,10}$/.test(maxBody)) return invalid('its maxBodySize is not a number of bytes');
  const host = fields.baseURL ? parseUrl(withScheme(fields.baseURL))?.host : credentials.host;
  if (!host) return invalid('its baseURL is not a URL');
  const timestamp = fields.timestamp || edgeTime(now);
  const nonce = fields.nonce || Buffer.from(random(16)).toString('hex');
  const { clientToken, accessToken, clientSecret = '' } = fields;
  const parts = `client_token=${clientToken};access_token=${accessToken};timestamp=${timestamp};nonce=${nonce};`;
  const start = `EG1-HMAC-SHA256 ${parts}`;
  const signed = [
    draft.method,
    scheme,
    host,
    draft.target,
    canonicalHeaders(draft, credentials),
    contentHash(draft, Number(maxBody)),
    start,
  ];
  const signature = hmac(hmac(clientSecret, timestamp), signed.join('\t'));
  const derived = [{ id: 'edgegrid', value: signature }];
  return ok({ draft: withHeader(draft, 'Authorization', `${start}signature=${signature}`), derived });
}

function invalid(problem: string): Result<never> {
  return err(failure('REQUEST/AUTH_INVALID', { type: 'edgegrid', problem }));
}

function withScheme(url: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(url) ? url : `https://${url}`;
}

/** `20150830T12:36:00+0000` from milliseconds since the epoch. */
function edgeTime(now: number): string {
  return new Date(now)
    .toISOString()
    .replace(/-/g, '')
    .replace(/\.\d{3}Z$/, '+0000');
}

/** In the order asked for; a header that the request does not have is left out. */
function canonicalHeaders(draft: Draft, { fields, host }: Credentials): string {
  const names = (fields.headersToSign ?? '').split(',').map((name) => name.trim().toLowerCase());
  return names
    .map((name) => [name, name === 'host' ? host : (headerOf(draft, name) ?? '')] as const)
    .map(([name, value]) => [name, value.trim().replace(/\s+/g, ' ')] as const)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}:${value}`)
    .join('\t');
}

function contentHash({ method, body }: Draft, maxBytes: number): string {
  if (method !== 'POST' || body.length === 0) return '';
  return createHash('sha256').update(body.subarray(0, maxBytes)).digest('base64');
}

function hmac(key: string, text: string): string {
  return createHmac('sha256', key).update(text).digest('base64');
}
