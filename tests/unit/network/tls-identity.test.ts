// Client certificates, authorities, server names and unchecked certificates, against real TLS servers.
import { spawn, spawnSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import type { NetworkPolicy } from '../../../shared/policy/policy.ts';
import type { ClientIdentity, PinnedTarget } from '../../../shared/stages/stages.ts';
import { createNetwork, type Network } from '../../../src/network/network.ts';
import { never, roomy, signedTo } from './loopback.ts';
import {
  fixtureBytes,
  fixturePath,
  identities,
  mutual,
  PASSPHRASE,
  startTls,
  type TlsStand,
  targetAt,
  tlsFor,
} from './tls-stand.ts';

const stands: TlsStand[] = [];
const networks: Network[] = [];
afterAll(async () => {
  await Promise.all(networks.map((network) => network.close()));
  await Promise.all(stands.map((stand) => stand.close()));
});

async function serve(options: Parameters<typeof startTls>[0] = {}): Promise<TlsStand> {
  const stand = await startTls(options);
  stands.push(stand);
  return stand;
}

function networkOf(policy: Partial<NetworkPolicy>, onUnchecked?: (origin: string) => void): Network {
  const network = createNetwork({
    policy: { allow: ['127.0.0.0/8'], ca: [], ...policy },
    now: () => performance.now(),
    ...(onUnchecked && { onUnchecked }),
  });
  networks.push(network);
  return network;
}

interface Sent {
  readonly target: PinnedTarget;
  readonly client?: ClientIdentity;
  readonly id?: string;
}

/** Sends as the signer would hand it over: `fine`, or what went wrong. */
async function send(network: Network, { target, client, id = 'one' }: Sent): Promise<string> {
  const clients = client && { [`https://${target.host}:${target.port}`]: client };
  const answer = await network.send(signedTo(target, clients && { dial: { id, clients } }), roomy, never);
  if (answer.ok) return new TextDecoder().decode(answer.value.body);
  return `${answer.failure.code} ${String(answer.failure.facts.reason ?? answer.failure.facts.problem)}`;
}

/** Parsing authorities is what takes time here, and whom this side believes is not the question. */
function unchecked({ port }: TlsStand, ...others: string[]): Partial<NetworkPolicy> {
  const origins = ['secure.test', ...others].map((host) => `https://${host}:${port}`);
  return { tls: origins.map((origin) => ({ origin, ca: [], verify: false })) };
}

describe('client certificates', () => {
  it.each(Object.entries(identities))(
    'a server that demands one sees the one of %s, in TLS 1.2 and 1.3',
    async (_, client) => {
      for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
        const stand = await serve({ ...mutual, minVersion: version, maxVersion: version });
        const target = targetAt(stand.port);
        expect(await send(networkOf(unchecked(stand)), { target, client })).toBe('fine');
        expect(stand.peers).toMatchObject([
          { subject: client === identities.other ? 'Fake client two' : 'Fake client one', protocol: version },
        ]);
      }
    },
  );

  it('a server that demands one and is shown none fails the call, in TLS 1.2 and 1.3', async () => {
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const stand = await serve({ ...mutual, minVersion: version, maxVersion: version });
      const outcome = await send(networkOf(unchecked(stand)), { target: targetAt(stand.port) });
      expect(outcome).toMatch(/^NETWORK\/(?:TLS_FAILED|CONNECT_FAILED) /);
      expect(stand.requests).toEqual([]);
    }
  });

  const client = identities.encrypted;
  const unusable: [what: string, client: ClientIdentity, problem: string][] = [
    [
      'a wrong passphrase',
      { ...client, passphrase: 'wrong-sk_live_1' },
      'the passphrase is missing, or does not open its key',
    ],
    ['no passphrase', { cert: client.cert, key: client.key }, 'the passphrase is missing, or does not open its key'],
    [
      'a wrong one for the archive',
      { ...identities.pfx, passphrase: 'wrong-sk_live_1' },
      'the passphrase is missing, or does not open its key',
    ],
    ['none for the archive', { pfx: identities.pfx.pfx }, 'the passphrase is missing, or does not open its key'],
    [
      "another certificate's key",
      { ...identities.pem, key: identities.other.key },
      'its key belongs to another certificate',
    ],
    ['a key that is none', { ...identities.pem, key: 'sk_live_1' }, 'certificate or key are not valid'],
    [
      'an archive that is none',
      { pfx: Buffer.from('sk_live_1').toString('base64') },
      'certificate or key are not valid',
    ],
    ['a certificate that is none', { ...identities.pem, cert: 'sk_live_1' }, 'certificate or key are not valid'],
  ];

  it.each(unusable)(
    'P7: %s fails with a code and without the secret, and nothing is dialled',
    async (_, bad, problem) => {
      const stand = await serve(mutual);
      const outcome = await send(networkOf(unchecked(stand)), { target: targetAt(stand.port), client: bad });
      expect(outcome).toBe(
        `CONFIG/INVALID network.tls.origins: the client certificate for ${stand.origin} cannot be used: ${problem}`,
      );
      expect(stand.peers).toEqual([]);
    },
  );

  it('P2: a connection made with one identity serves no other, and no session is resumed', async () => {
    const stand = await serve({ requestCert: true, rejectUnauthorized: false });
    const network = networkOf(unchecked(stand));
    const target = targetAt(stand.port);
    const steps: [id: string, client?: ClientIdentity][] = [
      ['one', identities.pem],
      ['one', identities.pem],
      ['two', identities.other],
      [''],
      ['one', identities.pem],
    ];
    for (const [id, client] of steps) {
      expect(await send(network, { target, id, ...(client && { client }) })).toBe('fine');
      // The client library takes a connection back after it has handed over its answer.
      await new Promise(setImmediate);
    }
    expect(stand.peers.map(({ subject, resumed }) => [subject, resumed])).toEqual([
      ['Fake client one', false],
      ['Fake client two', false],
      ['', false],
      ['Fake client one', false],
    ]);
  });

  it('P2: is shown to no other origin of the same server', async () => {
    const stand = await serve({ requestCert: true, rejectUnauthorized: false });
    const network = networkOf(unchecked(stand, 'inner.test', '127.0.0.1'));
    const clients = { [stand.origin]: identities.pem };
    for (const host of ['inner.test', '127.0.0.1', 'secure.test']) {
      await network.send(signedTo(targetAt(stand.port, host), { dial: { id: 'one', clients } }), roomy, never);
    }
    expect(stand.peers.map(({ subject }) => subject)).toEqual(['', '', 'Fake client one']);
  });

  it.skipIf(spawnSync('curl', ['--version']).status !== 0)('the server sees what curl --cert shows it', async () => {
    const stand = await serve(mutual);
    const paths = [
      '--cacert',
      fixturePath('ca.pem'),
      '--cert',
      fixturePath('client.pem'),
      '--key',
      fixturePath('client.key'),
    ];
    const resolved = ['--resolve', `secure.test:${stand.port}:127.0.0.1`];
    await new Promise((ended) => spawn('curl', ['-s', ...paths, ...resolved, `${stand.origin}/`]).on('close', ended));
    expect(await send(networkOf(unchecked(stand)), { target: targetAt(stand.port), client: identities.pfx })).toBe(
      'fine',
    );
    expect(stand.peers).toHaveLength(2);
    expect(stand.peers[0]).toEqual(stand.peers[1]);
  });
});

describe('the certificate of the service', () => {
  const wrong = 'NETWORK/TLS_FAILED ';

  it('counts where an authority of its origin has signed it, and for no other origin', async () => {
    const stand = await serve();
    const target = targetAt(stand.port);
    expect(await send(networkOf({}), { target })).toBe(`${wrong}SELF_SIGNED_CERT_IN_CHAIN`);
    expect(await send(networkOf({ tls: [tlsFor(stand)] }), { target })).toBe('fine');
    const elsewhere = networkOf({ tls: [tlsFor({ origin: `https://inner.test:${stand.port}` })] });
    expect(await send(elsewhere, { target })).toBe(`${wrong}SELF_SIGNED_CERT_IN_CHAIN`);
    expect(await send(elsewhere, { target: targetAt(stand.port, 'inner.test.') })).toBe('fine');
  });

  it('P2: is not believed for what an archive of this side holds: its authorities count only where ca names them', async () => {
    const pfx = { pfx: fixtureBytes('client-chain.pfx').toString('base64'), passphrase: PASSPHRASE };
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      const stand = await serve({ ...mutual, minVersion: version, maxVersion: version });
      const target = targetAt(stand.port);
      for (const client of [pfx, identities.pfx]) {
        expect(await send(networkOf({}), { target, client })).toBe(`${wrong}SELF_SIGNED_CERT_IN_CHAIN`);
      }
      expect(stand.requests).toEqual([]);
      expect(await send(networkOf({ tls: [tlsFor(stand)] }), { target, client: pfx })).toBe('fine');
      expect(stand.peers.at(-1)).toMatchObject({ subject: 'Fake client one', protocol: version });
    }
  });

  it('is checked against serverName where one is set, which is sent; the Host header stays', async () => {
    const stand = await serve();
    const origin = `https://10-0-0-1.test:${stand.port}`;
    const target = targetAt(stand.port, '10-0-0-1.test');
    const as = (serverName?: string) => networkOf({ tls: [tlsFor({ origin }, serverName ? { serverName } : {})] });
    expect(await send(as(), { target })).toBe(`${wrong}ERR_TLS_CERT_ALTNAME_INVALID`);
    expect(await send(as('other.test'), { target })).toBe(`${wrong}ERR_TLS_CERT_ALTNAME_INVALID`);
    expect(await send(as('inner.test'), { target })).toBe('fine');
    expect(stand.peers.map(({ serverName }) => serverName)).toEqual(['inner.test']);
    expect(stand.requests).toHaveLength(1);
    expect(stand.requests[0]).toContain(`host: 10-0-0-1.test:${stand.port}\r\n`);
  });

  it('is refused once it has expired', async () => {
    const stand = await serve({ name: 'expired' });
    const outcome = await send(networkOf({ tls: [tlsFor(stand)] }), { target: targetAt(stand.port) });
    expect(outcome).toBe(`${wrong}CERT_HAS_EXPIRED`);
  });

  it('is not checked where verify is false, which is told of at each use, and only there', async () => {
    for (const name of ['server', 'expired', 'proxy']) {
      const stand = await serve({ name });
      const told: string[] = [];
      const network = networkOf({ tls: [{ origin: stand.origin, ca: [], verify: false }] }, (origin) =>
        told.push(origin),
      );
      expect(await send(network, { target: targetAt(stand.port) })).toBe('fine');
      expect(await send(network, { target: targetAt(stand.port) })).toBe('fine');
      expect(await send(network, { target: targetAt(stand.port, 'inner.test') })).toMatch(wrong);
      expect(told).toEqual([stand.origin, stand.origin]);
    }
  });
});
