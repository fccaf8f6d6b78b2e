import { failure } from '../../../shared/failure/failure.ts';
import { err, ok } from '../../../shared/failure/result.ts';
import {
  type Credentials,
  type Draft,
  encodeStrict,
  type HeaderPair,
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
  stringToSign,
} from './sigv4.ts';

/**
 * AWS Signature Version 4 with Postman's fields: accessKey, secretKey, sessionToken, region (us-east-1), service (execute-api),
 * addAuthDataToQuery. Signs Host and every header of the request but those that proxies change.
 */
export const awsV4: Scheme = (draft, credentials) => {
  const { fields } = credentials;
  const missing = ['accessKey', 'secretKey'].find((field) => (fields[field] ?? '') === '');
  if (missing) return err(failure('REQUEST/AUTH_INCOMPLETE', { type: 'awsv4', field: missing }));
  const job: Job = { key: keyOf(credentials), sessionToken: fields.sessionToken ?? '', host: credentials.host };
  const clean = withoutEarlierSignature(draft);
  const [signed, value] = fields.addAuthDataToQuery === 'true' ? signQuery(clean, job) : signHeaders(clean, job);
  return ok({ draft: signed, derived: [{ id: 'signature', value }] });
};

interface Job {
  readonly key: SigV4Key;
  readonly sessionToken: string;
  readonly host: string;
}

type Signed = readonly [draft: Draft, signature: string];

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

function signHeaders(draft: Draft, { key, sessionToken, host }: Job): Signed {
  const payloadHash = sha256(draft.body);
  let dated = withHeader(draft, 'X-Amz-Date', key.at);
  if (draft.body.length > 0 || key.service === 's3') dated = withHeader(dated, 'X-Amz-Content-Sha256', payloadHash);
  if (sessionToken !== '') dated = withHeader(dated, 'X-Amz-Security-Token', sessionToken);
  const headers = headersToSign(dated, host);
  const value = signatureOf({ ...dated, headers }, payloadHash, key);
  const credential = `${key.accessKey}/${credentialScope(key)}`;
  const header = `${ALGORITHM} Credential=${credential}, SignedHeaders=${signedNames(headers)}, Signature=${value}`;
  return [withHeader(dated, 'Authorization', header), value];
}

function signQuery(draft: Draft, { key, sessionToken, host }: Job): Signed {
  const headers = headersToSign(draft, host);
  const isS3 = key.service === 's3';
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
  const payloadHash = isS3 ? 'UNSIGNED-PAYLOAD' : sha256(draft.body);
  const value = signatureOf({ ...unsigned, headers }, payloadHash, key);
  return [withQuery(unsigned, [], [pair('X-Amz-Signature', value)]), value];
}

function headersToSign(draft: Draft, host: string): HeaderPair[] {
  const own = draft.headers.filter(
    ([name]) => !UNSIGNED_HEADERS.has(name.toLowerCase()) && name.toLowerCase() !== 'host',
  );
  return [['Host', host], ...own];
}

function signatureOf(draft: Draft, payloadHash: string, key: SigV4Key): string {
  const rules: PathRules = { normalise: key.service !== 's3', decodeFirst: key.service === 's3' };
  return signature(stringToSign(canonicalRequest({ ...draft, payloadHash }, rules), key), key);
}

function pair(name: string, value: string): string {
  return `${encodeStrict(name)}=${encodeStrict(value)}`;
}
