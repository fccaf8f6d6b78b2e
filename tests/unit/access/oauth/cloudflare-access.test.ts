import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reachOfToken } from '../../../../shared/access/reach.ts';
import { createCloudflareAccess } from '../../../../src/access/oauth/cloudflare-access.ts';
import { createAsk, type Issuer, makeKey, PEER, type SigningKey, START, signToken, startIssuer } from './issuer.ts';

const TAG = '32eafc7626e737904326d7db7f1b9a9f5b9ee9ac';
let key: SigningKey;
let other: SigningKey;
let elliptic: SigningKey;
let issuer: Issuer;
const network = createAsk();

beforeAll(async () => {
  [key, other, elliptic] = await Promise.all([makeKey('k1', 'RS256'), makeKey('k2', 'RS256'), makeKey('k3')]);
  issuer = await startIssuer([key, elliptic]);
});
afterAll(async () => {
  await Promise.all([issuer.close(), network.close()]);
});

const granted = reachOfToken(['read']);
const access = () =>
  createCloudflareAccess({
    settings: { team: issuer.origin, audience: TAG, granted },
    claims: { tenant: 'custom.tenant', mail: 'email' },
    ask: network.ask,
    now: () => START,
  });
/** As Cloudflare makes them for a person. */
const person = {
  aud: [TAG],
  email: 'ada@example.com',
  sub: 'user-1',
  type: 'app',
  identity_nonce: 'n',
  scope: undefined,
};
const assertionOf = (claims: object = {}, signer = key, header = {}) =>
  signToken(issuer.origin, signer, { claims: { ...person, ...claims }, header: { typ: 'JWT', ...header } });

const REFUSED = { kind: 'refused', status: 401, failure: { code: 'ACCESS/UNAUTHENTICATED', facts: {} }, challenge: {} };

describe('an assertion of Cloudflare Access', () => {
  it('alone is the caller, with what the operator granted', async () => {
    const found = await access().authenticate({ assertion: await assertionOf() }, PEER);
    expect(found).toEqual({
      kind: 'caller',
      by: 'assertion',
      principal: {
        id: expect.stringMatching(/^oauth:[0-9a-f]{64}$/),
        kind: 'http',
        reach: granted,
        about: { name: 'ada@example.com', address: PEER.address },
        claims: { tenant: undefined, mail: 'ada@example.com' },
      },
    });
  });

  it('of a service is another caller', async () => {
    const gate = access();
    const service = await assertionOf({ email: undefined, sub: '', common_name: 'user-1' });
    const found = await gate.authenticate({ assertion: service }, PEER);
    expect(found).toMatchObject({ kind: 'caller', principal: { about: { name: 'user-1' } } });
    const ada = await gate.authenticate({ assertion: await assertionOf() }, PEER);
    expect(ada).not.toMatchObject({ principal: { id: found?.kind === 'caller' ? found.principal.id : '' } });
  });

  it('beside another credential leaves the call to it', async () => {
    const assertion = await assertionOf();
    expect(await access().authenticate({ assertion, authorization: 'Bearer keyward_x' }, PEER)).toBe(undefined);
  });

  const rows: Record<string, () => Promise<string | undefined>> = {
    none: async () => undefined,
    'one of another application': () => assertionOf({ aud: ['other'] }),
    'one of another team': () => assertionOf({ iss: 'https://evil.cloudflareaccess.com' }),
    'one that is over': () => assertionOf({ exp: START / 1_000 - 60 }),
    'one that nobody signed': () => assertionOf({}, other),
    'one that is signed with another algorithm': () => assertionOf({}, elliptic),
    'one of nobody': () => assertionOf({ sub: '', email: 'a@example.com' }),
    'one without anything': () => assertionOf({ sub: undefined, email: undefined }),
    'no token': async () => 'yes',
  };
  for (const [what, row] of Object.entries(rows)) {
    for (const authorization of [undefined, 'Bearer keyward_valid']) {
      it(`P10: ${what} refuses a call ${authorization ? 'with' : 'without'} a key`, async () => {
        const assertion = await row();
        const credentials = { ...(assertion && { assertion }), ...(authorization && { authorization }) };
        expect(await access().authenticate(credentials, PEER)).toEqual(REFUSED);
      });
    }
  }

  it('P7: cannot be verified while the keys of the team cannot be had', async () => {
    const assertion = await assertionOf();
    issuer.answer = (_, response) => void response.writeHead(500).end();
    const found = await access().authenticate({ assertion, authorization: 'Bearer keyward_valid' }, PEER);
    issuer.answer = undefined;
    expect(found).toMatchObject({ status: 503, failure: { code: 'ACCESS/UNAVAILABLE' } });
  });
});
