import { BlockList, isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AddressPolicy, judgeAddress, judgeHost } from '../../../shared/policy/address.ts';
import { parseAllowEntry } from '../../../shared/policy/address-allow.ts';
import { deniedRanges, verdictCodes, verdictOf } from '../../../shared/policy/address-table.ts';
import { parseAddress, parseRange } from '../../../shared/policy/address-text.ts';
import addresses from '../../vectors/addresses.json' with { type: 'json' };

describe('P3: the address table', () => {
  it('P3: gives every address of the table its verdict', () => {
    for (const { address, verdict, what, ...unknown } of addresses) {
      expect(unknown, address).toEqual({});
      const judged = judgeAddress(address);
      if (verdict === 'allow' || verdict === 'deny')
        expect(judged.allowed, `${address} (${what})`).toBe(verdict === 'allow');
      else expect(judged.code, `${address} (${what})`).toBe(verdict);
    }
  });

  it('has a row for every verdict that needs no policy', () => {
    const covered = new Set(addresses.map(({ verdict }) => verdict));
    const needPolicy = new Set(['allowed-origin', 'allowed-range', 'metadata-name']);
    expect(verdictCodes.filter((code) => !covered.has(code) && !needPolicy.has(code))).toEqual([]);
  });

  it('has a sentence for every verdict', () => {
    for (const code of verdictCodes) expect(verdictOf(code).reason.length, code).toBeGreaterThan(8);
  });

  it('agrees with the block list of Node on every IPv4 address drawn', () => {
    const list = new BlockList();
    for (const [range] of deniedRanges.filter(([text]) => text.includes('.'))) {
      const [network = '', bits = ''] = range.split('/');
      list.addSubnet(network, Number(bits), 'ipv4');
    }
    list.addAddress('168.63.129.16', 'ipv4');
    fc.assert(
      fc.property(fc.ipV4(), (address) => judgeAddress(address).allowed === !list.check(address, 'ipv4')),
      { numRuns: 2_000 },
    );
  });

  it('takes exactly what Node takes for an address, and agrees on the bytes of every spelling', () => {
    const almost = fc.stringMatching(/^[0-9a-f:.]{0,40}$/);
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), almost), (text) => {
        return (parseAddress(text) !== undefined) === (isIPv4(text) || isIPv6(text));
      }),
      { numRuns: 3_000 },
    );
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        const canonical = new URL(`http://[${text}]`).hostname.slice(1, -1);
        expect(parseAddress(canonical)).toEqual(parseAddress(text));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('P3: the exceptions of the operator', () => {
  const allowing = (entries: string[], origin?: string): AddressPolicy => ({
    allow: entries.flatMap((text) => parseAllowEntry(text) ?? []),
    ...(origin === undefined ? {} : { origin }),
  });

  const rows: [entry: string, origin: string, address: string, code: string][] = [
    ['http://localhost:3000', 'http://localhost:3000', '127.0.0.1', 'allowed-origin'],
    ['http://localhost:3000', 'http://localhost:3000', '::1', 'allowed-origin'],
    ['http://localhost:3000', 'http://localhost:3000', '::ffff:7f00:1', 'allowed-origin'],
    ['http://localhost.:3000', 'http://localhost:3000', '127.0.0.1', 'allowed-origin'],
    ['http://localhost:3000', 'http://localhost:3001', '127.0.0.1', 'loopback'],
    ['http://localhost:3000', 'https://localhost:3000', '127.0.0.1', 'loopback'],
    ['http://localhost:3000', 'http://other:3000', '127.0.0.1', 'loopback'],
    ['http://localhost:3000', 'http://sub.localhost:3000', '127.0.0.1', 'loopback'],
    ['http://localhost', 'http://localhost', '127.0.0.1', 'allowed-origin'],
    ['http://localhost:80', 'http://localhost', '127.0.0.1', 'allowed-origin'],
    ['http://localhost', 'http://localhost:8080', '127.0.0.1', 'loopback'],
    ['https://intra.corp', 'https://intra.corp', '10.0.0.1', 'allowed-origin'],
    ['https://intra.corp', 'https://intra.corp', '100.64.0.1', 'allowed-origin'],
    ['https://intra.corp', 'https://intra.corp', 'fd12::1', 'allowed-origin'],
    ['https://intra.corp', 'https://intra.corp', '169.254.1.1', 'link-local'],
    ['https://intra.corp', 'https://intra.corp', '0.0.0.0', 'unspecified'],
    ['https://intra.corp', 'https://intra.corp', '224.0.0.1', 'multicast'],
    ['https://intra.corp', 'https://intra.corp', '169.254.169.254', 'metadata'],
    ['https://intra.corp', 'https://intra.corp', 'fd00:ec2::254', 'metadata'],
    ['https://intra.corp', 'https://intra.corp', '100.100.100.200', 'metadata'],
    ['https://intra.corp', 'https://intra.corp', '64:ff9b::a00:1', 'nat64'],
    ['10.1.0.0/16', 'http://any', '10.1.0.0', 'allowed-range'],
    ['10.1.0.0/16', 'http://any', '10.1.255.255', 'allowed-range'],
    ['10.1.0.0/16', 'http://any', '::ffff:10.1.2.3', 'allowed-range'],
    ['10.1.0.0/16', 'http://any', '10.0.255.255', 'private'],
    ['10.1.0.0/16', 'http://any', '10.2.0.0', 'private'],
    ['10.1.2.3', 'http://any', '10.1.2.3', 'allowed-range'],
    ['10.1.2.3', 'http://any', '10.1.2.4', 'private'],
    ['fd12:3456::/32', 'http://any', 'fd12:3456:ffff::1', 'allowed-range'],
    ['fd12:3456::/32', 'http://any', 'fd12:3457::1', 'unique-local'],
    ['0.0.0.0/0', 'http://any', '127.0.0.1', 'allowed-range'],
    ['0.0.0.0/0', 'http://any', '::1', 'loopback'],
    ['0.0.0.0/0', 'http://any', '169.254.169.254', 'metadata'],
    ['0.0.0.0/0', 'http://any', '168.63.129.16', 'metadata'],
    ['0.0.0.0/0', 'http://any', '192.0.0.192', 'metadata'],
    ['0.0.0.0/0', 'http://any', '169.254.170.2', 'metadata'],
    ['169.254.0.0/16', 'http://any', '169.254.170.23', 'metadata'],
    ['::/0', 'http://any', 'fd00:ec2::254', 'metadata'],
    ['64:ff9b::/96', 'http://any', '64:ff9b::808:808', 'allowed-range'],
    ['64:ff9b::/96', 'http://any', '64:ff9b::a9fe:a9fe', 'metadata'],
    ['64:ff9b:1::/48', 'http://any', '64:ff9b:1:808:8:800::', 'allowed-range'],
    ['64:ff9b:1::/48', 'http://any', '64:ff9b:1:a9fe:a9:fe00::', 'metadata'],
    ['64:ff9b:1::/48', 'http://any', '64:ff9b:1:a9:fe:a9fe::', 'metadata'],
    ['64:ff9b:1::/48', 'http://any', '64:ff9b:1:0:a9:fea9:fe00:0', 'metadata'],
    ['2002::/16', 'http://any', '2002:a9fe:a9fe::1', 'metadata'],
  ];

  it('P3: opens what is named and nothing beside it', () => {
    for (const [entry, origin, address, code] of rows) {
      expect(judgeAddress(address, allowing([entry], origin)).code, `${entry} ${origin} ${address}`).toBe(code);
    }
  });

  it('takes only an origin or a range; anything else allows nothing', () => {
    const refused = [
      'localhost',
      'localhost:3000',
      '*',
      '',
      'http://',
      'http://*.corp',
      'http://localhost:3000/api',
      'http://localhost:3000?x',
      'http://user@localhost:3000',
      'http:\\\\localhost',
      'ftp://localhost',
      '10.0.0.0/33',
      '10.0.0.0/-1',
      '10.0.0.0/08',
      '10.0.0.0/8/8',
      '10.1.2.3/16',
      '10.0.0/8',
      'fd12::/129',
      'fd12::1/64',
      'fe80::%eth0/64',
      'fe80::1%eth0',
    ];
    for (const text of refused) expect(parseAllowEntry(text), text).toBeUndefined();
  });

  it('P7: judges an address that is malformed as denied whatever is allowed', () => {
    const policy = allowing(['0.0.0.0/0', '::/0', 'http://any'], 'http://any');
    for (const text of ['', '127.1', 'fe80::1%lo', 'nonsense', '8.8.8.8.', '[::1]']) {
      expect(judgeAddress(text, policy).allowed, text).toBe(false);
    }
  });

  it('parses a range only with its host bits clear', () => {
    expect(parseRange('10.1.0.0/16')).toMatchObject({ family: 4, bits: 16 });
    expect(parseRange('0.0.0.0/0')).toMatchObject({ bits: 0 });
    expect(parseRange('10.1.0.1/16')).toBeUndefined();
    expect(parseRange('10.0.0.0/')).toBeUndefined();
  });
});

describe('P3: hosts before they are resolved', () => {
  const rows: [host: string, code: string | undefined][] = [
    ['example.com', undefined],
    ['localhost', undefined],
    ['127.0.0.1', 'loopback'],
    ['[::1]', 'loopback'],
    ['[::ffff:7f00:1]', 'loopback'],
    ['8.8.8.8', 'public'],
    ['metadata.google.internal', 'metadata-name'],
    ['metadata.google.internal.', 'metadata-name'],
    ['metadata.tencentyun.com', 'metadata-name'],
    ['instance-data', 'metadata-name'],
    ['xmetadata.google.internal', undefined],
    // What the URL parser would have written differently did not come through it.
    ['EXAMPLE.com', 'malformed'],
    ['xn--', 'malformed'],
    ['a.xn--.test', 'malformed'],
    ['127.1', 'malformed'],
    ['0x7f000001', 'malformed'],
    ['127.0.0.1.', 'malformed'],
    ['::1', 'malformed'],
    ['[::ffff:127.0.0.1]', 'malformed'],
    ['example.com:81', 'malformed'],
    ['user@example.com', 'malformed'],
    ['example.com/x', 'malformed'],
    ['[fe80::1%25lo]', 'malformed'],
    ['', 'malformed'],
  ];

  it('P3: judges literals and metadata names, and refuses what is not a canonical host', () => {
    for (const [host, code] of rows) expect(judgeHost(host)?.code, host).toBe(code);
  });

  it('denies metadata names even where their origin is allowed', () => {
    const allow = [parseAllowEntry('http://metadata.google.internal')].flatMap((entry) => entry ?? []);
    const policy = { allow, origin: 'http://metadata.google.internal' };
    expect(judgeHost('metadata.google.internal', policy)?.allowed).toBe(false);
  });
});
