// What a hostile zone, a changed answer or a warm connection could reach, over real sockets. The server that must not be
// reached counts what it sees.
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { hostLiteral, judgeAddress } from '../../../shared/policy/address.ts';
import type { Network } from '../../../src/network/network.ts';
import { type AddressRecord, resolveByLookup } from '../../../src/network/pin.ts';
import { createRig, never, roomy, signedTo } from './loopback.ts';
import { type NameServer, startNameServer, type Zone, type ZoneRecord } from './name-server.ts';

const rig = createRig();
const nameServers: NameServer[] = [];
afterAll(async () => {
  await rig.closeAll();
  await Promise.all(nameServers.map((server) => server.close()));
});

async function serveZone(zone: Zone): Promise<NameServer> {
  const server = await startNameServer(zone);
  nameServers.push(server);
  return server;
}

const v4 = (address: string): AddressRecord => ({ address, family: 4 });
const v6 = (address: string): AddressRecord => ({ address, family: 6 });

/** Pins and, where that is allowed, sends: what came of it. */
async function call(network: Network, host: string, port: number, scheme = 'http'): Promise<string> {
  const pinned = await network.pin(scheme, host, port, never);
  if (!pinned.ok) return pinned.failure.code;
  const answer = await network.send(signedTo(pinned.value), roomy, never);
  return answer.ok ? new TextDecoder().decode(answer.value.body) : answer.failure.code;
}

type Hostile = [what: string, zone: Zone, code?: string];

const PUBLIC: ZoneRecord = ['A', '8.8.8.8'];
const PUBLIC_V6: ZoneRecord = ['AAAA', '2606:4700::1'];
const LOOPBACK: ZoneRecord = ['A', '127.0.0.1'];
const LOOPBACK_V6: ZoneRecord = ['AAAA', '::1'];

function orders<T>(items: readonly T[]): T[][] {
  if (items.length < 2) return [[...items]];
  return items.flatMap((item, index) => orders(items.toSpliced(index, 1)).map((rest) => [item, ...rest]));
}

const hostile: readonly Hostile[] = [
  ...orders([PUBLIC, ['A', '1.1.1.1'] as const, LOOPBACK, PUBLIC_V6]).map(
    (records, index): Hostile => [`a mixed answer, order ${index + 1}`, { 'evil.test': records }],
  ),
  ...orders([PUBLIC, PUBLIC_V6, LOOPBACK_V6]).map(
    (records, index): Hostile => [`a mixed answer over IPv6, order ${index + 1}`, { 'evil.test': records }],
  ),
  ['loopback alone', { 'evil.test': [LOOPBACK] }],
  ['loopback twice', { 'evil.test': [LOOPBACK, LOOPBACK] }],
  ['IPv6 loopback alone', { 'evil.test': [LOOPBACK_V6] }],
  ['another loopback address', { 'evil.test': [['A', '127.8.9.10']] }],
  ['the unspecified address', { 'evil.test': [['A', '0.0.0.0']] }],
  ['the IPv6 unspecified address', { 'evil.test': [['AAAA', '::']] }],
  ['mapped loopback in AAAA', { 'evil.test': [['AAAA', '::ffff:7f00:1']] }],
  ['mapped loopback beside a public address', { 'evil.test': [PUBLIC, ['AAAA', '::ffff:7f00:1']] }],
  ['IPv4-compatible loopback', { 'evil.test': [['AAAA', '::7f00:1']] }],
  ['NAT64 of loopback', { 'evil.test': [['AAAA', '64:ff9b::7f00:1']] }],
  ['6to4 of loopback', { 'evil.test': [['AAAA', '2002:7f00:1::1']] }],
  ['ISATAP of loopback', { 'evil.test': [['AAAA', '2a00::5efe:7f00:1']] }],
  ['link-local', { 'evil.test': [['AAAA', 'fe80::1']] }],
  ['private', { 'evil.test': [['A', '10.0.0.1']] }],
  ['metadata', { 'evil.test': [['A', '169.254.169.254']] }],
  ['an alias of an internal name', { 'evil.test': [['CNAME', 'db.internal.test']], 'db.internal.test': [LOOPBACK] }],
  [
    'a chain of aliases over a public name',
    {
      'evil.test': [['CNAME', 'cdn.public.test']],
      'cdn.public.test': [['CNAME', 'edge.public.test']],
      'edge.public.test': [['CNAME', 'db.internal.test']],
      'db.internal.test': [LOOPBACK],
    },
  ],
  [
    'an alias whose IPv6 half alone is internal',
    { 'evil.test': [['CNAME', 'half.test']], 'half.test': [PUBLIC, LOOPBACK_V6] },
  ],
  ['a long answer with loopback last', { 'evil.test': [...new Array<ZoneRecord>(400).fill(PUBLIC), LOOPBACK] }],
  ['no record', { 'evil.test': [] }, 'NETWORK/NAME_UNRESOLVED'],
  ['an alias of nothing', { 'evil.test': [['CNAME', 'nothing.test']] }, 'NETWORK/NAME_UNRESOLVED'],
];

describe('P3: what a zone says', () => {
  it.each(hostile)('P3: %s reaches nothing', async (_, zone, code = 'NETWORK/ADDRESS_DENIED') => {
    const inside = await rig.http((__, response) => response.end('inside'));
    const network = rig.network({}, (await serveZone(zone)).resolve);
    expect(await call(network, 'evil.test', inside.port)).toBe(code);
    expect(inside.connections()).toBe(0);
  });

  it.each([
    'a_b.test',
    '_http._tcp.test',
    '-x.test',
    '0x7f.1.nip.test',
    '1.2.3.4.5.test',
    '127.0.0.1.nip.test',
    'xn--pple-43d.test',
    'evil.test.',
    'localhost.evil.test',
    'app.localhost',
    'localhost',
    'unix',
  ])('P3: the name %s is judged by what it resolves to', async (host) => {
    const inside = await rig.http((_, response) => response.end('inside'));
    const zone = { [host.replace(/\.$/, '')]: [LOOPBACK] };
    const { resolve, asked } = await serveZone(zone);
    expect(await call(rig.network({}, resolve), host, inside.port)).toBe('NETWORK/ADDRESS_DENIED');
    expect(new Set(asked)).toEqual(new Set([host.replace(/\.$/, '')]));
    expect(inside.connections()).toBe(0);
  });

  it('P3: every loopback name that this machine knows is denied, and only resolved', async () => {
    const inside = await rig.http((_, response) => response.end('inside'), '0.0.0.0');
    const hosts = existsSync('/etc/hosts') ? readFileSync('/etc/hosts', 'utf8') : '';
    const names = hosts.split('\n').flatMap((line) => line.replace(/#.*/, '').trim().split(/\s+/).slice(1));
    for (const name of new Set(['localhost', 'localhost.', ...names])) {
      if (hostLiteral(name) !== undefined || new URL(`http://${name}`).hostname !== name) continue;
      const records = await resolveByLookup(name).catch(() => []);
      const isLocal = records.some(({ address }) => !judgeAddress(address).allowed);
      if (records.length > 0 && !isLocal) continue;
      const outcome = await call(rig.network({}), name, inside.port);
      expect(outcome, name).toBe(records.length > 0 ? 'NETWORK/ADDRESS_DENIED' : 'NETWORK/NAME_UNRESOLVED');
    }
    expect(inside.connections()).toBe(0);
  });

  it('P7: a resolver that throws, fails, hangs on nothing or answers what is no address sends nothing', async () => {
    const inside = await rig.http((_, response) => response.end('inside'));
    const throws = (): never => {
      throw new Error('resolver said sk_live_123');
    };
    for (const [resolve, code] of [
      [throws, 'NETWORK/NAME_UNRESOLVED'],
      [() => Promise.reject(new Error('SERVFAIL')), 'NETWORK/NAME_UNRESOLVED'],
      [() => Promise.resolve([]), 'NETWORK/NAME_UNRESOLVED'],
      [() => Promise.resolve([v4('')]), 'NETWORK/ADDRESS_DENIED'],
      [() => Promise.resolve([v4('127.1')]), 'NETWORK/ADDRESS_DENIED'],
      [() => Promise.resolve([v4('8.8.8.8'), v4('nonsense')]), 'NETWORK/ADDRESS_DENIED'],
      [() => Promise.resolve([v6('::1%lo')]), 'NETWORK/ADDRESS_DENIED'],
    ] as const) {
      expect(await call(rig.network({}, resolve), 'evil.test', inside.port)).toBe(code);
    }
    expect(inside.connections()).toBe(0);
  });
});

/** A server at one port of every IPv4 address of this machine; it answers with the one that it was reached at. */
async function everywhere(): Promise<{ readonly port: number; readonly reached: readonly string[] }> {
  const connections = new Map<object, string>();
  const { port } = await rig.http(({ socket }, response) => {
    connections.set(socket, socket.localAddress ?? '');
    response.end(socket.localAddress);
  }, '0.0.0.0');
  return {
    port,
    get reached() {
      return [...connections.values()];
    },
  };
}

// Only Linux answers at every address of 127.0.0.0/8 without being set up for it.
describe.skipIf(process.platform !== 'linux')('P3: an answer that changes', () => {
  it('P3: the address that was judged is dialled, whatever the name says by then', async () => {
    const server = await everywhere();
    const { port } = server;
    const { resolve, asked } = await serveZone({
      'flip.test': (before) => [['A', before === 0 ? '127.0.0.1' : '127.0.0.2']],
    });
    const network = rig.network({ allow: [`http://flip.test:${port}`] }, resolve);
    const pinned = await network.pin('http', 'flip.test', port, never);
    if (!pinned.ok) throw new Error(pinned.failure.code);
    await resolve('flip.test');
    const answer = await network.send(signedTo(pinned.value), roomy, never);
    expect(answer.ok && new TextDecoder().decode(answer.value.body)).toBe('127.0.0.1');
    expect(asked).toEqual(Array(4).fill('flip.test'));
    expect(server.reached).toEqual(['127.0.0.1']);
  });

  it('P3: a kept connection serves the address it was made to, and no name that moved away from it', async () => {
    const server = await everywhere();
    const { port } = server;
    const answers: ZoneRecord[][] = [
      [LOOPBACK],
      [LOOPBACK],
      [['A', '127.0.0.2']],
      [['A', '169.254.169.254']],
      [PUBLIC, LOOPBACK],
    ];
    const { resolve } = await serveZone({ 'moves.test': (before) => answers[before] ?? [] });
    const network = rig.network({ allow: [`http://moves.test:${port}`] }, resolve);
    const outcomes: string[] = [];
    for (let count = 0; count < 4; count += 1) outcomes.push(await call(network, 'moves.test', port));
    expect(outcomes).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.2', 'NETWORK/ADDRESS_DENIED']);
    expect(server.reached).toEqual(['127.0.0.1', '127.0.0.2']);
    // The origin that is not excepted finds none of the warm connections.
    expect(await call(rig.network({}, resolve), 'moves.test', port)).toBe('NETWORK/ADDRESS_DENIED');
    expect(server.reached).toEqual(['127.0.0.1', '127.0.0.2']);
  });

  it('P3: a dead address is not exchanged for another one of the answer', async () => {
    const live = await rig.http((_, response) => response.end('live'), '127.0.0.1');
    const { port } = live;
    for (const [dead, records] of [
      ['127.0.0.9', [v4('127.0.0.9'), v4('127.0.0.1')]],
      ['::1', [v6('::1')]],
    ] as const) {
      const network = rig.network({ allow: [`http://eyeballs.test:${port}`] }, () => Promise.resolve(records));
      const pinned = await network.pin('http', 'eyeballs.test', port, never);
      expect(pinned).toMatchObject({ ok: true, value: { address: dead } });
      expect(await call(network, 'eyeballs.test', port)).toBe('NETWORK/CONNECT_FAILED');
    }
    const mixed = rig.network({}, () => Promise.resolve([v6('2606:4700::dead'), v4('127.0.0.1')]));
    expect(await call(mixed, 'eyeballs.test', port)).toBe('NETWORK/ADDRESS_DENIED');
    expect(live.connections()).toBe(0);
  });

  it('P3: a mapped address goes to the IPv4 address that was judged', async () => {
    const server = await rig.http((_, response) => response.end('mapped'), '127.0.0.1');
    const records = () => Promise.resolve([v6('::ffff:127.0.0.1')]);
    expect(await call(rig.network({ allow: ['127.0.0.1'] }, records), 'mapped.test', server.port)).toBe('mapped');
    expect(await call(rig.network({ allow: ['127.0.0.1'] }), '[::ffff:7f00:1]', server.port)).toBe('mapped');
    expect(await call(rig.network({ allow: ['127.0.0.2'] }, records), 'mapped.test', server.port)).toBe(
      'NETWORK/ADDRESS_DENIED',
    );
    expect(server.connections()).toBe(1 + 1);
  });
});

describe('P3: through the proxy that the operator names', () => {
  /** A proxy that writes down what it is asked for, and goes nowhere. */
  async function proxyTo(): Promise<{ origin: string; asked: string[]; connections(): number }> {
    const asked: string[] = [];
    const proxy = await rig.raw(
      (socket) => socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'),
      (line) => asked.push(line),
    );
    return { origin: proxy.origin, asked, connections: () => proxy.connections() };
  }

  it('P3: the address is judged here and it alone is asked for; a denied one never reaches the proxy', async () => {
    const proxy = await proxyTo();
    const { resolve, asked } = await serveZone({
      'public.test': [PUBLIC_V6, PUBLIC],
      'six.test': [PUBLIC_V6],
      'evil.test': [PUBLIC, LOOPBACK],
      'flip.test': (before) => (before === 0 ? [PUBLIC] : [LOOPBACK]),
    });
    const network = rig.network({ proxy: proxy.origin }, resolve);
    const rows: readonly (readonly [host: string, port: number, code: string, authority?: string])[] = [
      ['public.test', 443, 'CONNECT_FAILED', '8.8.8.8:443'],
      ['six.test', 8443, 'CONNECT_FAILED', '[2606:4700::1]:8443'],
      ['1.1.1.1', 80, 'CONNECT_FAILED', '1.1.1.1:80'],
      ['[2606:4700::2]', 80, 'CONNECT_FAILED', '[2606:4700::2]:80'],
      ['flip.test', 80, 'CONNECT_FAILED', '8.8.8.8:80'],
      ['flip.test', 80, 'ADDRESS_DENIED'],
      ['evil.test', 80, 'ADDRESS_DENIED'],
      ['127.0.0.1', 80, 'ADDRESS_DENIED'],
      ['[::1]', 80, 'ADDRESS_DENIED'],
      ['[::ffff:7f00:1]', 80, 'ADDRESS_DENIED'],
      ['169.254.169.254', 80, 'ADDRESS_DENIED'],
      ['metadata.google.internal', 80, 'ADDRESS_DENIED'],
      ['public.test', 25, 'ADDRESS_DENIED'],
      ['absent.test', 80, 'NAME_UNRESOLVED'],
    ];
    for (const [host, port, code] of rows) expect(await call(network, host, port), host).toBe(`NETWORK/${code}`);
    const authorities = rows.flatMap(([, , , authority]) => authority ?? []);
    expect(proxy.asked).toEqual(authorities.map((authority) => `CONNECT ${authority} HTTP/1.1`));
    expect(proxy.connections()).toBe(authorities.length);
    expect(asked).not.toContain('metadata.google.internal');
  });
});
