import { describe, expect, it } from 'vitest';
import { redactHeader, redactUrl } from '../../../shared/redact/redact-fields.ts';
import places from '../../vectors/places.json' with { type: 'json' };

describe('secrets by their place', () => {
  it.each(places.headers)('P1: header %s: %s', (name = '', given = '', expected = '') => {
    expect(redactHeader(name, given).text).toBe(expected);
    expect(redactHeader(name, expected)).toEqual({ text: expected, count: 0 });
    expect(redactHeader(name, given).count > 0).toBe(given !== expected);
  });

  it.each(places.urls)('P1: url %s', (given = '', expected = '') => {
    expect(redactUrl(given).text).toBe(expected);
    expect(redactUrl(expected)).toEqual({ text: expected, count: 0 });
    expect(redactUrl(given).count > 0).toBe(given !== expected);
  });
});
