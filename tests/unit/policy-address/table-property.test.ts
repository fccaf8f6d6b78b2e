import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeAddress } from '../../../shared/policy/address.ts';
import {
  deniedRanges,
  embeddedV4,
  globalUnicastV6,
  mappedV4,
  metadataAddresses,
  metadataNames,
  specialPurposeV4,
  specialPurposeV6,
} from '../../../shared/policy/address-table.ts';
import iana from '../../vectors/iana-special-purpose.json' with { type: 'json' };
import { intervalOf, lastOf, type Numbered, numberOf, shiftOf, textOf, verdictByNumbers } from './oracle.ts';

const ranges = [
  ...deniedRanges.map(([range]) => range),
  globalUnicastV6,
  mappedV4,
  ...embeddedV4.map(({ range }) => range),
];
const single = metadataAddresses.map(([address]) => address);
const intervals = [...ranges, ...single].map(intervalOf);

/** An address with its number, by which it can be moved, and a way to write it. */
const near = fc
  .tuple(fc.constantFrom(...intervals), fc.bigInt(0n, 2n ** 128n), fc.constantFrom(-1n, 0n, 1n), fc.nat(3))
  .map(([{ family, first, last }, seed, step, style]) => {
    const moved = first + (seed % (last - first + 1n)) + step;
    const value = moved < 0n ? 0n : moved > lastOf(family) ? lastOf(family) : moved;
    return { family, value, style };
  });
const anyV4 = fc
  .tuple(fc.bigInt(0n, lastOf(4)), fc.nat(3))
  .map(([value, style]) => ({ family: 4 as const, value, style }));
const anyV6 = fc
  .tuple(fc.bigInt(0n, lastOf(6)), fc.nat(3))
  .map(([value, style]) => ({ family: 6 as const, value, style }));
const globalV6 = anyV6.map(({ value, style }) => ({
  family: 6 as const,
  value: (value & (2n ** 125n - 1n)) | (1n << 125n),
  style,
}));
/** Any IPv4 address inside each IPv6 form that can carry one. */
const carriedV4 = fc
  .tuple(fc.constantFrom(...embeddedV4), near, fc.bigInt(0n, lastOf(6)), fc.nat(3))
  .map(([{ range, at, inverted }, inner, noise, style]) => {
    const { first, last } = intervalOf(range);
    const drawn = inner.family === 4 ? inner.value : inner.value & lastOf(4);
    const v4 = inverted ? lastOf(4) - drawn : drawn;
    const placed = at.map((index, place) => ((v4 >> BigInt(24 - place * 8)) & 255n) << shiftOf(index));
    const holes = at.reduce((mask, index) => mask | (255n << shiftOf(index)), 0n);
    const rest = (noise % (last - first + 1n)) & ~holes;
    return { family: 6 as const, value: placed.reduce((sum, byte) => sum | byte, first | rest), style };
  });

function expectSame({ family, value }: Numbered, style: number): void {
  const text = textOf({ family, value }, style);
  expect(numberOf(text), text).toEqual({ family, value });
  const judged = judgeAddress(text);
  const expected = verdictByNumbers({ family, value });
  expect([judged.code, judged.allowed], text).toEqual([expected, expected === 'public']);
}

describe('P3: an address is allowed exactly if the table says so', () => {
  it('P3: at both ends of every row, and one beside them', () => {
    let compared = 0;
    for (const { family, first, last } of intervals) {
      for (const value of [first - 1n, first, first + 1n, last - 1n, last, last + 1n]) {
        if (value < 0n || value > lastOf(family)) continue;
        for (const style of [0, 1, 2, 3]) expectSame({ family, value }, style);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(intervals.length * 5);
  });

  it.each([
    ['near the rows', near, 2_000],
    ['any IPv4', anyV4, 1_000],
    ['any IPv6', anyV6, 500],
    ['global IPv6', globalV6, 500],
    ['IPv4 inside IPv6', carriedV4, 1_500],
  ] as const)('P3: for addresses drawn: %s', (_, drawn, numRuns) => {
    fc.assert(
      fc.property(drawn, ({ family, value, style }) => expectSame({ family, value }, style)),
      { numRuns },
    );
  });
});

describe('the table', () => {
  it.each([
    ['IPv4', iana.IPv4, specialPurposeV4],
    ['IPv6', iana.IPv6, specialPurposeV6],
  ] as const)('holds the %s special-purpose registry of IANA, entry for entry', (_, entries, rows) => {
    const ours = rows.map(([block, , name, document]) => ({ block, name, document }));
    const byBlock = (one: { block: string }, other: { block: string }) => (one.block < other.block ? -1 : 1);
    // IPv4-mapped addresses are judged as what they map to.
    expect(ours.toSorted(byBlock)).toEqual(entries.filter(({ block }) => block !== mappedV4).toSorted(byBlock));
    expect(new Set(ours.map(({ block }) => block)).size).toBe(ours.length);
  });

  it('P3: denies the first and last address of every entry of both registries', () => {
    for (const { block } of [...iana.IPv4, ...iana.IPv6]) {
      const { family, first, last } = intervalOf(block);
      for (const value of [first, last]) {
        const text = textOf({ family, value }, 3);
        expect(judgeAddress(text).allowed, `${text} of ${block}`).toBe(false);
      }
    }
  });

  it('names a source for every row, and has no row behind one that hides it', () => {
    for (const [range, , name, document] of deniedRanges) {
      expect(name.length, range).toBeGreaterThan(2);
      expect(document, range).toMatch(/^RFC \d{3,4}/);
    }
    const placed = deniedRanges.map(([range]) => intervalOf(range));
    for (const [index, { family, first, last }] of placed.entries()) {
      const hider = placed
        .slice(0, index)
        .find((row) => row.family === family && row.first <= first && last <= row.last);
      expect(hider, deniedRanges[index]?.[0]).toBeUndefined();
    }
  });

  it('says whose each metadata address and name is, each once', () => {
    for (const list of [metadataAddresses, metadataNames]) {
      expect(new Set(list.map(([text]) => text)).size).toBe(list.length);
      for (const [text, service] of list) expect(service.length, text).toBeGreaterThan(2);
    }
    for (const [name] of metadataNames) expect(new URL(`http://${name}`).hostname).toBe(name);
  });
});
