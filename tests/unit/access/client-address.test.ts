import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientAddress, parseTrustedProxies } from '../../../src/access/client-address.ts';
import table from '../../vectors/forwarded-for.json' with { type: 'json' };
import '../../property-seed.ts';

interface Row {
  readonly name: string;
  readonly socket: string;
  readonly for?: string;
  readonly forwarded?: string;
  readonly address?: string;
  /** Where the proxies write Forwarded. */
  readonly addressByForwarded?: string;
}

const KEYS = new Set(['name', 'socket', 'for', 'forwarded', 'address', 'addressByForwarded']);

function trust(trustedProxies: readonly string[], forwardedBy: 'x-forwarded-for' | 'forwarded' = 'x-forwarded-for') {
  return parseTrustedProxies({ trustedProxies, forwardedBy });
}

const nobody = { ranges: [], unix: false, forwardedBy: 'x-forwarded-for' } as const;
const trusted = trust(table.trusted) ?? nobody;
const trustedByForwarded = trust(table.trusted, 'forwarded') ?? nobody;
const headersOf = (row: Row) => ({ 'x-forwarded-for': row.for, forwarded: row.forwarded });

describe('the client behind trusted proxies', () => {
  const addresses: readonly Row[] = table.addresses;

  it('has a table without keys that nobody reads', () => {
    for (const row of addresses) expect(Object.keys(row).filter((key) => !KEYS.has(key))).toEqual([]);
  });

  it.each(addresses.filter((row) => row.address !== undefined))('is told by X-Forwarded-For: $name', (row) => {
    expect(clientAddress(row.socket, headersOf(row), trusted)).toBe(row.address);
  });

  it.each(addresses.filter((row) => row.addressByForwarded !== undefined))('is told by Forwarded: $name', (row) => {
    expect(clientAddress(row.socket, headersOf(row), trustedByForwarded)).toBe(row.addressByForwarded);
  });

  it('is the peer, whatever headers say, where nobody is trusted', () => {
    const text = fc.oneof(
      fc.string(),
      fc.ipV4(),
      fc.ipV6(),
      fc.constantFrom('for=127.0.0.1', 'for="[::1]"', ', ,', '"'),
    );
    fc.assert(
      fc.property(text, text, (list, forwarded) => {
        const headers = { 'x-forwarded-for': list, forwarded };
        expect(clientAddress('198.51.100.7', headers, trusted)).toBe('198.51.100.7');
        expect(clientAddress('198.51.100.7', headers, trustedByForwarded)).toBe('198.51.100.7');
        expect(clientAddress('10.0.0.1', headers, nobody)).toBe('10.0.0.1');
      }),
    );
  });

  it('is what the nearest proxy saw, whatever stands left of it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (left, forwarded) => {
        const list = { 'x-forwarded-for': `${left},203.0.113.9`, forwarded };
        expect(clientAddress('10.0.0.1', list, trusted)).toBe('203.0.113.9');
      }),
    );
  });

  it('trusts nothing where a range is none', () => {
    for (const text of ['10.0.0.0/33', '10.0.0.1/8', 'proxy.example', '*', '', 'true']) {
      expect(trust(['10.0.0.0/8', text]), text).toBeUndefined();
    }
  });
});
