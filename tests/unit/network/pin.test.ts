import { afterAll, describe, expect, it } from 'vitest';
import { planUrl } from '../../../shared/request/plan-url.ts';
import { lexTemplate } from '../../../shared/template/lex.ts';
import { createScope } from '../../../shared/template/render.ts';
import type { AddressRecord } from '../../../src/network/pin.ts';
import urls from '../../vectors/urls.json' with { type: 'json' };
import { createRig, never, roomy, signedTo } from './loopback.ts';

const rig = createRig();
afterAll(() => rig.closeAll());

const v4 = (address: string): AddressRecord => ({ address, family: 4 });
const v6 = (address: string): AddressRecord => ({ address, family: 6 });

describe('pin', () => {
  const rows: [what: string, records: AddressRecord[], result: string][] = [
    ['one public record', [v4('8.8.8.8')], '8.8.8.8'],
    ['IPv4 before IPv6, in the order given', [v6('2606:4700::1'), v4('8.8.8.8'), v4('1.1.1.1')], '8.8.8.8'],
    ['IPv6 where there is nothing else', [v6('2606:4700::1'), v6('2606:4700::2')], '2606:4700::1'],
    ['no record', [], 'NETWORK/NAME_UNRESOLVED'],
    ['loopback', [v4('127.0.0.1')], 'NETWORK/ADDRESS_DENIED'],
    ['public, then loopback', [v4('8.8.8.8'), v4('127.0.0.1')], 'NETWORK/ADDRESS_DENIED'],
    ['loopback, then public', [v4('127.0.0.1'), v4('8.8.8.8')], 'NETWORK/ADDRESS_DENIED'],
    ['public IPv6, private IPv4', [v6('2606:4700::1'), v4('10.0.0.1')], 'NETWORK/ADDRESS_DENIED'],
    ['public IPv4, unique local IPv6', [v4('8.8.8.8'), v6('fd12::1')], 'NETWORK/ADDRESS_DENIED'],
    ['mapped loopback', [v6('::ffff:127.0.0.1')], 'NETWORK/ADDRESS_DENIED'],
    ['a zone id', [v6('fe80::1%eth0')], 'NETWORK/ADDRESS_DENIED'],
    ['not an address', [v4('localhost')], 'NETWORK/ADDRESS_DENIED'],
    ['metadata', [v4('169.254.169.254')], 'NETWORK/ADDRESS_DENIED'],
  ];

  it.each(rows)('P3: judges every record of an answer: %s', async (_, records, result) => {
    const network = rig.network({}, () => Promise.resolve(records));
    const pinned = await network.pin('https', 'api.example.com', 443, never);
    expect(pinned.ok ? pinned.value.address : pinned.failure.code).toBe(result);
  });

  it('P3: an origin exception opens that origin, and a name whose record is metadata stays denied', async () => {
    const answers: Record<string, AddressRecord[]> = {
      'dev.test': [v4('127.0.0.1')],
      'meta.test': [v4('169.254.169.254')],
    };
    const network = rig.network({ allow: ['http://dev.test:3000', 'http://meta.test'] }, (host) =>
      Promise.resolve(answers[host] ?? []),
    );
    const code = async (scheme: string, host: string, port: number) => {
      const pinned = await network.pin(scheme, host, port, never);
      return pinned.ok ? 'pinned' : pinned.failure.code;
    };
    expect(await code('http', 'dev.test', 3000)).toBe('pinned');
    expect(await code('http', 'dev.test.', 3000)).toBe('NETWORK/NAME_UNRESOLVED');
    expect(await code('http', 'dev.test', 3001)).toBe('NETWORK/ADDRESS_DENIED');
    expect(await code('https', 'dev.test', 3000)).toBe('NETWORK/ADDRESS_DENIED');
    expect(await code('http', 'meta.test', 80)).toBe('NETWORK/ADDRESS_DENIED');
  });

  it('fails for other schemes, impossible ports, failing resolvers and cancelled calls', async () => {
    const network = rig.network({}, () => Promise.reject(new Error('resolver said sk_live_123')));
    expect(await network.pin('ftp', 'a.test', 21, never)).toMatchObject({ failure: { code: 'NETWORK/SCHEME_DENIED' } });
    for (const port of [0, 65_536, -1, 1.5, Number.NaN]) {
      expect(await network.pin('http', 'a.test', port, never)).toMatchObject({
        failure: { code: 'NETWORK/ADDRESS_DENIED' },
      });
    }
    const unresolved = await network.pin('http', 'a.test', 80, never);
    expect(unresolved).toMatchObject({ failure: { code: 'NETWORK/NAME_UNRESOLVED', facts: { host: 'a.test' } } });
    expect(JSON.stringify(unresolved)).not.toContain('sk_live');
    const hanging = rig.network({}, () => new Promise(() => undefined));
    const controller = new AbortController();
    const waiting = hanging.pin('http', 'a.test', 80, controller.signal);
    controller.abort();
    expect(await waiting).toMatchObject({ failure: { code: 'NETWORK/CANCELLED' } });
    expect(await hanging.pin('http', 'a.test', 80, AbortSignal.abort())).toMatchObject({
      failure: { code: 'NETWORK/CANCELLED' },
    });
  });

  it('P3: a name that changes its address between two calls is judged anew each time', async () => {
    const server = await rig.http((_, response) => response.end());
    const answers = [[v4('8.8.8.8')], [v4('127.0.0.1')], [v4('8.8.8.8'), v4('127.0.0.1')]];
    const network = rig.network({}, () => Promise.resolve(answers.shift() ?? []));
    const first = await network.pin('http', 'flip.test', server.port, never);
    expect(first.ok && first.value.address).toBe('8.8.8.8');
    for (const _ of [1, 2]) {
      const next = await network.pin('http', 'flip.test', server.port, never);
      expect(next).toMatchObject({ failure: { code: 'NETWORK/ADDRESS_DENIED' } });
    }
    expect(server.connections()).toBe(0);
  });
});

describe('P3: spellings of URLs', () => {
  const scope = createScope({
    folders: [],
    collection: [],
    globals: [],
    order: [],
    handles: () => undefined,
    dynamic: () => undefined,
  });

  async function outcome(url: string, records: AddressRecord[]): Promise<string> {
    const planned = planUrl({ address: lexTemplate(url), query: [], pathVariables: [] }, scope);
    if (!planned.ok) return 'reject';
    const { scheme, host, port } = planned.value;
    const network = rig.network({}, () => Promise.resolve(records));
    const pinned = await network.pin(scheme, host, port === '' ? 80 : Number(port), never);
    if (pinned.ok) return pinned.value.address;
    return pinned.failure.code === 'NETWORK/ADDRESS_DENIED' ? 'reject' : pinned.failure.code;
  }

  it.each(urls)('P3: $url ($why)', async ({ url, expected }) => {
    const loopback = await outcome(url, [v4('127.0.0.1')]);
    const open = await outcome(url, [v4('8.8.8.8')]);
    if (expected === 'resolve')
      expect([loopback, open]).toEqual(['reject', expect.stringMatching(/^(8\.8\.8\.8|reject)$/)]);
    else expect([loopback, open]).toEqual([expected, expected]);
  });
});

describe('an exception of the operator', () => {
  it.each([
    ['example.com', '8.8.8.8', ['http://example.com', '8.8.8.0/24'], false],
    ['example.com', '10.0.0.1', ['10.0.0.0/8'], true],
    ['example.com', '10.0.0.1', ['http://example.com'], true],
    ['127.0.0.1', '8.8.8.8', ['http://127.0.0.1'], true],
    ['8.8.8.8', '127.0.0.1', ['http://8.8.8.8'], false],
    ['example.com', '8.8.8.8', ['http://example.com:25'], true, 25],
  ])('%s at %s with %j allowed: %s', async (host, address, allow, exception, port = 80) => {
    const network = rig.network({ allow }, () => Promise.resolve([v4(address)]));
    expect(await network.pin('http', host, port, never)).toMatchObject({ ok: true, value: { exception } });
  });

  it.each([
    ['http://apple.test', 'http://\u0430pple.test'],
    ['http://\u0430pple.test', 'http://apple.test'],
    ['http://apple.test', 'http://app1e.test'],
    ['http://paypal.test', 'http://\u0440\u0430ypal.test'],
    ['http://apple.test', 'http://a\u0301pple.test'],
    ['http://stra\u00dfe.test', 'http://strasse.test'],
    ['http://sub.apple.test', 'http://apple.test'],
    ['http://apple.test', 'http://apple.test.evil.test'],
  ])('P3: of %s does not open %s, which only looks like it', async (entry, url) => {
    const network = rig.network({ allow: [entry] }, () => Promise.resolve([v4('127.0.0.1')]));
    const { hostname } = new URL(url);
    expect(await network.pin('http', hostname, 80, never)).toMatchObject({
      failure: { code: 'NETWORK/ADDRESS_DENIED', facts: { host: hostname } },
    });
    expect(hostname).toMatch(/^[\x21-\x7e]+$/);
  });

  it.each([
    ['http://\uff41pple.test', 'http://apple.test'],
    ['http://APPLE.test.', 'http://apple.test'],
    ['http://b\u00fccher.test', 'http://xn--bcher-kva.test'],
    ['http://xn--bcher-kva.test', 'http://B\u00dcCHER.test'],
  ])('P3: of %s opens %s, which is the same name', async (entry, url) => {
    const network = rig.network({ allow: [entry] }, () => Promise.resolve([v4('127.0.0.1')]));
    expect((await network.pin('http', new URL(url).hostname, 80, never)).ok).toBe(true);
  });
});

describe('P3: no byte reaches a denied server', () => {
  it('P3: every spelling of loopback makes no connection; proxy variables are not read', async () => {
    const denied = await rig.http((_, response) => response.end());
    const allowed = await rig.http((_, response) => response.end());
    const before = { ...process.env };
    const variables = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
    for (const name of variables) process.env[name] = denied.origin;
    try {
      const network = rig.network({ allow: [allowed.origin] });
      for (const host of ['127.0.0.1', 'localhost', '[::1]', '[::ffff:7f00:1]', '0.0.0.0', '[::]']) {
        const pinned = await network.pin('http', host, denied.port, never);
        expect(pinned.ok ? 'pinned' : pinned.failure.code, host).toMatch(/ADDRESS_DENIED|NAME_UNRESOLVED/);
      }
      const pinned = await network.pin('http', '127.0.0.1', allowed.port, never);
      expect(pinned.ok && (await network.send(signedTo(pinned.value), roomy, never)).ok).toBe(true);
    } finally {
      for (const name of variables) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
    }
    expect([denied.connections(), allowed.connections()]).toEqual([0, 1]);
  });
});
