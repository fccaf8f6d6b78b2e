import { generateKeyPairSync } from 'node:crypto';
import { jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { asap } from '../../../../src/signer/schemes/asap.ts';
import { attempt, NOW, signedBy } from './rounds-stand.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const privateKey = rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
const der = rsa.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
const fields = { kid: 'issuer/key', iss: 'issuer', aud: 'audience', privateKey };
const seconds = Math.floor(NOW / 1000);

async function verified(own: Record<string, string>, key = rsa.publicKey) {
  const { authorization } = signedBy(asap, { fields: own });
  const options = { currentDate: new Date(NOW), audience: 'audience', issuer: 'issuer' };
  const { payload, protectedHeader } = await jwtVerify(authorization.replace(/^Bearer /, ''), key, options);
  return { payload, protectedHeader };
}

const base = {
  iat: seconds,
  iss: 'issuer',
  sub: 'issuer',
  jti: 'aaaaaaaa-aaaa-4aaa-aaaa-aaaaaaaaaaaa',
  aud: 'audience',
  exp: seconds + 3600,
};

describe('a token of ASAP, which jose verifies', () => {
  it('lasts an hour, names key and issuer, and is one of its own', async () => {
    expect(await verified(fields)).toEqual({ payload: base, protectedHeader: { alg: 'RS256', kid: 'issuer/key' } });
  });

  it('takes subject, expiry and algorithm from the fields', async () => {
    const own = { ...fields, sub: 'me', exp: '60', alg: 'ES256' };
    const key = ec.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const { payload, protectedHeader } = await verified({ ...own, privateKey: key }, ec.publicKey);
    expect(payload).toEqual({ ...base, sub: 'me', exp: seconds + 60 });
    expect(protectedHeader.alg).toBe('ES256');
  });

  it('takes what the claims state before the fields', async () => {
    const stated = {
      aud: ['audience', 'b'],
      jti: 'j',
      exp: seconds + 5,
      iat: seconds - 5,
      sub: 's',
      kid: 'k2',
      extra: { a: 1 },
    };
    const { payload, protectedHeader } = await verified({
      ...fields,
      iss: '',
      claims: JSON.stringify({ ...stated, iss: 'issuer' }),
    });
    expect(payload).toEqual({ ...stated, iss: 'issuer' });
    expect(protectedHeader.kid).toBe('k2');
  });

  const uri = `data:application/pkcs8;kid=issuer/key;base64,${der}`;
  it.each([
    ['in a data URI', uri],
    ['in one that is percent-encoded', encodeURIComponent(uri)],
    ['in quotes', `"${uri}"`],
    ['in PEM without line breaks', privateKey.replaceAll('\n', '')],
  ])('is signed with a key %s', async (_, text) => {
    expect((await verified({ ...fields, privateKey: text })).payload).toEqual(base);
  });

  it('P1: token and signature are known to the scrubber, and what is shown has neither', () => {
    const { authorization, derived } = signedBy(asap, { fields });
    const token = authorization.slice('Bearer '.length);
    expect(derived.map(({ value }) => value)).toEqual([token, token.split('.')[2]]);
    expect(signedBy(asap, { fields, masked: true })).toMatchObject({ authorization: 'Bearer [redacted]', derived: [] });
  });
});

describe('what is refused', () => {
  const cases: [what: string, own: Record<string, string>, code: string, fact: RegExp][] = [
    ['no kid', { kid: '' }, 'AUTH_INCOMPLETE', /^kid$/],
    ['no issuer', { iss: '' }, 'AUTH_INCOMPLETE', /^iss$/],
    ['no audience', { aud: '' }, 'AUTH_INCOMPLETE', /^aud$/],
    ['no key', { privateKey: '' }, 'AUTH_INCOMPLETE', /^privateKey$/],
    ['a shared secret', { alg: 'HS256' }, 'AUTH_INVALID', /alg/],
    ['none', { alg: 'none' }, 'AUTH_INVALID', /alg/],
    ['a key of another kind', { alg: 'ES256' }, 'AUTH_INVALID', /ES256/],
    ['a text that is no key', { privateKey: 'hunter2-Secret' }, 'AUTH_INVALID', /PEM/],
    ['a data URI without a kid', { privateKey: `data:application/pkcs8;base64,${der}` }, 'AUTH_INVALID', /data URI/],
    ['a data URI of another kid', { privateKey: `data:application/pkcs8;kid=x;base64,${der}` }, 'AUTH_INVALID', /kid/],
    [
      'a data URI of no key',
      { privateKey: 'data:application/pkcs8;kid=issuer/key;base64,AAAA' },
      'AUTH_INVALID',
      /data URI/,
    ],
    ['claims that are no object', { claims: '[1]' }, 'AUTH_INVALID', /claims/],
    ['an expiry of no time', { exp: '0' }, 'AUTH_INVALID', /exp/],
    ['an expiry in words', { exp: '1h' }, 'AUTH_INVALID', /exp/],
  ];

  it.each(cases)('P7: %s', (_, own, code, fact) => {
    const tried = attempt(asap, { fields: { ...fields, ...own } });
    if (tried.ok) throw new Error('It was signed.');
    const { facts } = tried.failure;
    expect(tried.failure.code).toBe(`REQUEST/${code}`);
    expect(String(facts.field ?? facts.problem)).toMatch(fact);
    expect(JSON.stringify(tried.failure)).not.toMatch(/hunter2|MII|AAAA/);
  });
});
