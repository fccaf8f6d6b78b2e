import { expect, it } from 'vitest';
import { reachOfToken } from '../../../../shared/access/reach.ts';
import { AUDIENCE, authenticatorOf, createAsk, settingsOf } from './issuer.ts';
import { CLIENT, startProvider } from './provider.ts';

it('takes the access tokens of a real authorization server, and none that it made for others', async () => {
  const provider = await startProvider(AUDIENCE, ['read', 'execute']);
  const network = createAsk();
  try {
    const granted = await fetch(`${provider.origin}/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${CLIENT.clientId}:${CLIENT.clientSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource: AUDIENCE, scope: 'read' }),
    });
    const { access_token: token } = (await granted.json()) as { access_token: string };
    const authenticate = (audience: string) => {
      const settings = settingsOf(provider.origin, { audience: [audience] });
      return authenticatorOf([settings], network.ask, Date.now, { tenant: 'org.id' })(token);
    };
    expect(await authenticate(AUDIENCE)).toMatchObject({
      kind: 'caller',
      principal: {
        reach: reachOfToken(['read']),
        about: { name: 'agent', client: 'agent' },
        claims: { tenant: 'acme' },
      },
    });
    expect(await authenticate('https://other.example/mcp')).toMatchObject({ status: 401 });
  } finally {
    await Promise.all([network.close(), provider.close()]);
  }
});
