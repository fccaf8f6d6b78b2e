import { failure } from '../../../shared/failure/failure.ts';
import { err, ok } from '../../../shared/failure/result.ts';
import type { KnownSecret } from '../../../shared/redact/scrubber.ts';
import {
  type Credentials,
  type Draft,
  encodeStrict,
  type HeaderPair,
  isOn,
  type Scheme,
  withHeader,
  withQuery,
} from './scheme.ts';
import {
  ALGORITHM,
  amzDate,
  canonicalRequest,
  credentialScope,
  type PathRules,
  type SigV4Key,
  sha256,
  signature,
  signedNames,
  signingKey,
  stringToSign,
} from './sigv4.ts';

/**
 * AWS Signature Version 4 with Postman's fields: accessKey, secretKey, sessionToken, region (us-east-1), service (execute-api),
 * addAuthDataToQuery. Signs Host and every header of the request but those that proxies change. Failure: REQUEST/AUTH_INCOMPLETE.
 */
export const awsV4: Scheme = (draft, credentials) => {
  const { fields } = credentials;
  const missing = ['accessKey', 'secretKey'].find((field) => (fields[field] ?? '') === '');
  if (missing) return err(failure('REQUEST/AUTH_INCOMPLETE', { type: 'awsv4', field: missing }));
  const key = keyOf(credentials);
  const job: Job = {
    key,
    signingKey: signingKey(key),
    payloadHash: sha256(draft.body),
    sessionToken: fields.sessionToken ?? '',
    host: credentials.host,
  };
  const clean = withoutEarlierSignature(draft);
  const [signed, value] = isOn(fields.addAuthDataToQuery) ? signQuery(clean, job) : signHeaders(clean, job);
  return ok({ draft: signed, derived: derivedFrom(job, draft, value) });
};

interface Job {
  readonly key: SigV4Key;
  readonly signingKey: Buffer;
  /** Hex SHA-256 of the body. */
  readonly payloadHash: string;
  readonly sessionToken: string;
  readonly host: string;
}

type Signed = readonly [draft: Draft, signature: string];

/** The hash gives a short secret in the body away, as the signing key gives every request of its day. */
function derivedFrom({ signingKey: key, payloadHash }: Job, { body }: Draft, value: string): KnownSecret[] {
  return [
    { id: 'signature', value },
    { id: 'signing key', value: key.toString('hex') },
    { id: 'signing key', value: key.toString('base64') },
    ...(body.length > 0 ? [{ id: 'body hash', value: payloadHash }] : []),
  ];
}

/** Signing names of S3, whose rules are its own: paths are encoded once and kept as they are, a signed URL leaves the body out. */
const S3_NAMES = new Set(['s3', 's3-object-lambda', 's3-outposts', 's3express']);

const SIGNATURE_HEADERS = new Set(['authorization', 'x-amz-date', 'x-amz-security-token', 'x-amz-content-sha256']);
const SIGNATURE_QUERY = [
  'X-Amz-Security-Token',
  'X-Amz-Date',
  'X-Amz-Algorithm',
  'X-Amz-Credential',
  'X-Amz-SignedHeaders',
  'X-Amz-Signature',
];

/** Intermediaries change these or leave them out. */
const UNSIGNED_HEADERS = new Set([
  'authorization',
  'cache-control',
  'connection',
  'expect',
  'from',
  'keep-alive',
  'max-forwards',
  'pragma',
  'referer',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
  'x-amzn-trace-id',
]);

function keyOf({ fields, now }: Credentials): SigV4Key {
  return {
    accessKey: fields.accessKey ?? '',
    secretKey: fields.secretKey ?? '',
    region: fields.region || 'us-east-1',
    service: fields.service || 'execute-api',
    at: amzDate(now),
  };
}

function withoutEarlierSignature(draft: Draft): Draft {
  const headers = draft.headers.filter(([name]) => !SIGNATURE_HEADERS.has(name.toLowerCase()));
  return withQuery({ ...draft, headers }, SIGNATURE_QUERY, []);
}

function signHeaders(draft: Draft, job: Job): Signed {
  const { key, payloadHash, sessionToken, host } = job;
  let dated = withHeader(draft, 'X-Amz-Date', key.at);
  if (draft.body.length > 0 || S3_NAMES.has(key.service))
    dated = withHeader(dated, 'X-Amz-Content-Sha256', payloadHash);
  if (sessionToken !== '') dated = withHeader(dated, 'X-Amz-Security-Token', sessionToken);
  const headers = headersToSign(dated, host);
  const value = signatureOf({ ...dated, headers }, payloadHash, job);
  const credential = `${key.accessKey}/${credentialScope(key)}`;
  const header = `${ALGORITHM} Credential=${credential}, SignedHeaders=${signedNames(headers)}, Signature=${value}`;
  return [withHeader(dated, 'Authorization', header), value];
}

function signQuery(draft: Draft, job: Job): Signed {
  const { key, sessionToken, host } = job;
  const headers = headersToSign(draft, host);
  const isS3 = S3_NAMES.has(key.service);
  const parameters: [string, string][] = [
    ...(sessionToken === '' ? [] : [['X-Amz-Security-Token', sessionToken] as [string, string]]),
    ...(isS3 && !/[?&]X-Amz-Expires=/.test(draft.target) ? [['X-Amz-Expires', '86400'] as [string, string]] : []),
    ['X-Amz-Date', key.at],
    ['X-Amz-Algorithm', ALGORITHM],
    ['X-Amz-Credential', `${key.accessKey}/${credentialScope(key)}`],
    ['X-Amz-SignedHeaders', signedNames(headers)],
  ];
  const unsigned = withQuery(
    draft,
    [],
    parameters.map(([name, value]) => pair(name, value)),
  );
  const payloadHash = isS3 ? 'UNSIGNED-PAYLOAD' : job.payloadHash;
  const value = signatureOf({ ...unsigned, headers }, payloadHash, job);
  return [withQuery(unsigned, [], [pair('X-Amz-Signature', value)]), value];
}

function headersToSign(draft: Draft, host: string): HeaderPair[] {
  const own = draft.headers.filter(
    ([name]) => !UNSIGNED_HEADERS.has(name.toLowerCase()) && name.toLowerCase() !== 'host',
  );
  return [['Host', host], ...own];
}

function signatureOf(draft: Draft, payloadHash: string, { key, signingKey: daily }: Job): string {
  const isS3 = S3_NAMES.has(key.service);
  const rules: PathRules = { normalise: !isS3, decodeFirst: isS3 };
  return signature(stringToSign(canonicalRequest({ ...draft, payloadHash }, rules), key), daily);
}

function pair(name: string, value: string): string {
  return `${encodeStrict(name)}=${encodeStrict(value)}`;
}
