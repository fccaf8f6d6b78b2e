import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { edgegrid } from '../../../../src/signer/schemes/edgegrid.ts';
import { type Attempt, attempt, signedBy } from './rounds-stand.ts';

/** Akamai's own client, as far as it is used: it has no types. */
interface Oracle {
  signRequest(request: object, timestamp: string, clientSecret: string, authHeader: string): string;
}
const require = createRequire(import.meta.url);
const oracle = require(join(dirname(require.resolve('akamai-edgegrid')), 'src/helpers.js')) as Oracle;

const fields = { accessToken: 'akab-access', clientToken: 'akab-client', clientSecret: 'sec+ret/Value=' };
const NONCE = 'aa'.repeat(16);
const TIME = '20240506T07:08:09+0000';

interface Expected {
  readonly url: string;
  readonly method?: string;
  readonly body?: string;
  readonly headersToSign?: Record<string, string>;
  readonly timestamp?: string;
  readonly nonce?: string;
}

function byAkamai({ timestamp = TIME, nonce = NONCE, method = 'GET', ...request }: Expected): string {
  const start = `EG1-HMAC-SHA256 client_token=akab-client;access_token=akab-access;timestamp=${timestamp};nonce=${nonce};`;
  const signature = oracle.signRequest({ method, headers: {}, ...request }, timestamp, fields.clientSecret, start);
  return `${start}signature=${signature}`;
}

const big = 'x'.repeat(131_073);
const host = 'akab-x.luna.akamaiapis.net';
const url = `https://${host}`;
const post = (body: string) => ({ method: 'POST', body: Buffer.from(body) });

const cases: [what: string, tried: Partial<Attempt>, expected: Expected][] = [
  ['a path and a query', { draft: { target: '/a/b%20c?d=e%26&f' } }, { url: `${url}/a/b%20c?d=e%26&f` }],
  ['plain HTTP on a port', { scheme: 'http', host: 'localhost:8080' }, { url: 'http://localhost:8080/' }],
  ['a POST', { draft: post('{"a":"ü"}') }, { url: `${url}/`, method: 'POST', body: '{"a":"ü"}' }],
  ['a POST of no bytes', { draft: post('') }, { url: `${url}/`, method: 'POST', body: '' }],
  [
    'a PUT, whose body is not hashed',
    { draft: { ...post('x'), method: 'PUT' } },
    { url: `${url}/`, method: 'PUT', body: 'x' },
  ],
  ['a body at the limit', { draft: post(big.slice(1)) }, { url: `${url}/`, method: 'POST', body: big.slice(1) }],
  ['a body over it', { draft: post(big) }, { url: `${url}/`, method: 'POST', body: big }],
  [
    'a limit of its own',
    { fields: { maxBodySize: '3' }, draft: post('abcdef') },
    { url: `${url}/`, method: 'POST', body: 'abc' },
  ],
  [
    'headers, in the order asked for',
    {
      fields: { headersToSign: 'X-B, x-a ,X-None,X-Empty' },
      draft: {
        headers: [
          ['X-A', ' 1  2\t3 '],
          ['x-b', 'v'],
          ['X-Empty', ' '],
          ['X-C', 'no'],
        ],
      },
    },
    { url: `${url}/`, headersToSign: { 'X-B': 'v', 'X-A': '1 2 3' } },
  ],
  [
    'its own nonce and time',
    { fields: { nonce: 'n', timestamp: 't' } },
    { url: `${url}/`, nonce: 'n', timestamp: 't' },
  ],
  ['another host', { fields: { baseURL: 'https://other.example:8443/x' } }, { url: 'https://other.example:8443/' }],
  ['another host without a scheme', { fields: { baseURL: 'other.example' } }, { url: 'https://other.example/' }],
];

describe('EdgeGrid is signed as by Akamai', () => {
  it.each(cases)('%s', (_, tried, expected) => {
    const own = { host, ...tried, fields: { ...fields, ...tried.fields } };
    const { authorization, derived } = signedBy(edgegrid, own);
    expect(authorization).toBe(byAkamai(expected));
    expect(derived.map(({ value }) => value)).toEqual([authorization.split('signature=')[1]]);
  });
});

describe('what is refused', () => {
  it.each(['accessToken', 'clientToken', 'clientSecret'])('P7: a request without %s', (field) => {
    expect(attempt(edgegrid, { fields: { ...fields, [field]: '' } })).toMatchObject({
      ok: false,
      failure: { code: 'REQUEST/AUTH_INCOMPLETE', facts: { type: 'edgegrid', field } },
    });
  });

  it.each([
    ['maxBodySize', '1k'],
    ['maxBodySize', '-1'],
    ['baseURL', 'https://'],
  ])('P7: the %s %j', (field, value) => {
    expect(attempt(edgegrid, { fields: { ...fields, [field]: value } })).toMatchObject({
      ok: false,
      failure: { code: 'REQUEST/AUTH_INVALID', facts: { type: 'edgegrid' } },
    });
  });
});

it('P1: what is shown holds nothing that was computed', () => {
  const shown = signedBy(edgegrid, { fields: { ...fields, baseURL: '[redacted]' }, masked: true });
  expect(shown).toMatchObject({ authorization: 'EG1-HMAC-SHA256 [redacted]', derived: [] });
});
