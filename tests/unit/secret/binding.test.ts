import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { originAllowed, parseOrigin, parseOrigins } from '../../../shared/secret/binding.ts';
import vectors from '../../vectors/origins.json' with { type: 'json' };

describe('parseOrigin', () => {
  for (const vector of vectors) {
    it(`P2: ${JSON.stringify(vector.text)} is ${vector.origin ?? 'refused'}`, () => {
      expect(Object.keys(vector).sort()).toEqual(['origin', 'text']);
      const parsed = parseOrigin(vector.text);
      expect(parsed.ok ? parsed.value : null).toBe(vector.origin);
    });
  }

  it('repeats nothing of what was typed, which can be a secret in the wrong place', () => {
    const parsed = parseOrigin('https://user:hunter2hunter2@api.example.com/?key=hunter2hunter2');
    expect(JSON.stringify(parsed)).not.toContain('hunter2');
  });

  it('gives one form: parsing it again changes nothing', () => {
    fc.assert(
      fc.property(fc.webUrl({ validSchemes: ['http', 'https'], withFragments: true }), (text) => {
        const { origin } = new URL(text);
        const parsed = parseOrigin(origin);
        if (!parsed.ok) return;
        expect(parseOrigin(parsed.value)).toEqual(parsed);
      }),
    );
  });
});

describe('parseOrigins', () => {
  it('sorts, folds repeats and asks for at least one', () => {
    expect(parseOrigins(['https://b.example', 'http://a.example', 'https://B.example:443'])).toEqual({
      ok: true,
      value: ['http://a.example', 'https://b.example'],
    });
    expect(parseOrigins([]).ok).toBe(false);
    expect(parseOrigins(['https://a.example', 'nonsense']).ok).toBe(false);
  });
});

describe('originAllowed', () => {
  const bound = ['https://api.example.com', 'http://localhost:3000'];
  const rows: readonly [origin: string, allowed: boolean][] = [
    ['https://api.example.com', true],
    ['https://API.example.com.:443', true],
    ['http://localhost:3000', true],
    ['http://api.example.com', false],
    ['https://api.example.com:8443', false],
    ['https://evil-api.example.com', false],
    ['https://api.example.com.evil.example', false],
    ['https://example.com', false],
    ['http://localhost', false],
    ['http://localhost:3001', false],
    ['https://localhost:3000', false],
    ['http://127.0.0.1:3000', false],
    ['', false],
    ['null', false],
  ];
  for (const [origin, allowed] of rows) {
    it(`P2: ${origin || 'no origin'} is ${allowed ? 'bound' : 'not bound'}`, () =>
      expect(originAllowed(bound, origin)).toBe(allowed));
  }
});
