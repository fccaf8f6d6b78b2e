import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from '../../../../src/signer/schemes/challenge.ts';
import { digest } from '../../../../src/signer/schemes/digest.ts';
import { digestAlgorithm } from '../../../../src/signer/schemes/digest-response.ts';
import { answered, attempt, nothingStated, signedBy } from './rounds-stand.ts';

const fields = { username: 'Mufasa', password: 'Circle of Life' };
const challenge = (more = '') => `Digest realm="r@x", nonce="n0", qop="auth"${more}`;
const params = (authorization: string) => Object.fromEntries(parseChallenges([authorization])[0]?.params ?? []);
const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const cnonce = 'aa'.repeat(16);

describe('what a challenge is answered with', () => {
  it('has every parameter that RFC 7616 section 3.4 asks for, quoted as it says', () => {
    const draft = { method: 'POST', target: '/a?b=c' };
    const round = answered(1, challenge(', opaque="o", algorithm=MD5, domain="/x"'));
    const { authorization, derived } = signedBy(digest.sign, { fields, round, draft });
    const ha1 = md5('Mufasa:r@x:Circle of Life');
    const response = md5(`${ha1}:n0:00000001:${cnonce}:auth:${md5('POST:/a?b=c')}`);
    expect(authorization).toBe(
      `Digest username="Mufasa", realm="r@x", nonce="n0", uri="/a?b=c", algorithm=MD5, qop=auth, nc=00000001, cnonce="${cnonce}", response="${response}", opaque="o"`,
    );
    expect(derived.map(({ value }) => value)).toEqual([response, ha1]);
  });

  it('is that of RFC 2069 where no qop is offered', () => {
    const { authorization } = signedBy(digest.sign, { fields, round: answered(1, 'Digest realm="r", nonce="n"') });
    const response = md5(`${md5('Mufasa:r:Circle of Life')}:n:${md5('GET:/')}`);
    expect(authorization).toBe(`Digest username="Mufasa", realm="r", nonce="n", uri="/", response="${response}"`);
  });

  it.each([
    ['MD5', 'md5'],
    ['SHA-256', 'sha256'],
    ['SHA-512-256', 'sha512-256'],
  ])('%s, with and without a session, for the request and for its body', (name, hash) => {
    const h = (text: string | Uint8Array) => createHash(hash).update(text).digest('hex');
    const body = Buffer.from([0, 1, 2, 0xff]);
    for (const session of [false, true])
      for (const qop of ['auth', 'auth-int', '']) {
        const algorithm = `${name}${session ? '-sess' : ''}`;
        const round = answered(1, `Digest realm="r", nonce="n", algorithm="${algorithm}", qop="${qop}"`);
        const { authorization } = signedBy(digest.sign, {
          fields,
          round,
          draft: { method: 'PUT', target: '/p', body },
        });
        const base = h('Mufasa:r:Circle of Life');
        const ha1 = session ? h(`${base}:n:${cnonce}`) : base;
        const ha2 = qop === 'auth-int' ? h(`PUT:/p:${h(body)}`) : h('PUT:/p');
        const response = qop === '' ? h(`${ha1}:n:${ha2}`) : h(`${ha1}:n:00000001:${cnonce}:${qop}:${ha2}`);
        const sent = params(authorization);
        expect(sent).toMatchObject({ algorithm, response });
        expect([sent.qop, sent.cnonce]).toEqual([qop || undefined, qop === '' && !session ? undefined : cnonce]);
      }
  });

  it.each([
    ['auth, auth-int', undefined, 'auth'],
    ['auth-int,auth', '', 'auth'],
    ['auth,auth-int', 'auth-int', 'auth-int'],
    ['auth', 'auth-int', 'auth'],
    ['auth-int', 'auth', 'auth-int'],
    [' AUTH ', undefined, 'auth'],
  ])('of the protections %j a collection that asks for %j gets %s', (offered, qop, expected) => {
    const round = answered(1, `Digest realm="r", nonce="n", qop="${offered}"`);
    const own = qop === undefined ? fields : { ...fields, qop };
    expect(params(signedBy(digest.sign, { fields: own, round }).authorization).qop).toBe(expected);
  });

  it('quotes what has to be, and writes UTF-8', () => {
    const round = answered(1, 'Digest realm="a\\"b\\\\c", nonce="\\"", opaque="ä"');
    const { authorization } = signedBy(digest.sign, { fields: { username: 'jä"x\\', password: '' }, round });
    const wire = Buffer.from(authorization, 'latin1').toString('utf8');
    const response = md5(`${md5('jä"x\\:a"b\\c:')}:":${md5('GET:/')}`);
    expect(wire).toBe(
      `Digest username="jä\\"x\\\\", realm="a\\"b\\\\c", nonce="\\"", uri="/", response="${response}", opaque="ä"`,
    );
  });

  it('names the user in UTF-8 or by a hash where the server knows how (RFC 7616 section 3.4.4)', () => {
    const user = { username: 'Ja\u0308søn Doe', password: 'Se\u0301cret' };
    const named = (more: string) =>
      params(signedBy(digest.sign, { fields: user, round: answered(1, challenge(more)) }).authorization);
    const normal = md5('Jäsøn Doe:r@x:Sécret');
    expect(named(', charset=UTF-8')).toMatchObject({
      'username*': "UTF-8''J%C3%A4s%C3%B8n%20Doe",
      response: md5(`${normal}:n0:00000001:${cnonce}:auth:${md5('GET:/')}`),
    });
    expect(named(', charset=utf-8, userhash=true')).toMatchObject({
      username: md5('Jäsøn Doe:r@x'),
      userhash: 'true',
      response: md5(`${normal}:n0:00000001:${cnonce}:auth:${md5('GET:/')}`),
    });
    expect(named('')).not.toHaveProperty('username*');
    const plain = signedBy(digest.sign, { fields, round: answered(1, challenge(', charset=UTF-8')) });
    expect(params(plain.authorization).username).toBe('Mufasa');
  });
});

describe('of several challenges', () => {
  const of = (algorithm: string) => `Digest realm="r", nonce="${algorithm}", algorithm=${algorithm}, qop="auth"`;
  it.each([
    [['MD5', 'SHA-256', 'SHA-512-256'], 'SHA-512-256'],
    [['SHA-256', 'SHA-512-256-sess', 'SHA-512-256'], 'SHA-512-256-sess'],
    [['md5', 'FOO'], 'md5'],
    [['SHA-512', 'MD5-sess', 'MD5'], 'MD5-sess'],
  ])('%j the strongest that is known is answered: %s', (offered, expected) => {
    const separate = answered(1, 'Basic realm="b"', ...offered.map(of));
    const joint = answered(1, ['NTLM', ...offered.map(of), 'Basic realm="b"'].join(', '));
    for (const round of [separate, joint])
      expect(params(signedBy(digest.sign, { fields, round }).authorization).nonce).toBe(expected);
  });
});

describe('whether an answer is gone on from', () => {
  const cases: [what: string, number: number, challenges: string[], goesOn: boolean][] = [
    ['a challenge', 1, [challenge()], true],
    ['another scheme', 1, ['Basic realm="r"', 'NTLM'], false],
    ['none', 1, [], false],
    ['an unknown algorithm', 1, [challenge(', algorithm=SHA-1')], false],
    ['an unknown protection', 1, ['Digest realm="r", nonce="n", qop="auth-conf"'], false],
    ['no nonce', 1, ['Digest realm="r"'], false],
    ['no realm', 1, ['Digest nonce="n"'], false],
    ['a second refusal', 2, [challenge()], false],
    ['a second refusal that says it is no refusal', 2, [challenge(', stale=false')], false],
    ['a nonce that was too old', 2, [challenge(', stale=TRUE')], true],
    ['a third nonce', 3, [challenge(', stale=true')], false],
  ];
  it.each(cases)('%s, round %d', (_, number, challenges, expected) => {
    expect(digest.goesOn?.(answered(number, ...challenges), nothingStated)).toBe(expected);
  });

  it('not where the collection switches it off', () => {
    const stated = (field: string) => (field === 'disableRetryRequest' ? 'true' : '');
    expect(digest.goesOn?.(answered(1, challenge()), stated)).toBe(false);
  });
});

describe('before the server has asked', () => {
  it('nothing is signed without a realm and a nonce', () => {
    for (const more of [{}, { realm: 'r' }, { nonce: 'n' }, { realm: '', nonce: '' }])
      expect(signedBy(digest.sign, { fields: { ...fields, ...more } })).toMatchObject({
        authorization: '',
        derived: [],
      });
  });

  it('what the collection states is signed with, as in Postman', () => {
    const stated = {
      ...fields,
      realm: 'r',
      nonce: 'n',
      qop: 'auth',
      algorithm: 'SHA-256',
      clientNonce: 'c',
      nonceCount: '7',
    };
    const sent = params(signedBy(digest.sign, { fields: { ...stated, opaque: 'o' } }).authorization);
    expect(sent).toMatchObject({
      realm: 'r',
      nonce: 'n',
      qop: 'auth',
      algorithm: 'SHA-256',
      cnonce: 'c',
      nc: '00000007',
      opaque: 'o',
    });
    const round = answered(1, challenge());
    expect(params(signedBy(digest.sign, { fields: stated, round }).authorization)).toMatchObject({
      realm: 'r@x',
      nonce: 'n0',
      nc: '00000001',
      cnonce,
    });
  });

  it('P7: an algorithm that is not known is refused', () => {
    const tried = attempt(digest.sign, { fields: { ...fields, realm: 'r', nonce: 'n', algorithm: 'SHA-1' } });
    expect(tried).toMatchObject({ ok: false, failure: { code: 'REQUEST/AUTH_INVALID' } });
  });
});

it('P1: what is shown holds nothing that was computed', () => {
  const round = answered(1, challenge());
  expect(signedBy(digest.sign, { fields, round, masked: true })).toMatchObject({
    authorization: 'Digest [redacted]',
    derived: [],
  });
  expect(signedBy(digest.sign, { fields, masked: true }).authorization).toBe('');
});

it('algorithms have names in any case, and MD5 is the one of no name', () => {
  expect(['', 'md5', 'sha-512-256-SESS', 'sha-512', 'MD5 '].map((name) => digestAlgorithm(name)?.name)).toEqual([
    'MD5',
    'MD5',
    'SHA-512-256-sess',
    undefined,
    undefined,
  ]);
});
