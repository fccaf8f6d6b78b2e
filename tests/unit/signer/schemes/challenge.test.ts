import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseChallenges } from '../../../../src/signer/schemes/challenge.ts';

const read = (...values: string[]) =>
  parseChallenges(values).map(({ scheme, token, params }) => ({
    scheme,
    ...(token !== undefined && { token }),
    ...(params.size > 0 && { params: Object.fromEntries(params) }),
  }));

const table: [what: string, values: string[], expected: object[]][] = [
  ['no value', [], []],
  ['an empty one', ['', ' , ,'], []],
  ['a bare scheme', ['NTLM'], [{ scheme: 'ntlm' }]],
  ['two in one value', ['Negotiate, NTLM'], [{ scheme: 'negotiate' }, { scheme: 'ntlm' }]],
  ['two values', ['Negotiate', 'NTLM'], [{ scheme: 'negotiate' }, { scheme: 'ntlm' }]],
  ['a token68', ['NTLM TlRMTVNTUAAC=='], [{ scheme: 'ntlm', token: 'TlRMTVNTUAAC==' }]],
  [
    'a token68 before another challenge',
    ['NTLM abc= , Basic realm=x'],
    [
      { scheme: 'ntlm', token: 'abc=' },
      { scheme: 'basic', params: { realm: 'x' } },
    ],
  ],
  [
    'the example of RFC 9110 section 11.6.1',
    ['Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""'],
    [
      { scheme: 'basic', params: { realm: 'simple' } },
      { scheme: 'newauth', params: { realm: 'apps', type: '1', title: 'Login to "apps"' } },
    ],
  ],
  [
    'the example of RFC 7616 section 3.9.1',
    [
      'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, nonce="7y/x=="',
      'Digest\trealm = "r" ,qop="auth",ALGORITHM=MD5,nonce="n"',
    ],
    [
      {
        scheme: 'digest',
        params: { realm: 'http-auth@example.org', qop: 'auth, auth-int', algorithm: 'SHA-256', nonce: '7y/x==' },
      },
      { scheme: 'digest', params: { realm: 'r', qop: 'auth', algorithm: 'MD5', nonce: 'n' } },
    ],
  ],
  [
    'commas, spaces and escapes in quotes',
    ['Digest realm="a, Basic b=\\"c\\" \\\\", nonce=""'],
    [{ scheme: 'digest', params: { realm: 'a, Basic b="c" \\', nonce: '' } }],
  ],
  ['the first of a repeated parameter', ['A x=1, X=2'], [{ scheme: 'a', params: { x: '1' } }]],
  ['a parameter without a challenge', ['x=1, A y=2'], [{ scheme: 'a', params: { y: '2' } }]],
  ['a quote that does not end', ['A x="1, B y=2'], [{ scheme: 'a', params: { x: '1, B y=2' } }]],
  ['an escape at the end', ['A x="1\\'], [{ scheme: 'a', params: { x: '1' } }]],
  ['junk up to the next comma', ['A x=1 ??? y=2, z=3'], [{ scheme: 'a', params: { x: '1', z: '3' } }]],
  [
    'names that every object has',
    ['A __proto__=1, constructor=2'],
    [{ scheme: 'a', params: { ['__proto__']: '1', constructor: '2' } }],
  ],
];

const anyText = fc.string({ unit: fc.constantFrom(...'aB=", \\\t;=', '\u00fc', '\u{1f600}', '\ud800', '\0') });

describe('challenges (RFC 9110 section 11.6.1)', () => {
  it.each(table)('%s', (_, values, expected) => {
    expect(read(...values)).toEqual(expected);
  });

  it('P12: 32 challenges and 32 parameters of each are kept', () => {
    expect(parseChallenges([','.repeat(100), Array(32).fill('a').join()])).toHaveLength(32);
    expect(parseChallenges([Array(33).fill('a').join(), 'b'])).toHaveLength(32);
    const params = (count: number) => `A ${Array.from({ length: count }, (_, index) => `p${index}=1`).join()}`;
    expect(parseChallenges([params(32), params(33)]).map(({ params: { size } }) => size)).toEqual([32, 32]);
  });

  it('P9: two megabytes of anything are read', () => {
    for (const piece of ['a ', 'a,', 'a=', '"', '\\', 'a="', ' ', '=', 'a b=', 'A "\\"', '\u00e9', 'NTLM a=,'])
      expect(parseChallenges([piece.repeat((2 << 20) / piece.length)]).length, piece).toBeLessThan(33);
  });

  it('P9: no text breaks it, and what was quoted is read back', () => {
    fc.assert(
      fc.property(fc.array(anyText), (values) => {
        parseChallenges(values);
      }),
    );
    fc.assert(
      fc.property(anyText, anyText, (realm, nonce) => {
        const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
        const [challenge] = parseChallenges([`Digest realm=${quoted(realm)}, nonce=${quoted(nonce)}`]);
        expect(challenge?.params).toEqual(
          new Map([
            ['realm', realm],
            ['nonce', nonce],
          ]),
        );
      }),
    );
  });
});
