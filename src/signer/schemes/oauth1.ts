// OAuth 1.0 (RFC 5849) and its body hash extension (draft-eaton-oauth-bodyhash-00). Where the RFC leaves a choice, what goes on
// the wire is what Postman sends.
import { failure } from '../../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../../shared/failure/result.ts';
import { REDACTED } from '../../../shared/redact/marker.ts';
import type { KnownSecret } from '../../../shared/redact/scrubber.ts';
import { baseString } from './oauth1-base-string.ts';
import { hasForm, type Pair, reencodeQuery, withForm, withoutPairs } from './oauth1-places.ts';
import { bodyHash, type SignatureMethod, signatureMethodOf, signBase, signingKey } from './oauth1-signature.ts';
import {
  type Credentials,
  type Draft,
  encodeStrict,
  headerOf,
  isOn,
  quoted,
  type Scheme,
  withHeader,
  withQuery,
} from './scheme.ts';

/**
 * OAuth 1.0a with Postman's fields. The parameters go into the header (addParamsToHeader), else into the urlencoded body of a POST
 * or PUT, else into the query; `placement` (Bruno's) `body` or `query` says it outright. Failures: REQUEST/AUTH_INCOMPLETE;
 * REQUEST/AUTH_INVALID: an unknown signature method, a key that is none, a body that cannot take the parameters.
 */
export const oauth1: Scheme = (draft, credentials) => {
  const { fields, masked } = credentials;
  const method = signatureMethodOf(fields.signatureMethod);
  if (!method) return invalid('its signatureMethod is none that is known');
  const secret = method.kind === 'rsa' ? 'privateKey' : 'consumerSecret';
  const missing = ['consumerKey', secret].find((field) => (fields[field] ?? '') === '');
  if (missing) return err(failure('REQUEST/AUTH_INCOMPLETE', { type: 'oauth1', field: missing }));
  const placed = preparePlace(withoutPairs(draft, PARAMETERS), credentials);
  if (!placed.ok) return placed;
  const { place, clean } = placed.value;
  const hash = hashOf(clean, method, fields.includeBodyHash);
  const parameters = protocolParameters(credentials, method, hash);
  const base = baseString(clean, credentials, parameters);
  // A key that only marks a secret is none.
  const signature = masked && method.kind === 'rsa' ? REDACTED : signBase(base, method, fields);
  if (signature === undefined) return invalid('its privateKey is no RSA key in PEM');
  const signed = PLACES[place](clean, [...parameters, ['oauth_signature', signature]], credentials);
  return ok({ draft: signed, derived: derivedFrom(signature, method, credentials, draft.body.length > 0 ? hash : '') });
};

type Place = 'header' | 'body' | 'query';

/** Every parameter of the protocol, all of which replace what the request states itself. */
const PARAMETERS = new Set([
  'oauth_consumer_key',
  'oauth_token',
  'oauth_signature_method',
  'oauth_timestamp',
  'oauth_nonce',
  'oauth_version',
  'oauth_signature',
  'oauth_callback',
  'oauth_verifier',
  'oauth_body_hash',
]);

const NONCE_BYTES = 16;
const FORM = 'application/x-www-form-urlencoded';

function invalid(problem: string): Result<never> {
  return err(failure('REQUEST/AUTH_INVALID', { type: 'oauth1', problem }));
}

/** Where the parameters go, and the request as it is before it has them. */
function preparePlace(
  draft: Draft,
  { fields, urlAsWritten }: Credentials,
): Result<{ readonly place: Place; readonly clean: Draft }> {
  const clean = urlAsWritten === true ? draft : reencodeQuery(draft);
  if (isOn(fields.addParamsToHeader)) return ok({ place: 'header', clean });
  if (fields.placement === 'query') return ok({ place: 'query', clean });
  if (fields.placement !== 'body') {
    return ok({ place: /^(?:POST|PUT)$/.test(draft.method) && hasForm(draft) ? 'body' : 'query', clean });
  }
  if (hasForm(clean)) return ok({ place: 'body', clean });
  if (clean.body.length > 0) return invalid('its parameters belong into the body, which is not a urlencoded form');
  return ok({ place: 'body', clean: withHeader(clean, 'Content-Type', FORM) });
}

/** Of a form there is no hash: its fields are signed one by one. Without a body it is the hash of nothing. */
function hashOf(draft: Draft, method: SignatureMethod, includeBodyHash: string | undefined): string {
  return isOn(includeBodyHash) && !hasForm(draft) ? bodyHash(draft.body, method) : '';
}

/** In Postman's order. Those of extensions are left out where they are empty, whatever addEmptyParamsToSign says. */
function protocolParameters({ fields, now, random }: Credentials, { name }: SignatureMethod, hash: string): Pair[] {
  const core: Pair[] = [
    ['oauth_consumer_key', fields.consumerKey ?? ''],
    ['oauth_token', fields.token ?? ''],
    ['oauth_signature_method', name],
    ['oauth_timestamp', fields.timestamp || String(Math.floor(now / 1000))],
    ['oauth_nonce', fields.nonce || Buffer.from(random(NONCE_BYTES)).toString('hex')],
    ['oauth_version', fields.version ?? ''],
  ];
  const extensions: Pair[] = [
    ['oauth_body_hash', hash],
    ['oauth_callback', fields.callback ?? ''],
    ['oauth_verifier', fields.verifier ?? ''],
  ];
  const isStated = ([, value]: Pair) => value !== '';
  return [...(isOn(fields.addEmptyParamsToSign) ? core : core.filter(isStated)), ...extensions.filter(isStated)];
}

const PLACES: Readonly<Record<Place, (draft: Draft, pairs: readonly Pair[], credentials: Credentials) => Draft>> = {
  header: (draft, pairs, { fields: { realm = '', disableHeaderEncoding } }) => {
    const write = isOn(disableHeaderEncoding) ? quoted : encodeStrict;
    const parts = pairs.filter(([, value]) => value !== '').map(([name, value]) => `${name}="${write(value)}"`);
    // RFC 5849 section 3.5.1: the realm is one as in any other scheme, so it is not percent-encoded.
    const all = realm.trim() === '' ? parts : [`realm="${quoted(realm)}"`, ...parts];
    return withHeader(draft, 'Authorization', `OAuth ${all.join(',')}`);
  },
  body: (draft, pairs) => withForm(withoutAuthorization(draft), pairs),
  query: (draft, pairs) =>
    withQuery(
      withoutAuthorization(draft),
      [],
      pairs.map(([name, value]) => `${name}=${encodeStrict(value)}`),
    ),
};

function withoutAuthorization(draft: Draft): Draft {
  if (headerOf(draft, 'authorization') === undefined) return draft;
  return { ...draft, headers: draft.headers.filter(([name]) => name.toLowerCase() !== 'authorization') };
}

/** The hash gives a short secret in the body away. */
function derivedFrom(
  signature: string,
  method: SignatureMethod,
  { fields }: Credentials,
  hash: string,
): readonly KnownSecret[] {
  return [
    { id: 'signature', value: signature },
    ...(method.kind === 'rsa' ? [] : [{ id: 'signing key', value: signingKey(fields) }]),
    ...(hash === '' ? [] : [{ id: 'body hash', value: hash }]),
  ];
}
