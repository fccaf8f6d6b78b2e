import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { tokenLimits } from '../../../../shared/access/token-limits.ts';
import { limits } from '../../../../shared/limits.ts';
import type { Ask } from '../../../../src/access/oauth/ask.ts';
import {
  authenticatorOf,
  createAsk,
  type Issuer,
  makeKey,
  SILENT,
  type SigningKey,
  START,
  settingsOf,
  signToken,
  startIssuer,
} from './issuer.ts';

let key: SigningKey;
let next: SigningKey;
let issuer: Issuer;
let healthy: Issuer;
const network = createAsk();

beforeAll(async () => {
  [key, next] = await Promise.all([makeKey('k1'), makeKey('k2')]);
  healthy = await startIssuer([key]);
});
beforeEach(async () => {
  issuer = await startIssuer([key]);
});
afterEach(() => issuer.close());
afterAll(async () => {
  await Promise.all([healthy.close(), network.close()]);
});

const LATER = 24 * 60 * 60;
/** Valid on the whole day. */
const longLived = (signer: SigningKey, of = issuer, kid = signer.kid) =>
  signToken(of.origin, signer, { claims: { exp: START / 1_000 + LATER, jti: kid }, header: { kid } });
const jwksAsked = () => issuer.asked.filter((path) => path === '/jwks').length;
const kindOf = (found: unknown) => {
  const { kind, status } = found as { kind: string; status?: number };
  return status ?? kind;
};

describe('keys that cannot be had', () => {
  const json = { 'content-type': 'application/json' };
  const metadataFirst =
    (answer: Issuer['answer']): Issuer['answer'] =>
    (request, response) => {
      if (request.url === '/jwks') return answer?.(request, response);
      response.writeHead(200, json).end(JSON.stringify({ issuer: issuer.origin, jwks_uri: `${issuer.origin}/jwks` }));
    };
  const rows: Record<string, () => Issuer['answer']> = {
    'a server in trouble': () => (_, response) => void response.writeHead(500).end(),
    'no metadata': () => (_, response) => void response.writeHead(404).end(),
    'metadata of another issuer': () => (request, response) => {
      const metadata = { issuer: healthy.origin, jwks_uri: `${issuer.origin}/jwks` };
      const found = request.url === '/jwks' ? { keys: [key.jwk] } : metadata;
      response.writeHead(200, json).end(JSON.stringify(found));
    },
    'metadata that lead to this machine': () => (_, response) =>
      void response
        .writeHead(200, json)
        .end(JSON.stringify({ issuer: issuer.origin, jwks_uri: `${healthy.origin}/jwks` })),
    'keys that redirect': () =>
      metadataFirst((_, response) => void response.writeHead(302, { location: `${healthy.origin}/jwks` }).end()),
    'a server that says nothing': () => (request, response) => {
      if (request.url === SILENT) return;
      response
        .writeHead(200, json)
        .end(JSON.stringify({ issuer: issuer.origin, jwks_uri: `${issuer.origin}${SILENT}` }));
    },
    'more than is read': () =>
      metadataFirst((_, response) => {
        const keys = JSON.stringify({ keys: [key.jwk] });
        response.writeHead(200, json).end(keys + ' '.repeat(limits.oauthAnswerBytes));
      }),
    'no JSON': () => metadataFirst((_, response) => void response.writeHead(200, json).end('<html>')),
    'no keys': () => metadataFirst((_, response) => void response.writeHead(200, json).end('{"keys":{}}')),
    'keys that are none': () => metadataFirst((_, response) => void response.writeHead(200, json).end('{"keys":[1]}')),
  };
  for (const [what, row] of Object.entries(rows)) {
    it(`P7: ${what}: refused for now, and others go on`, async () => {
      issuer.answer = row();
      const asked = new Set<string>();
      const ask: Ask = (request, signal) => {
        asked.add(request.origin);
        return network.ask(request, signal);
      };
      const authenticate = authenticatorOf([settingsOf(issuer.origin), settingsOf(healthy.origin)], ask);
      expect(await authenticate(await longLived(key))).toEqual({
        kind: 'refused',
        status: 503,
        failure: {
          code: 'ACCESS/UNAVAILABLE',
          facts: { reason: 'the keys of the authorization server cannot be had' },
        },
        retryAfterSeconds: tokenLimits.keysRetryMs / 1_000,
      });
      expect([...asked]).toEqual([issuer.origin]);
      expect(kindOf(await authenticate(await longLived(key, healthy)))).toBe('caller');
    });
  }

  it('nobody listens', async () => {
    const token = await longLived(key);
    await issuer.close();
    expect(kindOf(await authenticatorOf([settingsOf(issuer.origin)], network.ask)(token))).toBe(503);
    issuer = await startIssuer([key]);
  });

  it('an issuer or keys at an address that is not https', async () => {
    for (const changes of [
      { issuer: 'http://idp.example' },
      { jwksUri: 'http://idp.example/jwks' },
      { jwksUri: 'https://a:b@idp.example/' },
    ]) {
      const asked: string[] = [];
      const ask = (request: { readonly origin: string }) => {
        asked.push(request.origin);
        throw new Error('nothing is to be asked');
      };
      const settings = settingsOf(issuer.origin, changes);
      expect(kindOf(await authenticatorOf([settings], ask)(await signToken(settings.issuer, key)))).toBe(503);
      expect(asked).toEqual([]);
    }
  });

  it('an address that only another answer names gets no exception', async () => {
    const asked: (readonly [learned: boolean | undefined, outcome: string])[] = [];
    issuer.answer = (_, response) =>
      void response
        .writeHead(200, json)
        .end(JSON.stringify({ issuer: issuer.origin, jwks_uri: 'https://127.0.0.1:1/jwks' }));
    const authenticate = authenticatorOf([settingsOf(issuer.origin)], async (request, signal) => {
      const answer = await network.ask(request, signal);
      asked.push([request.learned, answer.ok ? 'answered' : answer.failure.code]);
      return answer;
    });
    expect(kindOf(await authenticate(await longLived(key)))).toBe(503);
    expect(asked.filter(([learned]) => learned)).toEqual([[true, 'NETWORK/ADDRESS_DENIED']]);
    expect(asked).toContainEqual([false, 'answered']);
  });
});

describe('how often keys are fetched', () => {
  const flood = async (authenticate: (token: string) => Promise<unknown>) => {
    const tokens = await Promise.all(Array.from({ length: 100 }, (_, at) => longLived(next, issuer, `unknown-${at}`)));
    return new Set((await Promise.all(tokens.map(authenticate))).map(kindOf));
  };

  it('once for all that come at once, and for keys that nobody has once in a while', async () => {
    let now = START;
    const authenticate = authenticatorOf([settingsOf(issuer.origin)], network.ask, () => now);
    expect(await flood(authenticate)).toEqual(new Set([401]));
    expect(await flood(authenticate)).toEqual(new Set([401]));
    expect(jwksAsked()).toBe(1);
    now += tokenLimits.keysCooldownMs - 1;
    await flood(authenticate);
    expect(jwksAsked()).toBe(1);
    now += 1;
    await flood(authenticate);
    await flood(authenticate);
    expect(jwksAsked()).toBe(2);
  });

  it('once in a while where they cannot be had', async () => {
    let now = START;
    issuer.answer = (_, response) => void response.writeHead(503).end();
    const settings = settingsOf(issuer.origin, { jwksUri: `${issuer.origin}/jwks` });
    const authenticate = authenticatorOf([settings], network.ask, () => now);
    expect(await flood(authenticate)).toEqual(new Set([503]));
    expect(await flood(authenticate)).toEqual(new Set([503]));
    expect(issuer.asked).toEqual(['/jwks']);
    now += tokenLimits.keysRetryMs;
    issuer.answer = undefined;
    expect(kindOf(await authenticate(await longLived(key)))).toBe('caller');
  });

  it('again once the issuer has new keys, and those that it took away are over', async () => {
    let now = START;
    const authenticate = authenticatorOf([settingsOf(issuer.origin)], network.ask, () => now);
    expect(kindOf(await authenticate(await longLived(key)))).toBe('caller');
    issuer.keys = [next];
    expect(kindOf(await authenticate(await longLived(next)))).toBe(401);
    now += tokenLimits.keysCooldownMs;
    expect(kindOf(await authenticate(await longLived(next)))).toBe('caller');
    now += tokenLimits.cacheMs;
    expect(kindOf(await authenticate(await longLived(key)))).toBe(401);
  });

  it('keys that are too old are not used where no new ones can be had', async () => {
    let now = START;
    const authenticate = authenticatorOf([settingsOf(issuer.origin)], network.ask, () => now);
    const [one, two, three] = await Promise.all(
      ['1', '2', '3'].map((jti) => longLived(key, issuer).then((token) => [jti, token])),
    );
    expect(kindOf(await authenticate(one?.[1] ?? ''))).toBe('caller');
    issuer.answer = (_, response) => void response.writeHead(503).end();
    now += tokenLimits.keysMaxAgeMs - 1;
    expect(kindOf(await authenticate(two?.[1] ?? ''))).toBe('caller');
    now += tokenLimits.cacheMs + 1;
    expect(kindOf(await authenticate(three?.[1] ?? ''))).toBe(503);
  });

  it('verifies a token once a minute at most, and never beyond its end', async () => {
    let now = START;
    const authenticate = authenticatorOf([settingsOf(issuer.origin)], network.ask, () => now);
    const token = await longLived(key);
    const short = await signToken(issuer.origin, key, { claims: { exp: START / 1_000 + 10 } });
    expect((await Promise.all([authenticate(token), authenticate(short)])).map(kindOf)).toEqual(['caller', 'caller']);
    issuer.keys = [];
    now = START + 10_000 + tokenLimits.clockToleranceMs;
    expect(kindOf(await authenticate(short))).toBe(401);
    expect(kindOf(await authenticate(token))).toBe('caller');
  });

  it('keys from where the operator says, without asking for metadata', async () => {
    const settings = settingsOf(issuer.origin, { jwksUri: `${healthy.origin}/jwks` });
    expect(kindOf(await authenticatorOf([settings], network.ask)(await longLived(key)))).toBe('caller');
    expect(issuer.asked).toEqual([]);
  });
});

it.each(['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration'])(
  'P7: an issuer whose %s never answers is known by the other one',
  async (silent) => {
    issuer.answer = (request, response) => {
      const metadata = { issuer: issuer.origin, jwks_uri: `${issuer.origin}/jwks` };
      if (request.url !== silent)
        response.end(JSON.stringify(request.url === '/jwks' ? { keys: [key.jwk] } : metadata));
    };
    expect(kindOf(await authenticatorOf([settingsOf(issuer.origin)], network.ask)(await longLived(key)))).toBe(
      'caller',
    );
  },
);

it('metadata of an issuer with a path, at each of their places', async () => {
  for (const place of [
    '/.well-known/oauth-authorization-server/realms/team',
    '/.well-known/openid-configuration/realms/team',
    '/realms/team/.well-known/openid-configuration',
  ]) {
    const server = createServer((request, response) => {
      const metadata = { issuer: name, jwks_uri: `${name}/keys` };
      const found = { [place]: metadata, '/realms/team/keys': { keys: [key.jwk] } }[request.url ?? ''];
      response.writeHead(found ? 200 : 404).end(JSON.stringify(found ?? {}));
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const name = `http://127.0.0.1:${(server.address() as AddressInfo).port}/realms/team`;
    expect(kindOf(await authenticatorOf([settingsOf(name)], network.ask)(await signToken(name, key)))).toBe('caller');
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  }
});
