// A login on one host and the API on another: what was captured goes to the second only where the operator says so.
import { afterAll, describe, expect, it } from 'vitest';
import { createCourier } from '../../../src/courier/deliver.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import { createCapturedTokens } from '../../../src/vault/captured.ts';
import { createRig, never } from '../network/loopback.ts';
import { planTo, secretSource } from './stand.ts';

const rig = createRig();
afterAll(() => rig.closeAll());

const API = 'https://api.example.com';

async function originsOfToken(sharedWith?: (origin: string) => readonly string[]) {
  const login = await rig.http((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"access_token":"tok_81xW0pLm"}'),
  );
  const now = () => Date.now();
  const captured = createCapturedTokens(now);
  const signer = createSigner({ secrets: secretSource({}), now });
  const network = rig.network({ allow: [login.origin] });
  const courier = createCourier({ signer, network, captured, now, ...(sharedWith && { sharedWith }) });
  const limits = { timeoutMs: 10_000, responseBytes: 1_000, redirects: 5, caller: 'me' };
  const delivered = await courier.deliver(planTo({ to: `${login.origin}/login` }), limits, never);
  expect(delivered).toMatchObject({ ok: true });
  return { login: login.origin, origins: captured.find('me', 'access_token_1')?.origins };
}

describe('P2: a captured token', () => {
  it('is bound to the origin that gave it out', async () => {
    const { login, origins } = await originsOfToken();
    expect(origins).toEqual([login]);
  });

  it('and to those that the operator shares it with', async () => {
    const { login, origins } = await originsOfToken(() => [API]);
    expect(origins).toEqual([login, API]);
  });
});
