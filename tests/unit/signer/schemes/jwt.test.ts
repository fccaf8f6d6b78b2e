import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { compactVerify, decodeProtectedHeader, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { jwt } from '../../../../src/signer/schemes/jwt.ts';
import { attempt, signedBy } from './rounds-stand.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2048 });
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve });
const curves = { ES256: ec('P-256'), ES384: ec('P-384'), ES512: ec('P-521') };
const ed25519 = generateKeyPairSync('ed25519');
const pem = (key: KeyObject, type: 'pkcs8' | 'pkcs1' | 'sec1' = 'pkcs8') =>
  key.export({ type, format: 'pem' }).toString();
const payload = '{"sub":"1234","admin":true,"list":[1,"ü"]}';
const tokenOf = (fields: Record<string, string>) => {
  const { authorization } = signedBy(jwt, { fields: { payload, ...fields } });
  expect(authorization).toMatch(/^Bearer /);
  return authorization.slice('Bearer '.length);
};
const claims = { sub: '1234', admin: true, list: [1, 'ü'] };

describe('tokens that jose verifies', () => {
  it.each(['HS256', 'HS384', 'HS512'])('%s, with the secret as text and in base64', async (algorithm) => {
    const bytes = Buffer.from('a secret of more than sixty-four bytes, which is what HS512 wants to have');
    const text = tokenOf({ algorithm, secret: bytes.toString() });
    const base64 = tokenOf({ algorithm, secret: bytes.toString('base64'), isSecretBase64Encoded: 'true' });
    expect(text).toBe(base64);
    expect((await jwtVerify(text, bytes, { algorithms: [algorithm] })).payload).toEqual(claims);
    const off = tokenOf({ algorithm, secret: bytes.toString('base64'), isSecretBase64Encoded: 'false' });
    expect(off).not.toBe(text);
  });

  it.each([
    ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'].map((name) => [name, rsa] as const),
    ['PS256', pss] as const,
    ...Object.entries(curves).map(([name, keys]) => [name, keys] as const),
    ['EdDSA', ed25519] as const,
  ])('%s', async (algorithm, { privateKey, publicKey }) => {
    const token = tokenOf({ algorithm, privateKey: pem(privateKey) });
    // jose takes no key that is marked for PSS only.
    if (publicKey.asymmetricKeyType === 'rsa-pss') return;
    expect((await jwtVerify(token, publicKey, { algorithms: [algorithm] })).payload).toEqual(claims);
  });

  it('the header keeps its own fields, and the algorithm is the one that is signed with', async () => {
    const secret = 'a secret of at least thirty-two bytes';
    const token = tokenOf({ algorithm: 'HS256', secret, header: '{"alg":"none","typ":"JWT","kid":"k1"}' });
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'HS256', typ: 'JWT', kid: 'k1' });
    const empty = tokenOf({ algorithm: 'HS256', secret, header: ' ', payload: '' });
    const verified = await compactVerify(empty, Buffer.from(secret));
    expect([verified.protectedHeader, Buffer.from(verified.payload).toString()]).toEqual([{ alg: 'HS256' }, '{}']);
  });
});

describe('private keys', () => {
  const { privateKey } = rsa;
  const whole = tokenOf({ algorithm: 'RS256', privateKey: pem(privateKey) });
  it.each([
    ['PKCS #1', pem(privateKey, 'pkcs1')],
    ['line breaks written as \\n', pem(privateKey).replaceAll('\n', '\\n')],
    ['line breaks of Windows, written', pem(privateKey).replaceAll('\n', '\\r\\n')],
    ['no line breaks', pem(privateKey).replaceAll('\n', '')],
    ['spaces for line breaks', ` ${pem(privateKey).replaceAll('\n', ' ')}`],
    ['text around it', `Bag Attributes\n${pem(privateKey)}\nmore`],
  ])('are read with %s', (_, text) => {
    expect(tokenOf({ algorithm: 'RS256', privateKey: text })).toBe(whole);
  });

  it('of elliptic curves are read in SEC 1, after the parameters that OpenSSL writes before them', async () => {
    const { privateKey: key, publicKey } = curves.ES256;
    const text = `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${pem(key, 'sec1')}`;
    expect((await jwtVerify(tokenOf({ algorithm: 'ES256', privateKey: text }), publicKey)).payload).toEqual(claims);
  });
});

describe('where the token goes', () => {
  const fields = { algorithm: 'HS256', secret: 'secret', payload };
  const token = tokenOf(fields);

  it('a header with Bearer, another prefix or none', () => {
    expect(signedBy(jwt, { fields: { ...fields, headerPrefix: 'JWT' } }).authorization).toBe(`JWT ${token}`);
    expect(signedBy(jwt, { fields: { ...fields, headerPrefix: '' } }).authorization).toBe(token);
    const draft = { headers: [['authorization', 'old']] as const };
    expect(signedBy(jwt, { fields: { ...fields, addTokenTo: 'header' }, draft }).draft.headers).toEqual([
      ['Authorization', `Bearer ${token}`],
    ]);
  });

  it('a query parameter, in the place of one of that name', () => {
    const target = (more: object) =>
      signedBy(jwt, {
        fields: { ...fields, addTokenTo: 'queryParam', ...more },
        draft: { target: '/a?token=old&b=1' },
      });
    expect(target({})).toMatchObject({ authorization: '', draft: { target: `/a?b=1&token=${token}`, headers: [] } });
    expect(target({ queryParamKey: 'my key' }).draft.target).toBe(`/a?token=old&b=1&my%20key=${token}`);
  });

  it('P1: token and signature are known to the scrubber, and what is shown has neither', () => {
    const { derived } = signedBy(jwt, { fields });
    expect(derived.map(({ value }) => value)).toEqual([token, token.split('.')[2]]);
    expect(signedBy(jwt, { fields, masked: true }).authorization).toBe('Bearer [redacted]');
    const query = { ...fields, addTokenTo: 'queryParam' };
    expect(signedBy(jwt, { fields: query, masked: true }).draft.target).toBe('/?token=[redacted]');
  });
});

describe('what is refused', () => {
  const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const narrow = generateKeyPairSync('rsa-pss', {
    modulusLength: 2048,
    hashAlgorithm: 'sha512',
    mgf1HashAlgorithm: 'sha512',
  });
  const hs = { algorithm: 'HS256', secret: 'secret-Value-1' };
  const rs = { algorithm: 'RS256', privateKey: pem(rsa.privateKey) };
  const encrypted = rsa.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'p' });
  const cases: [what: string, fields: Record<string, string>, code: string, fact: RegExp][] = [
    ['no algorithm', { secret: 's' }, 'AUTH_INCOMPLETE', /^algorithm$/],
    ['no secret', { algorithm: 'HS256', privateKey: rs.privateKey }, 'AUTH_INCOMPLETE', /^secret$/],
    ['no private key', { algorithm: 'ES256', secret: 's' }, 'AUTH_INCOMPLETE', /^privateKey$/],
    ['none', { ...hs, algorithm: 'none' }, 'AUTH_INVALID', /algorithm/],
    ['another algorithm', { ...hs, algorithm: 'hs256' }, 'AUTH_INVALID', /algorithm/],
    ['a text that is no key', { ...rs, privateKey: 'hunter2-Secret' }, 'AUTH_INVALID', /PEM/],
    ['a cut key', { ...rs, privateKey: rs.privateKey.slice(0, 900) }, 'AUTH_INVALID', /PEM/],
    ['a damaged key', { ...rs, privateKey: rs.privateKey.replace(/MII/, 'AII') }, 'AUTH_INVALID', /PEM/],
    [
      'a public key',
      { ...rs, privateKey: rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString() },
      'AUTH_INVALID',
      /PEM/,
    ],
    ['an encrypted key', { ...rs, privateKey: encrypted.toString() }, 'AUTH_INVALID', /encrypted/],
    ['an RSA key for ES256', { ...rs, algorithm: 'ES256' }, 'AUTH_INVALID', /not one for ES256/],
    ['an EC key for RS256', { ...rs, privateKey: pem(curves.ES256.privateKey) }, 'AUTH_INVALID', /not one for RS256/],
    [
      'a key of another curve',
      { algorithm: 'ES256', privateKey: pem(curves.ES384.privateKey) },
      'AUTH_INVALID',
      /ES256/,
    ],
    ['an EC key for EdDSA', { algorithm: 'EdDSA', privateKey: pem(curves.ES256.privateKey) }, 'AUTH_INVALID', /EdDSA/],
    ['a key for PSS for RS256', { ...rs, privateKey: pem(pss.privateKey) }, 'AUTH_INVALID', /RS256/],
    ['a key for another hash', { algorithm: 'PS256', privateKey: pem(narrow.privateKey) }, 'AUTH_INVALID', /this key/],
    ['an RSA key of 1024 bits', { ...rs, privateKey: pem(small.privateKey) }, 'AUTH_INVALID', /2048/],
    ['a payload that is no JSON', { ...hs, payload: '{"a":' }, 'AUTH_INVALID', /payload/],
    ['a payload that is a list', { ...hs, payload: '[]' }, 'AUTH_INVALID', /payload/],
    ['a header that is a text', { ...hs, header: '"x"' }, 'AUTH_INVALID', /header/],
    ['extensions', { ...hs, header: '{"crit":["b64"],"b64":false}' }, 'AUTH_INVALID', /extensions/],
    [
      'a payload nested too deeply',
      { ...hs, payload: `{"a":${'['.repeat(2e5)}${']'.repeat(2e5)}}` },
      'AUTH_INVALID',
      /./,
    ],
    ['another place', { ...hs, addTokenTo: 'body' }, 'AUTH_INVALID', /addTokenTo/],
  ];

  it.each(cases)('P7: %s', (_, fields, code, fact) => {
    const tried = attempt(jwt, { fields: { payload: '{}', ...fields } });
    if (tried.ok) throw new Error('It was signed.');
    const { facts } = tried.failure;
    expect(tried.failure.code).toBe(`REQUEST/${code}`);
    expect(String(facts.field ?? facts.problem)).toMatch(fact);
    expect(JSON.stringify(tried.failure)).not.toMatch(/secret-Value|hunter2|MII|BEGIN/);
  });
});
