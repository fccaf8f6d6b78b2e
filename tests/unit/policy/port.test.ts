import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { parseAllowEntry } from '../../../shared/policy/address-allow.ts';
import { judgePort } from '../../../shared/policy/port.ts';

/** The client library's own copy of the list of the Fetch standard. */
const { badPorts } = createRequire(import.meta.url)('undici/lib/web/fetch/constants.js') as {
  readonly badPorts: readonly string[];
};

const strict = { allow: [] };
const allowing = (entry: string, origin: string) => ({
  allow: [entry].flatMap((text) => parseAllowEntry(text) ?? []),
  origin,
});

describe('P3: ports', () => {
  it('P3: denies the ports of other protocols, as browsers do, and no other', () => {
    const denied = Array.from({ length: 65_535 }, (_, index) => index + 1).filter(
      (port) => judgePort(port, strict) === 'denied',
    );
    expect(denied).toEqual(badPorts.map(Number));
    expect(denied.length).toBeGreaterThan(75);
  });

  it('P7: denies what is no port', () => {
    for (const port of [0, -1, 65_536, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32 + 80]) {
      expect(judgePort(port, allowing('http://a.test', 'http://a.test')), String(port)).toBe('denied');
    }
    expect([1, 65_535].map((port) => judgePort(port, strict))).toEqual(['denied', 'open']);
  });

  it.each([
    ['http://a.test:25', 'http://a.test:25', 'opened'],
    ['http://a.test:25', 'http://a.test:110', 'denied'],
    ['http://a.test:25', 'https://a.test:25', 'denied'],
    ['http://a.test:25', 'http://b.test:25', 'denied'],
    ['http://a.test', 'http://a.test:25', 'denied'],
    ['0.0.0.0/0', 'http://a.test:25', 'denied'],
  ])('with %s allowed, %s is %s', (entry, origin, verdict) => {
    expect(judgePort(Number(new URL(origin).port), allowing(entry, origin))).toBe(verdict);
  });
});
