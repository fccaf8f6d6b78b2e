import { expect, it } from 'vitest';
import { createAccess } from '../../../../src/access/create-access.ts';
import { createKeyStore } from '../../../../src/access/key-store.ts';
import { createTokenAuthenticator } from '../../../../src/access/oauth/token-authenticator.ts';
import { must } from '../../state/temporary-home.ts';
import { memoryState } from '../memory-state.ts';
import { createAsk, makeKey, PEER, START, settingsOf, signToken, startIssuer } from './issuer.ts';

const RATE = { perMinute: 1_000, concurrent: 10, bytesPerMinute: 1e9 };

it('P10: every caller has all variables that come from claims, so that nobody supplies them; only a token fills them', async () => {
  const [state, now, claims] = [memoryState(), () => START, { tenant: 'org.id', plan: 'plan' }];
  const signing = await makeKey('k1');
  const issuer = await startIssuer([signing]);
  const network = createAsk();
  const tokens = createTokenAuthenticator({
    settings: { oauth: [settingsOf(issuer.origin)], claims },
    ask: network.ask,
    now,
  });
  const limits = { perKey: RATE, perCaller: RATE, global: RATE, perOrigin: { perMinute: 10 } };
  const access = createAccess({ state, now, limits, claims, authenticators: [tokens] });
  const { key } = must(createKeyStore({ state, now }).create({ name: 'agent', scopes: [] }));
  const token = await signToken(issuer.origin, signing, { claims: { org: { id: 'acme' } } });
  const claimsOf = async (credential: string) => {
    const found = await access.authenticate({ authorization: `Bearer ${credential}` }, PEER);
    return found.kind === 'caller' ? Object.entries(found.principal.claims ?? {}) : found;
  };
  expect(await claimsOf(key)).toEqual([
    ['tenant', undefined],
    ['plan', undefined],
  ]);
  expect(await claimsOf(token)).toEqual([
    ['tenant', 'acme'],
    ['plan', undefined],
  ]);
  access.close();
  await Promise.all([network.close(), issuer.close()]);
});
