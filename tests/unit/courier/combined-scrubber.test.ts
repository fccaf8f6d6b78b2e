import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createScrubber } from '../../../shared/redact/scrubber.ts';
import { combineScrubbers } from '../../../src/courier/combined-scrubber.ts';

const knowing = (...values: string[]) =>
  createScrubber(values.map((value, at) => ({ id: `${at}`, value, leaf: true })));
const bytes = (text: string) => new TextEncoder().encode(text);

/** One scrubber of each value, combined; and the one that knows them all at once. */
function both(values: readonly string[]) {
  let asked = 0;
  const joint = knowing(...values);
  const combined = combineScrubbers(
    values.map((value) => knowing(value)),
    () => {
      asked += 1;
      return joint;
    },
  );
  return { combined, joint, asked: () => asked };
}

const SECRETS = ['zebra-Quilt-81-Lantern', 'Quilt-81-Lantern-and-more', 'short7'];

describe('combined scrubbers', () => {
  const texts = [
    '',
    'nothing of the kind',
    `one ${SECRETS[0]} of them`,
    `${SECRETS[0]} and ${SECRETS[1]}`,
    'overlapping zebra-Quilt-81-Lantern-and-more',
    Buffer.from(`x:${SECRETS[1]}`).toString('base64'),
    `%7A${SECRETS[0]?.slice(1)} ${encodeURIComponent(SECRETS[1] ?? '')}`,
  ];

  it.each(texts)('take out of %j what one that knows it all takes out', (text) => {
    const { combined, joint } = both(SECRETS);
    expect(combined.scrub(text)).toEqual(joint.scrub(text));
    expect(combined.scrubOwn(text)).toEqual(joint.scrubOwn(text));
    expect(combined.find(bytes(text))).toEqual(joint.find(bytes(text)));
    expect(combined.openEnd(bytes(text))).toBe(joint.openEnd(bytes(text)));
  });

  it('know the short ones of every part', () => {
    const { combined } = both(SECRETS);
    expect([combined.isShortSecret('short7'), combined.isShortSecret('short8')]).toEqual([true, false]);
  });

  it('ask for the one that knows it all only where two of them found something', () => {
    const [one, other] = ['zebra-Quilt-81-Lantern', 'mango-Kettle-99-Piano'];
    const { combined, asked } = both([one, other]);
    for (const text of ['', one, other, `${one} ${one}`]) combined.scrub(text);
    expect(asked()).toBe(0);
    combined.scrub(`${one} ${other}`);
    expect(asked()).toBe(1);
  });

  it('of none take out nothing; of one are that one', () => {
    const none = combineScrubbers([], () => knowing());
    expect(none.scrub('text')).toEqual({ text: 'text', hits: 0 });
    expect(none.find(bytes('text'))).toEqual([]);
    const one = knowing('a-secret-value');
    expect(combineScrubbers([one], () => one)).toBe(one);
  });

  it('count what lies inside once, and say where it was too much', () => {
    const { combined, joint } = both(SECRETS);
    const text = Buffer.from(Buffer.from('x'.repeat(3_000)).toString('base64')).toString('base64');
    const [work, alone] = [{ left: 100_000 }, { left: 100_000 }];
    combined.scrub(text, work);
    joint.scrub(text, alone);
    expect(work.left).toBe(alone.left);
    const none = { left: -1 };
    expect(combined.scrub(text, none).text).toBe(joint.scrub(text, { left: -1 }).text);
    expect(none.left).toBeLessThan(0);
  });

  it('P1: leave no value of any part, wherever they stand', () => {
    const piece = fc.constantFrom(...SECRETS.slice(0, 2), ' ', 'x', '"', 'zebra-', '-and-more');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const { combined, joint } = both(SECRETS);
        const text = pieces.join('');
        expect(combined.scrub(text)).toEqual(joint.scrub(text));
      }),
      { numRuns: 50 },
    );
  });
});
