import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { redactText, redactUrl } from '../../../shared/redact/redact-fields.ts';
import { credentialCandidates } from '../../../shared/redact/shapes.ts';
import places from '../../vectors/places.json' with { type: 'json' };
import shapes from '../../vectors/shapes.json' with { type: 'json' };

const encoder = new TextEncoder();
const secrets = shapes.positive.map(({ secret }) => secret.join(''));

// Pieces of what the rules look for, put together in any order.
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...secrets) },
  { weight: 2, arbitrary: fc.constantFrom(...shapes.negative, ...places.urls.map(([given = '']) => given)) },
  {
    weight: 8,
    arbitrary: fc.constantFrom(
      ...[
        'token',
        'password',
        'apiKey',
        'secret',
        'key',
        'api_key',
        'session',
        'Bearer ',
        'Basic ',
        'Digest ',
        'is',
        'mac="',
      ],
      ...[
        '=',
        ':',
        ' ',
        '  ',
        ': ',
        ' = ',
        '"',
        "'",
        '://',
        '//',
        '/',
        '?',
        '&',
        '#',
        ';',
        '@',
        '%3F',
        '%3D',
        '-',
        '_',
        '.',
        ',',
      ],
      ...[
        'abc',
        'hunter2!x',
        'Ab12Cd34',
        'https',
        'h.example',
        'user',
        'ä',
        '\u{1f511}',
        '{{x}}',
        '[redacted]',
        '\n',
        '…',
      ],
      ...[
        'token/',
        '/reset-password/',
        'abcDEF1234567890xyz',
        '0f9e8d7c-6b5a-4f3e-9d2c-1b0a9f8e7d6c',
        'code=',
        'state=',
      ],
    ),
  },
  { weight: 1, arbitrary: fc.string() },
);
const text = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join(''));

describe('credentialCandidates', () => {
  it('P1: misses nothing that is changed later', () => {
    fc.assert(
      fc.property(text, fc.nat(3), (given, shift) => {
        const token = JSON.stringify(given);
        const before = ' '.repeat(shift);
        const places = credentialCandidates(encoder.encode(`${before}${token}`));
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        if (token.includes('\\')) return;
        const changed = [redactText(given), redactUrl(given)].find(({ count }) => count > 0);
        if (!changed) return;
        const firstChange = Array.from(given).findIndex((char, at) => Array.from(changed.text)[at] !== char);
        const bytesBefore = encoder.encode(
          `${before}"${Array.from(given)
            .slice(0, firstChange + 1)
            .join('')}`,
        ).length;
        expect([given, places.some((place) => place < bytesBefore + given.length)]).toEqual([given, true]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('P1: a redacted text has nothing more to redact', () => {
    fc.assert(
      fc.property(text, (given) => {
        const once = redactText(given).text;
        expect(redactText(once)).toEqual({ text: once, count: 0 });
        const url = redactUrl(given).text;
        expect(redactUrl(url)).toEqual({ text: url, count: 0 });
      }),
      { numRuns: 2_000 },
    );
  });

  it('P1: a long text is redacted like a short one, also where it is taken in pieces', () => {
    const filler = 'a plain description of the record. '.repeat(500);
    fc.assert(
      fc.property(text, fc.nat(17_000), (given, at) => {
        // A key without its end takes all that follows.
        fc.pre(!/BEGIN|Private-Lines/.test(given));
        const [head, tail] = [filler.slice(0, at), filler.slice(at)];
        expect(redactText(`${head}\n\n${given}\n\n${tail}`).text).toBe(
          `${head}\n\n${redactText(given).text}\n\n${tail}`,
        );
      }),
      { numRuns: 300 },
    );
  });

  it('finds nothing in ordinary records', () => {
    const record = {
      id: 12,
      name: 'item 12',
      email: 'user12@example.com',
      tags: ['alpha', 'beta'],
      at: '2026-01-01T00:00:00Z',
    };
    expect(credentialCandidates(encoder.encode(JSON.stringify([record, record])))).toEqual([]);
  });
});
