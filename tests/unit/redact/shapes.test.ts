import { describe, expect, it } from 'vitest';
import { redactText } from '../../../shared/redact/redact-text.ts';
import { credentialCandidates } from '../../../shared/redact/shapes.ts';
import shapes from '../../vectors/shapes.json' with { type: 'json' };

const encoder = new TextEncoder();

// Every secret stands in two halves in the table, so that scanners of repositories do not take it for a real one.
const positives = shapes.positive.map(({ name, before, secret, after }, index) => ({
  title: `${name} (${index})`,
  given: before + secret.join('') + after,
  expected: `${before}[redacted]${after}`,
}));

describe('credentials by their shape', () => {
  it('P1: has a table of some size', () => {
    expect(positives.length).toBeGreaterThanOrEqual(150);
    expect(shapes.negative.length).toBeGreaterThanOrEqual(150);
  });

  it.each(positives)('P1: $title', ({ given, expected }) => {
    expect(redactText(given)).toEqual({ text: expected, count: 1 });
    expect(redactText(expected)).toEqual({ text: expected, count: 0 });
    const json = JSON.stringify(given);
    expect(credentialCandidates(encoder.encode(json)).length > 0 || json.includes('\\')).toBe(true);
  });

  it('leaves what is no credential as it is', () => {
    expect(shapes.negative.filter((text) => redactText(text).count > 0)).toEqual([]);
  });
});
