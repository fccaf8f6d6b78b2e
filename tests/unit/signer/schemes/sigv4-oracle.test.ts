import { Sha256 } from '@aws-crypto/sha256-js';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeStrict, type HeaderPair } from '../../../../src/signer/schemes/scheme.ts';
import { NOW, signDraft } from './sign-draft.ts';

const fields = {
  accessKey: 'AKIDEXAMPLE',
  secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  region: 'eu-central-1',
};
const EXPIRES = 300;

interface Case {
  readonly service: string;
  readonly method: string;
  /** Decoded; each segment of its own. */
  readonly path: readonly string[];
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: readonly HeaderPair[];
  readonly body: string;
  readonly sessionToken: string;
  readonly inQuery: boolean;
}

function signOurs({ service, method, path, query, headers, body, sessionToken, inQuery }: Case): string {
  const added = inQuery
    ? [...query, ['X-Amz-Expires', String(EXPIRES)], ...(service === 's3' ? [UNSIGNED] : [])]
    : query;
  const written = added.map(([name = '', value = '']) => `${encodeStrict(name)}=${encodeStrict(value)}`).join('&');
  const target = `/${path.map(encodeStrict).join('/')}${written === '' ? '' : `?${written}`}`;
  const signed = signDraft(
    'awsv4',
    { ...fields, service, sessionToken, addAuthDataToQuery: String(inQuery) },
    { method, target, headers, body },
  );
  return (
    (inQuery
      ? /X-Amz-Signature=(\w+)$/.exec(signed.target)
      : /Signature=(\w+)$/.exec(signed.headers.authorization ?? ''))?.[1] ?? ''
  );
}

/** As the S3 client of AWS states it; it becomes a parameter of a signed URL. */
const UNSIGNED = ['X-Amz-Content-Sha256', 'UNSIGNED-PAYLOAD'] as const;

async function signTheirs({
  service,
  method,
  path,
  query,
  headers,
  body,
  sessionToken,
  inQuery,
}: Case): Promise<string> {
  const isS3 = service === 's3';
  const signer = new SignatureV4({
    credentials: {
      accessKeyId: fields.accessKey,
      secretAccessKey: fields.secretKey,
      ...(sessionToken !== '' && { sessionToken }),
    },
    region: fields.region,
    service,
    sha256: Sha256,
    uriEscapePath: !isS3,
    applyChecksum: isS3 || body !== '',
  });
  const request = {
    method,
    protocol: 'https:',
    hostname: 'api.example.com',
    path: `/${path.map(encodeStrict).join('/')}`,
    query: Object.fromEntries(query),
    headers: {
      host: 'api.example.com',
      ...Object.fromEntries(headers),
      ...(inQuery && isS3 && { [UNSIGNED[0]]: UNSIGNED[1] }),
    },
    body,
  };
  const signingDate = new Date(NOW);
  if (inQuery) {
    const signed = await signer.presign(request, { signingDate, expiresIn: EXPIRES });
    return String(signed.query?.['X-Amz-Signature']);
  }
  const signed = await signer.sign(request, { signingDate });
  return /Signature=(\w+)$/.exec(signed.headers.authorization ?? '')?.[1] ?? '';
}

const plain: Case = {
  service: 's3',
  method: 'GET',
  path: ['bucket', 'key'],
  query: [],
  headers: [],
  body: '',
  sessionToken: '',
  inQuery: false,
};

/** S3 takes paths as they are and encodes them once. */
const s3: readonly (readonly [name: string, part: Partial<Case>])[] = [
  ['an object', {}],
  ['an object of no bytes that is put', { method: 'PUT' }],
  ['an object that is put', { method: 'PUT', body: 'content', headers: [['Content-Type', 'text/plain']] }],
  ['a key with what other services encode twice', { path: ['bucket', 'a b', 'ü+%20', "!'()*~"] }],
  ['a slash inside a key', { path: ['bucket', 'a/b'] }],
  ['dots that stay', { path: ['bucket', '..', '.', 'key'] }],
  ['slashes that stay', { path: ['bucket', '', '', 'key', ''] }],
  [
    'a listing',
    {
      query: [
        ['list-type', '2'],
        ['prefix', 'a/b c'],
      ],
    },
  ],
  ['a part of the query without a value', { query: [['acl', '']] }],
  ['a range', { headers: [['Range', 'bytes=0-9']] }],
  [
    'headers of its own',
    {
      headers: [
        ['x-amz-meta-note', '  two  blanks '],
        ['x-amz-acl', 'private'],
      ],
      method: 'PUT',
      body: 'x',
    },
  ],
  ['a session', { sessionToken: 'token/+==' }],
  ['a signed URL', { inQuery: true }],
  ['a signed URL of a session', { inQuery: true, sessionToken: 'token/+==' }],
  ['a signed URL to put to, whatever the body', { inQuery: true, method: 'PUT', body: 'content' }],
  ['a signed URL of a key that is encoded once', { inQuery: true, path: ['bucket', 'a b', 'ü+'] }],
];

describe('AWS Signature Version 4 against @smithy/signature-v4', () => {
  it.each(s3)('S3: %s', async (_, part) => {
    const given = { ...plain, ...part };
    const ours = signOurs(given);
    expect(ours).toMatch(/^[0-9a-f]{64}$/);
    expect(ours).toBe(await signTheirs(given));
  });

  const segment = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 6 }), fc.constantFrom('.', '..', 'a', ''));
  const name = fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
    .filter((text) => !/^(?:x-amz|__proto__)/i.test(text));
  const request = fc.record({
    service: fc.constantFrom('s3', 'execute-api', 'sts'),
    method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
    // What a dot segment at the very end leaves behind is read in two ways.
    path: fc
      .tuple(fc.array(segment, { maxLength: 4 }), fc.constantFrom('', 'end'))
      .map(([some, end]) => [...some, end]),
    query: fc.uniqueArray(fc.tuple(name, fc.string({ unit: 'grapheme', maxLength: 8 })), {
      maxLength: 4,
      selector: ([key]) => key,
    }),
    headers: fc.uniqueArray(fc.tuple(fc.stringMatching(/^x-[a-z]{1,8}$/), fc.stringMatching(/^[ -~]{0,12}$/)), {
      maxLength: 3,
      selector: ([key]) => key,
    }),
    body: fc.oneof(fc.constant(''), fc.string({ unit: 'grapheme', maxLength: 20 })),
    sessionToken: fc.constantFrom('', 'session+/=='),
    inQuery: fc.boolean(),
  });

  it('signs any request as it does, in the header and in the query', async () => {
    await fc.assert(
      fc.asyncProperty(request, async (given) => {
        expect(signOurs(given)).toBe(await signTheirs(given));
      }),
      { numRuns: 150 },
    );
  });

  it('leaves headers unsigned that proxies change', () => {
    const headers = [
      ['User-Agent', 'mine'],
      ['Cache-Control', 'no-cache'],
      ['X-Own', 'signed'],
    ] as const;
    const { headers: written } = signDraft('awsv4', { ...fields, service: 's3' }, { headers });
    expect(written.authorization).toContain('SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-own,');
    expect(written['user-agent']).toBe('mine');
  });

  it('P1: reports the signature, the key of the day and the hash of a body, which give a short secret away', () => {
    const { derived, headers } = signDraft('awsv4', fields, { method: 'POST', body: '{"pin":1234}' });
    expect(derived).toContain(/Signature=(\w+)$/.exec(headers.authorization ?? '')?.[1]);
    expect(derived).toContain(headers['x-amz-content-sha256']);
    expect(derived).toHaveLength(4);
  });
});
