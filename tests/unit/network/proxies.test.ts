// Every kind of proxy, with and without credentials, against real ones on loopback.
import { afterAll, describe, expect, it } from 'vitest';
import type { NetworkPolicy } from '../../../shared/policy/policy.ts';
import type { OriginTls } from '../../../shared/policy/transport.ts';
import type { DialSecrets, PinnedTarget } from '../../../shared/stages/stages.ts';
import { createRig, never, roomy, signedTo } from './loopback.ts';
import { type ProxyStand, startHttpProxy, startScripted, startSocksProxy } from './proxies.ts';
import { fixture, identities, mutual, startTls, targetAt } from './tls-stand.ts';

const rig = createRig();
const stands: { close(): Promise<void> }[] = [];
afterAll(async () => {
  await rig.closeAll();
  await Promise.all(stands.map((stand) => stand.close()));
});

async function open<T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> {
  const stand = await starting;
  stands.push(stand);
  return stand;
}

const PASSWORD = 'fake-proxy-passwörd-1';
const LOGIN = `agent:${PASSWORD}`;
const ca = [fixture('ca.pem')];
const tls = { cert: fixture('proxy.pem'), key: fixture('proxy.key') };

interface Kind {
  readonly scheme: 'http' | 'https' | 'socks5';
  start(login?: string): Promise<ProxyStand>;
}

const kinds: readonly Kind[] = [
  { scheme: 'http', start: (login) => open(startHttpProxy(login === undefined ? {} : { login })) },
  { scheme: 'https', start: (login) => open(startHttpProxy(login === undefined ? { tls } : { login, tls })) },
  { scheme: 'socks5', start: (login) => open(startSocksProxy(login === undefined ? {} : { login })) },
];

/** The certificate of the proxy is that of another name than it is reached by. */
function proxyTls(port: number): OriginTls {
  return { origin: `https://127.0.0.1:${port}`, ca, serverName: 'proxy.test' };
}

function through({ scheme }: Pick<Kind, 'scheme'>, { port }: ProxyStand, policy: Partial<NetworkPolicy> = {}) {
  return rig.network({
    allow: ['127.0.0.0/8'],
    proxy: `${scheme}://127.0.0.1:${port}`,
    tls: [proxyTls(port)],
    ...policy,
  });
}

type Sending = Partial<Omit<DialSecrets, 'id'>> & { readonly id?: string };

async function send(network: ReturnType<typeof through>, target: PinnedTarget, secrets?: Sending): Promise<string> {
  const dial = secrets && { id: 'one', clients: {}, ...secrets };
  const answer = await network.send(signedTo(target, dial && { dial }), { ...roomy, timeoutMs: 2_000 }, never);
  if (answer.ok) return new TextDecoder().decode(answer.value.body);
  return `${answer.failure.code} ${String(answer.failure.facts.reason)}`;
}

const proxy = { username: 'agent', password: PASSWORD };

async function plainServer() {
  const heads: string[] = [];
  const server = await rig.http((request, response) => {
    heads.push(JSON.stringify([request.url, request.rawHeaders]));
    response.end('fine');
  });
  return { heads, target: { ...targetAt(server.port, 'plain.test'), scheme: 'http' as const } };
}

describe.each(kinds)('a proxy of kind $scheme', (kind) => {
  it('P3: is asked for the address that was judged, for http and https, with and without credentials', async () => {
    for (const login of [undefined, LOGIN]) {
      const stand = await kind.start(login);
      const secure = await open(startTls(mutual));
      const plain = await plainServer();
      const unchecked = { origin: secure.origin, ca: [], verify: false } as const;
      const network = through(kind, stand, { tls: [proxyTls(stand.port), unchecked] });
      const secrets = { proxy, clients: { [secure.origin]: identities.pem } };
      expect(await send(network, targetAt(secure.port), secrets)).toBe('fine');
      expect(await send(network, plain.target, { proxy })).toBe('fine');
      expect(stand.asked).toEqual([`127.0.0.1:${secure.port}`, `127.0.0.1:${plain.target.port}`]);
      expect(secure.peers).toMatchObject([{ subject: 'Fake client one', serverName: 'secure.test' }]);
      expect(secure.requests.join() + plain.heads.join()).not.toMatch(/proxy-|agent|fake-proxy/i);
      expect(stand.told.join()).not.toMatch(/secure\.test|plain\.test/);
    }
  });

  it('P3: is never asked for a denied address', async () => {
    const stand = await kind.start();
    const network = through(kind, stand, { allow: [] });
    const denied = [
      ['127.0.0.1', 4],
      ['10.0.0.1', 4],
      ['169.254.169.254', 4],
      ['::1', 6],
      ['::ffff:7f00:1', 6],
      ['fe80::1', 6],
    ] as const;
    for (const [address, family] of denied) {
      const target: PinnedTarget = {
        ...targetAt(80, 'public.test'),
        scheme: 'http',
        address,
        family,
        exception: false,
      };
      expect(await send(network, target)).toMatch('NETWORK/ADDRESS_DENIED');
      const pinned = await network.pin('http', address.includes(':') ? `[${address}]` : address, 80, never);
      expect(pinned.ok).toBe(false);
    }
    expect(stand.connections()).toBe(0);
  });

  it('P7: that wants credentials fails the call where none or wrong ones are given', async () => {
    const stand = await kind.start(LOGIN);
    const plain = await plainServer();
    const network = through(kind, stand);
    const wrong = { proxy: { ...proxy, password: `${PASSWORD}x` }, id: 'two' };
    expect(await send(network, plain.target)).toBe('NETWORK/PROXY_AUTH it asks for credentials, and none are set');
    expect(await send(network, plain.target, wrong)).toBe('NETWORK/PROXY_AUTH it refuses the credentials that are set');
    expect(plain.heads).toEqual([]);
    const answer = await network.send(signedTo(plain.target), roomy, never);
    const scheme = kind.scheme === 'https' ? 'https' : 'http';
    expect(answer).toMatchObject({ failure: { facts: { proxy: `${scheme}://127.0.0.1:${stand.port}` } } });
  });

  it('P2: a connection made with one login serves no other', async () => {
    const stand = await kind.start();
    const plain = await plainServer();
    const network = through(kind, stand);
    for (const id of ['one', 'one', 'two', 'one']) {
      expect(await send(network, plain.target, { id, proxy: { ...proxy, password: `${PASSWORD}-${id}` } })).toBe(
        'fine',
      );
      await new Promise(setImmediate);
    }
    expect(stand.asked).toHaveLength(3);
  });

  it('is passed by for what noProxy names', async () => {
    const stand = await kind.start();
    const plain = await plainServer();
    const origin = `http://plain.test:${plain.target.port}`;
    for (const entry of [origin, 'plain.test', '*.test']) {
      expect(await send(through(kind, stand, { noProxy: [entry] }), plain.target)).toBe('fine');
    }
    expect(stand.connections()).toBe(0);
    for (const entry of ['http://plain.test', 'test', '*.plain.test', 'other.test']) {
      expect(await send(through(kind, stand, { noProxy: [entry] }), plain.target)).toBe('fine');
    }
    expect(stand.asked).toHaveLength(4);
  });
});

describe('what a proxy says', () => {
  const granted = Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 1]);
  const hello = Buffer.from([5, 0]);
  const EARLY = 'NETWORK/RESPONSE_INVALID it came before the request';
  const NO_SOCKS = 'NETWORK/CONNECT_FAILED the proxy did not answer with SOCKS 5';
  const answering = (reply: number) => Buffer.from([5, reply, 0, 1, 0, 0, 0, 0, 0, 0]);
  const FAKE = 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nFAKE';

  const rows: [what: string, scheme: 'http' | 'socks5', answers: (string | Buffer)[], outcome: string][] = [
    ['more than its greeting', 'socks5', [Buffer.concat([hello, granted])], EARLY],
    ['more than its login', 'socks5', [Buffer.from([5, 2]), Buffer.from([1, 0, 5])], EARLY],
    ['more than its answer', 'socks5', [hello, Buffer.concat([granted, Buffer.from(FAKE)])], EARLY],
    ['one byte more', 'socks5', [hello, Buffer.concat([granted, Buffer.from('x')])], EARLY],
    ['another version', 'socks5', [Buffer.from([4, 0])], NO_SOCKS],
    ['a method that was not offered', 'socks5', [Buffer.from([5, 1])], NO_SOCKS],
    ['HTTP', 'socks5', ['HTTP/1.1 400 Bad Request\r\n\r\n'], NO_SOCKS],
    ['a login of another version', 'socks5', [Buffer.from([5, 2]), Buffer.from([5, 0])], NO_SOCKS],
    ['an address of no kind', 'socks5', [hello, Buffer.from([5, 0, 0, 9, 0, 0, 0, 0, 0, 0])], NO_SOCKS],
    ['something reserved', 'socks5', [hello, Buffer.from([5, 0, 1, 1, 0, 0, 0, 0, 0, 0])], NO_SOCKS],
    ['no to a password', 'socks5', [Buffer.from([5, 0xff])], 'NETWORK/PROXY_AUTH it takes no user name and password'],
    [
      'no by its rules',
      'socks5',
      [hello, answering(2)],
      'NETWORK/CONNECT_FAILED the proxy answered: its rules do not allow it',
    ],
    [
      'a code that is not known',
      'socks5',
      [hello, answering(9)],
      'NETWORK/CONNECT_FAILED the proxy answered: with a code that is not known',
    ],
    ['more than its answer', 'http', [`HTTP/1.1 200 OK\r\n\r\n${FAKE}`], EARLY],
    [
      '407 for Negotiate',
      'http',
      ['HTTP/1.1 407 No\r\nProxy-Authenticate: Negotiate\r\n\r\n'],
      'NETWORK/PROXY_AUTH it asks for another scheme than Basic',
    ],
    ['SOCKS', 'http', [granted], 'NETWORK/CONNECT_FAILED the proxy did not answer with HTTP'],
    ['403', 'http', ['HTTP/1.1 403 No\r\n\r\n'], 'NETWORK/CONNECT_FAILED the proxy answered 403'],
  ];

  it.each(rows)('P7: %s (%s) fails the call, which is tried once', async (_, scheme, answers, outcome) => {
    const stand = await open(startScripted(answers, 'close'));
    const target: PinnedTarget = { ...targetAt(1, 'plain.test'), scheme: 'http' };
    expect(await send(through({ scheme }, stand), target, { proxy })).toBe(outcome);
    expect(stand.connections()).toBe(1);
    expect(stand.told.join()).not.toContain('GET /');
  });

  it.each(['http', 'https', 'socks5'] as const)('P7: nothing (%s) ends with the time of the call', async (scheme) => {
    const stand = await open(startScripted([]));
    const network = through({ scheme }, stand);
    const target: PinnedTarget = { ...targetAt(1, 'plain.test'), scheme: 'http' };
    const late = await network.send(signedTo(target), { ...roomy, timeoutMs: 60 }, never);
    expect(late).toMatchObject({ failure: { code: 'NETWORK/TIMEOUT' } });
  });

  it.each(['http', 'https', 'socks5'] as const)('P7: goodbye (%s), or is not there', async (scheme) => {
    const stand = await open(startScripted([''], 'close'));
    const target: PinnedTarget = { ...targetAt(1, 'plain.test'), scheme: 'http' };
    expect(await send(through({ scheme }, stand), target)).toMatch(/^NETWORK\/(?:CONNECT|TLS)_FAILED/);
    await stand.close();
    expect(await send(through({ scheme }, stand), target)).toBe('NETWORK/CONNECT_FAILED ECONNREFUSED');
  });

  it('is asked in the form of an IPv6 address, and its own answer may be a name', async () => {
    const named = Buffer.concat([Buffer.from([5, 0, 0, 3, 4]), Buffer.from('host'), Buffer.from([0, 1])]);
    const stand = await open(startScripted([hello, named, FAKE.replace('FAKE', 'fine')]));
    const address = '2606:4700::1';
    const target: PinnedTarget = {
      ...targetAt(443, 'plain.test'),
      scheme: 'http',
      address,
      family: 6,
      exception: false,
    };
    expect(await send(through({ scheme: 'socks5' }, stand), target)).toBe('fine');
    const asked = '\x05\x01\x00\x04\x26\x06\x47\x00\0\0\0\0\0\0\0\0\0\0\0\x01\x01\xbb';
    expect(stand.told[1]).toBe(asked);
  });

  it('is never told a login that its protocol cannot carry', async () => {
    const cases = [
      ['http', { username: 'a:b', password: 'x' }],
      ['socks5', { username: 'x'.repeat(256), password: 'x' }],
      ['socks5', { username: 'x', password: '' }],
    ] as const;
    for (const [scheme, login] of cases) {
      const stand = await open(startScripted([Buffer.from([5, 2])]));
      const outcome = await send(
        through({ scheme }, stand),
        { ...targetAt(1, 'a.test'), scheme: 'http' },
        { proxy: login },
      );
      expect(outcome).toMatch('NETWORK/PROXY_AUTH');
      expect(stand.told.join()).not.toContain(login.username);
    }
  });

  it('P7: a TLS proxy whose certificate does not fit is told nothing', async () => {
    const stand = await open(startHttpProxy({ tls, login: LOGIN }));
    const plain = await plainServer();
    expect(await send(through({ scheme: 'https' }, stand, { ca, tls: [] }), plain.target, { proxy })).toBe(
      'NETWORK/TLS_FAILED ERR_TLS_CERT_ALTNAME_INVALID',
    );
    expect(stand.told).toEqual([]);
  });

  it('P7: one that cannot be used refuses every call', async () => {
    for (const [text, problem] of [
      ['socks5h://127.0.0.1:1', 'names are resolved here'],
      ['socks4://127.0.0.1:1', 'SOCKS 4'],
      ['socks4a://127.0.0.1:1', 'SOCKS 4'],
      ['ftp://127.0.0.1:1', 'http://host:port'],
      ['socks5://user:pass@127.0.0.1:1', 'network.proxyCredentials'],
      ['http://127.0.0.1:1/path', 'http://host:port'],
      ['127.0.0.1:1', 'http://host:port'],
    ] as const) {
      const network = rig.network({ allow: ['127.0.0.0/8'], proxy: text });
      const refused = await network.send(signedTo(targetAt(1)), roomy, never);
      expect(refused, text).toMatchObject({ failure: { code: 'CONFIG/INVALID' } });
      expect(refused.ok ? '' : refused.failure.facts.problem).toContain(problem);
    }
  });
});
