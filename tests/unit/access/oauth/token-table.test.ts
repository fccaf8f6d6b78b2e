import { createHmac } from 'node:crypto';
import { exportSPKI } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tokenLimits } from '../../../../shared/access/token-limits.ts';
import { createTokenAuthenticator } from '../../../../src/access/oauth/token-authenticator.ts';
import {
  AUDIENCE,
  authenticatorOf,
  createAsk,
  type Issuer,
  makeKey,
  PEER,
  type SigningKey,
  START,
  settingsOf,
  signToken,
  startIssuer,
  type TokenChanges,
} from './issuer.ts';

let key: SigningKey;
let other: SigningKey;
let unlisted: SigningKey;
let issuer: Issuer;
const network = createAsk();

beforeAll(async () => {
  [key, other, unlisted] = await Promise.all([makeKey('k1'), makeKey('k2'), makeKey('k3')]);
  issuer = await startIssuer([key, other]);
});
afterAll(async () => {
  await Promise.all([issuer.close(), network.close()]);
});

const authenticate = (token: string, now = START) =>
  authenticatorOf([settingsOf(issuer.origin)], network.ask, () => now)(token);
const token = (changes?: TokenChanges, signer = key) => signToken(issuer.origin, signer, changes);
const seconds = START / 1_000;
const tolerance = tokenLimits.clockToleranceMs / 1_000;
const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const REFUSED = {
  kind: 'refused',
  status: 401,
  failure: { code: 'ACCESS/UNAUTHENTICATED', facts: {} },
  challenge: { error: 'invalid_token' },
};

/** Signed with the public key of the issuer as a shared secret (RFC 8725 section 2.1). */
async function confused(header: object): Promise<string> {
  const spki = await exportSPKI(key.publicKey);
  const claims = { iss: issuer.origin, sub: 'user-1', aud: AUDIENCE, exp: seconds + 300, scope: 'read' };
  const signed = `${base64url({ ...header, kid: 'k1' })}.${base64url(claims)}`;
  return `${signed}.${createHmac('sha256', spki).update(signed).digest('base64url')}`;
}

describe('tokens that hold', () => {
  const rows: Record<string, TokenChanges> = {
    'at+jwt': {},
    'application/at+jwt': { header: { typ: 'application/at+jwt' } },
    JWT: { header: { typ: 'JWT' } },
    'without a type': { header: { typ: undefined } },
    'for several audiences': { claims: { aud: ['https://other.example', AUDIENCE] } },
    'at the end of the tolerance': { claims: { exp: seconds - tolerance + 1 } },
    'not before the tolerance': { claims: { nbf: seconds + tolerance } },
    'issued within the tolerance': { claims: { iat: seconds + tolerance } },
    'with a nonce, as of an older Keycloak': { claims: { nonce: 'n' } },
  };
  for (const [what, changes] of Object.entries(rows)) {
    it(what, async () => {
      expect(await authenticate(await token(changes))).toMatchObject({ kind: 'caller', by: 'token' });
    });
  }

  it('tell what stands before the scopes of their own issuer, also when they come again', async () => {
    const issuers = [settingsOf('https://other.example', { scopePrefix: 'other:' })];
    const both = [...issuers, settingsOf(issuer.origin, { scopePrefix: 'kw:' })];
    const ask = authenticatorOf(both, network.ask, () => START);
    const mine = await token({ claims: { scope: 'kw:read other:history' } });
    for (let times = 0; times < 2; times += 1)
      expect(await ask(mine)).toMatchObject({ scopePrefix: 'kw:', principal: { reach: { tools: ['read'] } } });
  });

  it('of the other key', async () => {
    expect(await authenticate(await token({}, other))).toMatchObject({ kind: 'caller' });
  });
});

describe('tokens that do not hold are all answered with the same bytes', () => {
  const rows: Record<string, TokenChanges | (() => Promise<string>)> = {
    'another issuer': { claims: { iss: 'https://evil.example' } },
    'an issuer with a slash more': () => signToken(`${issuer.origin}/`, key),
    'no issuer': { claims: { iss: undefined } },
    'a list of issuers': () => token({ claims: { iss: [issuer.origin] } }),
    'another audience': { claims: { aud: 'https://other.example/mcp' } },
    'an audience with a slash more': { claims: { aud: `${AUDIENCE}/` } },
    'no audience': { claims: { aud: undefined } },
    expired: { claims: { exp: seconds - tolerance } },
    'without an end': { claims: { exp: undefined } },
    'an end that is text': { claims: { exp: String(seconds + 300) } },
    'not yet': { claims: { nbf: seconds + tolerance + 1 } },
    'issued later': { claims: { iat: seconds + tolerance + 1 } },
    'no subject': { claims: { sub: undefined } },
    'an empty subject': { claims: { sub: '' } },
    'a subject that is a number': { claims: { sub: 7 } },
    'a long subject': { claims: { sub: 'x'.repeat(tokenLimits.subjectChars + 1) } },
    'a logout token': { header: { typ: 'logout+jwt' } },
    'a proof': { header: { typ: 'dpop+jwt' } },
    'an ID token by its hash': { claims: { at_hash: 'x' } },
    'an ID token by its use': { claims: { token_use: 'id' } },
    'an ID token of Keycloak': { claims: { typ: 'ID' } },
    'a security event': { claims: { events: {} } },
    'bound to a certificate': { claims: { cnf: { 'x5t#S256': 'x' } } },
    'bound to a key': { claims: { cnf: { jkt: 'x' } } },
    'something critical': { header: { crit: ['exp'], exp: 1 } },
    'something critical that is understood': { header: { crit: ['b64'], b64: true } },
    'a key that nobody has': () => token({}, unlisted),
    'another key under a known name': () => token({ header: { kid: 'k1' } }, unlisted),
    'no signature at all': async () => `${base64url({ alg: 'none' })}.${base64url({ iss: issuer.origin })}.`,
    'none, with a signature': async () => {
      const [, claims, signature] = (await token()).split('.');
      return `${base64url({ alg: 'none', kid: 'k1' })}.${claims}.${signature}`;
    },
    'a shared secret': () => confused({ alg: 'HS256' }),
    'a shared secret under the name of the key': () => confused({ alg: 'ES256' }),
    'a changed claim': async () => {
      const [header, , signature] = (await token()).split('.');
      const claims = { iss: issuer.origin, sub: 'admin', aud: AUDIENCE, exp: seconds + 300 };
      return `${header}.${base64url(claims)}.${signature}`;
    },
    'a cut signature': async () => (await token()).slice(0, -4),
    huge: () => token({ claims: { pad: 'x'.repeat(tokenLimits.chars) } }),
    opaque: async () => 'd41d8cd98f00b204e9800998ecf8427e',
    'two dots': async () => '..',
    'parts that are not JSON': async () => 'a.b.c',
    'parts that are no objects': async () => `${base64url(1)}.${base64url([])}.AA`,
    encrypted: async () => 'a.b.c.d.e',
    'a name of the prototype': async () =>
      `${base64url({ alg: 'constructor' })}.${base64url({ iss: 'constructor' })}.AA`,
  };
  for (const [what, row] of Object.entries(rows)) {
    it(what, async () => {
      const text = typeof row === 'function' ? await row() : await token(row);
      expect(JSON.stringify(await authenticate(text))).toBe(JSON.stringify(REFUSED));
    });
  }

  it('an algorithm that the operator did not name, and one that no operator can', async () => {
    for (const algorithms of [['RS256'], ['HS256'], ['none'], []]) {
      const refuse = authenticatorOf([settingsOf(issuer.origin, { algorithms })], network.ask, () => START);
      expect(await refuse(await token())).toEqual(REFUSED);
    }
    const shared = authenticatorOf([settingsOf(issuer.origin, { algorithms: ['HS256'] })], network.ask, () => START);
    expect(await shared(await confused({ alg: 'HS256' }))).toEqual(REFUSED);
  });
});

describe('credentials of another kind', () => {
  it.each([[undefined], ['Basic dTpw'], ['Bearer'], ['Bearer '], ['Bearer a b'], ['Bearer keyward_abc.d.e']])(
    '%j is left to others',
    async (authorization) => {
      const settings = { oauth: [settingsOf(issuer.origin)], claims: {} };
      const authenticator = createTokenAuthenticator({ settings, ask: network.ask, now: () => START });
      expect(await authenticator.authenticate(authorization === undefined ? {} : { authorization }, PEER)).toBe(
        undefined,
      );
    },
  );
});
