// Requests with an auth that both clients sign, with the time and the nonce fixed, and every way in which the two differ.
import { generateKeyPairSync } from 'node:crypto';
import { ABSENT } from './wire-compare.ts';
import type { CaseDifference } from './wire-differences.ts';

/** 2015-08-30T12:36:00Z. */
export const SIGNED_AT = Date.UTC(2015, 7, 30, 12, 36);

type Auth = Readonly<Record<string, string | boolean>>;

interface Parts {
  readonly method?: string;
  /** Behind the origin. */
  readonly to?: string;
  readonly header?: readonly { readonly key: string; readonly value: string }[];
  readonly body?: object;
}

export interface AuthCase {
  readonly name: string;
  readonly type: string;
  readonly auth: Auth;
  readonly parts: Parts;
}

// RSA PKCS #1 v1.5 signs the same bytes in the same way each time, so that both clients can be compared.
const pem = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs8', format: 'pem' });

const json = { mode: 'raw', raw: '{"a":"ü"}' };
const jsonType = [{ key: 'Content-Type', value: 'application/json' }];
const form = {
  mode: 'urlencoded',
  urlencoded: [
    { key: 'b', value: '2 3&4' },
    { key: 'a', value: 'ü+' },
    { key: 'a', value: '' },
  ],
};
const formType = [{ key: 'Content-Type', value: 'application/x-www-form-urlencoded' }];
const QUERY = '/p/a?z=1&a=2%203&a=1&flag';

const aws: Auth = {
  accessKey: 'AKIDEXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  region: 'eu-west-1',
};
// Newman takes the time of its signature from this header, which both sign.
const DATE = { key: 'Date', value: 'Sun, 30 Aug 2015 12:36:00 GMT' };
const oauth: Auth = {
  consumerKey: 'c k',
  consumerSecret: 's/1&',
  token: 't',
  tokenSecret: 'ts=',
  timestamp: '1440938160',
  nonce: 'nonce',
  version: '1.0',
  signatureMethod: 'HMAC-SHA1',
};
const hawk: Auth = { authId: 'id', authKey: 'key', algorithm: 'sha256', nonce: 'nonce', timestamp: '1440938160' };

const METHODS = ['HMAC-SHA1', 'HMAC-SHA256', 'HMAC-SHA512', 'RSA-SHA1', 'RSA-SHA256', 'RSA-SHA512', 'PLAINTEXT'];

export const authCases: readonly AuthCase[] = [
  of('basic', 'basic', { username: 'user', password: 'pa:ss' }),
  of('basic in UTF-8', 'basic', { username: 'üser', password: 'wörd€' }),
  of('basic with nothing', 'basic', { username: '', password: '' }),
  of('bearer', 'bearer', { token: 'token' }, { header: [{ key: 'Authorization', value: 'old' }] }),
  of('bearer with nothing', 'bearer', { token: '' }),
  of(
    'apikey in a header',
    'apikey',
    { key: 'X-Key', value: 'k v', in: 'header' },
    { header: [{ key: 'x-key', value: 'old' }] },
  ),
  of('apikey in the query', 'apikey', { key: 'k', value: "a&b=c d'", in: 'query' }, { to: '/p?a=1&k=old' }),
  of('apikey in a cookie', 'apikey', { key: 'sid', value: 'v', in: 'cookie' }),
  of('apikey with nothing', 'apikey', { key: '', value: '' }),
  of('awsv4', 'awsv4', aws, { to: QUERY, header: [DATE] }),
  of('awsv4 with a session', 'awsv4', { ...aws, sessionToken: 'se/+==' }, { header: [DATE] }),
  of('awsv4 with a path that is encoded twice', 'awsv4', aws, { to: '/a b/%C3%BC//x', header: [DATE] }),
  of(
    'awsv4 of JSON',
    'awsv4',
    { ...aws, service: 'lambda' },
    { method: 'POST', header: [DATE, ...jsonType], body: json },
  ),
  of(
    'awsv4 of a form',
    'awsv4',
    { ...aws, service: 'sts' },
    { method: 'POST', header: [DATE, ...formType], body: form },
  ),
  of('awsv4 of a body whose type is not stated', 'awsv4', aws, { method: 'POST', header: [DATE], body: json }),
  of('awsv4 of an S3 object', 'awsv4', { ...aws, service: 's3' }, { to: '/b/a%20b/%C3%BC', header: [DATE] }),
  of(
    'awsv4 of an S3 object that is put',
    'awsv4',
    { ...aws, service: 's3' },
    { method: 'PUT', header: [DATE, ...jsonType], body: json },
  ),
  of('awsv4 in the query', 'awsv4', { ...aws, addAuthDataToQuery: true }, { to: '/p?z=1&a=2', header: [DATE] }),
  of(
    'awsv4 in the query with a session',
    'awsv4',
    { ...aws, sessionToken: 'se/+==', addAuthDataToQuery: true },
    { to: '/p', header: [DATE] },
  ),
  of(
    'awsv4 in the query of S3',
    'awsv4',
    { ...aws, service: 's3', addAuthDataToQuery: true },
    { to: '/b/key', header: [DATE] },
  ),
  of(
    'awsv4 in the query of S3 with an expiry of its own',
    'awsv4',
    { ...aws, service: 's3', addAuthDataToQuery: true },
    { to: '/b/key?X-Amz-Expires=60', header: [DATE] },
  ),
  of(
    'awsv4 in the query of a body',
    'awsv4',
    { ...aws, addAuthDataToQuery: true },
    { method: 'POST', header: [DATE, ...jsonType], body: json },
  ),
  ...METHODS.flatMap((signatureMethod) => [
    of(
      `oauth1 ${signatureMethod} in the header`,
      'oauth1',
      { ...oauth, signatureMethod, addParamsToHeader: true },
      { to: QUERY },
    ),
    of(`oauth1 ${signatureMethod} in the query`, 'oauth1', { ...oauth, signatureMethod }, { to: QUERY }),
    of(
      `oauth1 ${signatureMethod} in the body`,
      'oauth1',
      { ...oauth, signatureMethod },
      { to: QUERY, method: 'POST', header: formType, body: form },
    ),
  ]),
  of('oauth1 without a method', 'oauth1', { ...oauth, signatureMethod: '', addParamsToHeader: true }),
  of(
    'oauth1 of a form in the header',
    'oauth1',
    { ...oauth, addParamsToHeader: true },
    { method: 'POST', header: formType, body: form },
  ),
  of('oauth1 of a PATCH with a form', 'oauth1', oauth, { method: 'PATCH', header: formType, body: form }),
  of(
    'oauth1 with characters that a URL leaves alone',
    'oauth1',
    { ...oauth, addParamsToHeader: true },
    { to: "/p?q=a!b'(c)*+d~&n[]=1" },
  ),
  of('oauth1 with parameters that are there', 'oauth1', oauth, { to: '/p?oauth_token=old&a=1' }),
  of(
    'oauth1 with the hash of JSON',
    'oauth1',
    { ...oauth, addParamsToHeader: true, includeBodyHash: true },
    { method: 'POST', header: jsonType, body: json },
  ),
  of('oauth1 with the hash of nothing', 'oauth1', {
    ...oauth,
    addParamsToHeader: true,
    includeBodyHash: true,
    signatureMethod: 'HMAC-SHA256',
  }),
  of('oauth1 with callback and verifier', 'oauth1', {
    ...oauth,
    token: '',
    tokenSecret: '',
    callback: 'http://localhost/x?y=1',
    verifier: 'v v',
    addParamsToHeader: true,
  }),
  of('oauth1 with empty parameters in the header', 'oauth1', {
    ...oauth,
    token: '',
    version: '',
    addEmptyParamsToSign: true,
    addParamsToHeader: true,
  }),
  of('oauth1 with empty parameters in the query', 'oauth1', {
    ...oauth,
    token: '',
    version: '',
    addEmptyParamsToSign: true,
  }),
  of('oauth1 with a plain realm', 'oauth1', { ...oauth, realm: 'Photos', addParamsToHeader: true }),
  of('oauth1 with a realm of other characters', 'oauth1', { ...oauth, realm: 'http://a/b c', addParamsToHeader: true }),
  of('oauth1 with a header that is not encoded', 'oauth1', {
    ...oauth,
    realm: 'http://a/',
    addParamsToHeader: true,
    disableHeaderEncoding: true,
  }),
  of(
    'oauth1 of a form written as text',
    'oauth1',
    { ...oauth, addParamsToHeader: true },
    { method: 'POST', header: formType, body: { mode: 'raw', raw: 'a=1' } },
  ),
  of('hawk', 'hawk', hawk, { to: QUERY }),
  of('hawk with SHA-1', 'hawk', { ...hawk, algorithm: 'sha1' }),
  of('hawk with everything', 'hawk', { ...hawk, extraData: 'some "data" \\ x', app: 'app', delegation: 'dlg' }),
  of('hawk with a delegation alone', 'hawk', { ...hawk, delegation: 'dlg' }),
  of(
    'hawk with the hash of JSON',
    'hawk',
    { ...hawk, includePayloadHash: true },
    { method: 'POST', header: jsonType, body: json },
  ),
  of(
    'hawk with the hash of a form',
    'hawk',
    { ...hawk, includePayloadHash: true },
    { method: 'POST', header: formType, body: form },
  ),
  of(
    'hawk with the hash of a form whose type is not stated',
    'hawk',
    { ...hawk, includePayloadHash: true },
    { method: 'POST', body: form },
  ),
  of('hawk with the hash of nothing', 'hawk', { ...hawk, includePayloadHash: true }),
];

function of(name: string, type: string, auth: Auth, parts: Parts = {}): AuthCase {
  const key = String(auth.signatureMethod).startsWith('RSA') ? { privateKey: String(pem) } : {};
  return { name, type, auth: { ...auth, ...key }, parts };
}

/** The collection of all cases. */
export function authCollection() {
  const item = authCases.map(({ name, type, auth, parts: { method = 'GET', to = '/', header = [], body } }) => ({
    name,
    request: {
      method,
      url: `{{base}}${to}`,
      header,
      ...(body && { body }),
      auth: { type, [type]: Object.entries(auth).map(([key, value]) => ({ key, value, type: typeof value })) },
    },
  }));
  const schema = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';
  return { info: { name: 'auth cases', schema }, item };
}

const OAUTH_HEADER = oauthHeader('oauth_signature_method="HMAC-SHA1",');
const AWS_QUERY =
  '/?X-Amz-Date=20150830T123600Z&X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Feu-west-1%2Fexecute-api%2Faws4_request&X-Amz-SignedHeaders=content-type%3Bdate%3Bhost&X-Amz-Signature=…';

function oauthHeader(method: string): string {
  return `OAuth oauth_consumer_key="c%20k",oauth_token="t",${method}oauth_timestamp="1440938160",oauth_nonce="nonce",oauth_version="1.0",oauth_signature="…"`;
}

function awsHeader(signed: string): string {
  return `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/execute-api/aws4_request, SignedHeaders=${signed}x-amz-content-sha256;x-amz-date, Signature=…`;
}

/** The differences of the cases, by their names. Signatures depend on the port of the recorder: `…` stands for one. */
export const authDifferences: Readonly<Record<string, CaseDifference>> = {
  'apikey in a cookie': {
    why: 'OpenAPI and Insomnia have keys in cookies; newman takes every place but the query for a header',
    differences: [
      ['cookie', ABSENT, 'sid=v'],
      ['sid', 'v', ABSENT],
    ],
  },
  'awsv4 of a body whose type is not stated': {
    why: 'both add a Content-Type; newman adds it after it has signed',
    differences: [['authorization', awsHeader('date;host;'), awsHeader('content-type;date;host;')]],
  },
  'awsv4 in the query of a body': {
    why: 'the body is signed (General Reference, "Create a canonical request"); newman signs an empty one, which only S3 lets pass',
    differences: [['target', AWS_QUERY, AWS_QUERY]],
  },
  'oauth1 without a method': {
    why: 'newman signs with HMAC-SHA1 without saying so, which RFC 5849 section 3.1 asks for',
    differences: [['authorization', oauthHeader(''), oauthHeader('oauth_signature_method="HMAC-SHA1",')]],
  },
  'oauth1 with a realm of other characters': {
    why: 'RFC 5849 section 3.5.1: the realm is the one of RFC 2617, a quoted text; newman percent-encodes it',
    differences: [
      [
        'authorization',
        `OAuth realm="http%3A%2F%2Fa%2Fb%20c",${OAUTH_HEADER.slice('OAuth '.length)}`,
        `OAuth realm="http://a/b c",${OAUTH_HEADER.slice('OAuth '.length)}`,
      ],
    ],
  },
  'oauth1 of a form written as text': {
    why: 'RFC 5849 section 3.4.1.3.1: the Content-Type decides whether the fields of the body are signed; for newman the mode of the body does',
    differences: [['authorization', OAUTH_HEADER, OAUTH_HEADER]],
  },
  'hawk with the hash of a form whose type is not stated': {
    why: 'the hash is over the Content-Type that is sent; newman adds it after it has signed, so that the server finds another hash',
    differences: [
      [
        'authorization',
        'Hawk id="id", ts="1440938160", nonce="nonce", hash="g3lqOOOKY287FEeTdjE9RDPpUiixt+f1uNF93hr/96I=", mac="…"',
        'Hawk id="id", ts="1440938160", nonce="nonce", hash="FOS8pM+MPCXC3YeIhDD91oIbcPlUAgQucKsHpdAaKBE=", mac="…"',
      ],
    ],
  },
};

/** A value without the signature in it. */
export function withoutSignature(value: string): string {
  return value.replace(/(Signature=|oauth_signature="?|mac=")[\w%+/=]+/g, '$1…');
}
