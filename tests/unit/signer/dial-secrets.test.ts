// The secrets of connections, from the policy to what servers and proxies saw. Handles go only to the origin that they are shown to.
import { afterAll, describe, expect, it } from 'vitest';
import type { NetworkPolicy } from '../../../shared/policy/policy.ts';
import type { OriginTls } from '../../../shared/policy/transport.ts';
import { seal } from '../../../shared/secret/seal.ts';
import { markAdmitted, type PinnedTarget } from '../../../shared/stages/stages.ts';
import { createCourier } from '../../../src/courier/deliver.ts';
import { createDialSecrets } from '../../../src/signer/dial-secrets.ts';
import { createSigner } from '../../../src/signer/sign.ts';
import { keepsNothing, planTo, type StandInSecret, secretSource } from '../courier/stand.ts';
import { createRig, never } from '../network/loopback.ts';
import { startHttpProxy } from '../network/proxies.ts';
import { fixture, identities, mutual, PASSPHRASE, startTls, statedPfx } from '../network/tls-stand.ts';

const rig = createRig();
const stands: { close(): Promise<void> }[] = [];
afterAll(async () => {
  await rig.closeAll();
  await Promise.all(stands.map((stand) => stand.close()));
});

const now = () => Date.UTC(2026, 0, 1);
const KEY = identities.encrypted.key;
const API = 'https://api.test';
const PROXY = 'http://proxy.test:1080';
const client: OriginTls['client'] = { cert: 'CERT', key: { handle: 'key' }, passphrase: 'pass' };
const tls: readonly OriginTls[] = [{ origin: API, ca: [], client }];
const policy = (more: Partial<NetworkPolicy>): NetworkPolicy => ({ allow: [], ca: [], ...more });
const byProxy = policy({
  proxy: 'socks5://proxy.test',
  proxyCredentials: { username: { handle: 'user' }, password: 'word' },
  noProxy: ['direct.test'],
});
const secrets = {
  key: { value: KEY, origins: [API] },
  pass: { value: PASSPHRASE, origins: [API] },
  user: { value: 'fake-user-1', origins: [PROXY] },
  word: { value: 'fake-word-1', origins: [PROXY] },
};

function openWith(network: NetworkPolicy, changes: Record<string, Partial<StandInSecret>> = {}) {
  const entries = Object.entries(secrets).map(([name, secret]) => [name, { ...secret, ...changes[name] }] as const);
  const source = secretSource(Object.fromEntries(entries));
  const open = createDialSecrets({ network, secrets: source, now });
  return { source, open: (to: string) => open(planTo({ to }), never) };
}

describe('the secrets of a connection', () => {
  it('are opened for the origin that they are stated for, and told to the scrubber', async () => {
    const { open } = openWith(policy({ tls }));
    const opened = await open(`${API}/v1`);
    const known = [KEY, PASSPHRASE];
    expect(opened).toMatchObject({
      value: { dial: { clients: { [API]: { cert: 'CERT', key: KEY, passphrase: PASSPHRASE } } } },
    });
    expect(opened.ok && opened.value.known.map(({ value }) => value)).toEqual(expect.arrayContaining(known));
    expect(await open('https://api.test./v1')).toMatchObject({ value: { dial: { clients: { [API]: {} } } } });
  });

  it('P2: are none for any other origin, for which nothing is opened', async () => {
    const { open, source } = openWith(policy({ tls }));
    for (const to of ['https://api.test:8443', 'http://api.test', 'https://api.test.evil.test', 'https://x.api.test']) {
      expect(await open(to)).toEqual({ ok: true, value: { known: [] } });
    }
    expect(source.opened).toEqual([]);
  });

  it('of a proxy are bound to the proxy, and wanted for what goes through it', async () => {
    const { open, source } = openWith(byProxy);
    expect(await open('https://direct.test')).toEqual({ ok: true, value: { known: [] } });
    expect(source.opened).toEqual([]);
    const opened = await open('http://any.test');
    expect(opened).toMatchObject({ value: { dial: { clients: {}, proxy: { username: 'fake-user-1' } } } });
    const basic = Buffer.from('fake-user-1:fake-word-1').toString('base64');
    expect(opened.ok && opened.value.known.map(({ value }) => value)).toEqual(['fake-user-1', 'fake-word-1', basic]);
  });

  const refused: [what: string, network: NetworkPolicy, name: string, change: Partial<StandInSecret>, code: string][] =
    [
      ['a key bound elsewhere', policy({ tls }), 'key', { origins: ['https://other.test'] }, 'SECRET/ORIGIN_NOT_BOUND'],
      [
        'a passphrase bound elsewhere',
        policy({ tls }),
        'pass',
        { origins: [`${API}:8443`] },
        'SECRET/ORIGIN_NOT_BOUND',
      ],
      ['a password bound to the target', byProxy, 'word', { origins: [API] }, 'SECRET/ORIGIN_NOT_BOUND'],
      [
        'a password bound to another port',
        byProxy,
        'word',
        { origins: ['http://proxy.test'] },
        'SECRET/ORIGIN_NOT_BOUND',
      ],
      ['a user name bound elsewhere', byProxy, 'user', { origins: [API] }, 'SECRET/ORIGIN_NOT_BOUND'],
      ['a key that expired', policy({ tls }), 'key', { expiresAt: now() }, 'SECRET/EXPIRED'],
      ['an empty key', policy({ tls }), 'key', { value: '' }, 'SECRET/NOT_FOUND'],
    ];

  it.each(refused)('P2: %s stops the request; its value is not asked for', async (_, network, name, change, code) => {
    const { open, source } = openWith(network, { [name]: change });
    expect(await open(API)).toMatchObject({ failure: { code } });
    if (code !== 'SECRET/NOT_FOUND') expect(source.opened).not.toContain(name);
  });

  it('P7: one that is not there stops the request', async () => {
    const source = secretSource({});
    const signer = createSigner({ secrets: source, network: policy({ tls }), now });
    const target: PinnedTarget = {
      scheme: 'https',
      host: 'api.test',
      port: 443,
      address: '8.8.8.8',
      family: 4,
      exception: false,
    };
    const signed = await signer.sign(markAdmitted({ plan: planTo({ to: API }), target, tier: 'reading' }), {
      cookies: [],
      signal: never,
    });
    expect(signed).toMatchObject({ failure: { code: 'SECRET/NOT_FOUND', facts: { name: 'pass' } } });
  });

  it('has an id that is the same for equal secrets, another for others, and tells nothing', async () => {
    const first = openWith(policy({ tls }));
    const idOf = async ({ open }: typeof first) => {
      const opened = await open(API);
      return opened.ok ? opened.value.dial?.id : undefined;
    };
    const id = await idOf(first);
    expect(id).toMatch(/^[0-9a-f]{64}$/);
    expect(await idOf(first)).toBe(id);
    // Another signer has another key, so that nobody can look the secrets up by it.
    expect(await idOf(openWith(policy({ tls })))).not.toBe(id);
    const changing = { ...secrets };
    const open = createDialSecrets({ network: policy({ tls }), secrets: secretSource(changing), now });
    const before = await open(planTo({ to: API }), never);
    changing.pass = { ...changing.pass, value: 'rotated' };
    const after = await open(planTo({ to: API }), never);
    expect(before.ok && before.value.dial?.id).not.toBe(after.ok && after.value.dial?.id);
  });
});

describe('the whole sealed half', () => {
  const delivery = { timeoutMs: 5_000, responseBytes: 100_000, redirects: 5, caller: 'me' };

  function courierFor(network: Partial<NetworkPolicy>, held: Record<string, StandInSecret>) {
    const full = { allow: ['127.0.0.0/8'], ca: [], ...network };
    const source = secretSource(held);
    const resolve = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
    const signer = createSigner({ secrets: source, network: full, now });
    return {
      source,
      courier: createCourier({ signer, network: rig.network(full, resolve), captured: keepsNothing, now }),
    };
  }

  it('P2: shows its certificate through a proxy with a password; neither reaches the target, the agent or a redirect', async () => {
    const second = await startTls({ requestCert: true, rejectUnauthorized: false });
    const first = await startTls(mutual);
    const proxy = await startHttpProxy({ login: 'agent:fake-word-1' });
    stands.push(first, second, proxy);
    const proxyOrigin = `http://127.0.0.1:${proxy.port}`;
    const { courier } = courierFor(
      {
        ca: [fixture('ca.pem')],
        proxy: proxyOrigin,
        proxyCredentials: { username: { text: 'agent' }, password: 'word' },
        tls: [{ origin: first.origin, ca: [], client: statedPfx }],
      },
      {
        passphrase: { value: PASSPHRASE, origins: [first.origin] },
        word: { value: 'fake-word-1', origins: [proxyOrigin] },
      },
    );
    const delivered = await courier.deliver(planTo({ to: `${first.origin}/v1` }), delivery, never);
    const there = `https://inner.test:${second.port}`;
    const elsewhere = await courier.deliver(planTo({ to: `${there}/v1` }), delivery, never);
    expect([delivered, elsewhere]).toMatchObject([{ value: { status: 200 } }, { value: { status: 200 } }]);
    expect(first.peers).toMatchObject([{ subject: 'Fake client one' }]);
    expect(second.peers).toMatchObject([{ subject: '' }]);
    const words = new RegExp(
      `fake-word-1|${PASSPHRASE}|proxy-auth|${Buffer.from('agent:fake-word-1').toString('base64')}`,
      'i',
    );
    expect(JSON.stringify([delivered, elsewhere, first.requests, second.requests])).not.toMatch(words);
    expect(proxy.asked).toEqual([`127.0.0.1:${first.port}`, `127.0.0.1:${second.port}`]);
  });

  it('P7: a key in a file that does not fit is told of without it, and nothing is dialled', async () => {
    const stand = await startTls(mutual);
    stands.push(stand);
    const key = { sealed: seal(identities.other.key) };
    const entry = { origin: stand.origin, ca: [], client: { cert: identities.pem.cert, key } };
    const { courier } = courierFor({ tls: [entry] }, {});
    const delivered = await courier.deliver(planTo({ to: stand.origin }), delivery, never);
    expect(delivered).toMatchObject({ failure: { code: 'CONFIG/INVALID' } });
    expect(JSON.stringify(delivered)).not.toContain(identities.other.key.slice(40, 60));
    expect(stand.peers).toEqual([]);
  });
});
