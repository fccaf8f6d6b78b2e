// What the search for known values promises beyond single encodings: a stream is found in as a whole is, wherever it is cut; what a cut
// leaves of a secret is known; nothing that looks alike is taken.
import { deflateRawSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beginningOf, OWN_CHARS } from '../../../shared/redact/known/beginnings.ts';
import { createKnowledge } from '../../../shared/redact/known/knowledge.ts';
import { createKnownSearch } from '../../../shared/redact/known/known-search.ts';
import { createScrubber } from '../../../shared/redact/scrubber.ts';
import type { Span } from '../../../shared/redact/span.ts';
import encodings from '../../vectors/encodings.json' with { type: 'json' };
import { encoders } from './secret-encoders.ts';

const secrets = [encodings.canary, 'p~?>é w0rd+9/x=Q?>~&zß', 'xoxb-plain-1234567890-abcdefGHIJ'];
const knowing = (...values: string[]) =>
  createScrubber(values.map((value, index) => ({ id: `h${index}`, value, leaf: true })));
const scrubber = knowing(...secrets);
const encode = (text: string) => new TextEncoder().encode(text);

/** What a stream of these pieces gives out, with every span found taken out of it. */
function streamed(pieces: Iterable<Uint8Array>): { spans: Span[]; most: number } {
  const search = createKnownSearch(createKnowledge(secrets.map((value) => ({ value, leaf: true }))), 2);
  const spans: Span[] = [];
  let pushed = 0;
  let most = 0;
  const take = () => {
    const { spans: found, settled } = search.take();
    for (const span of found) {
      const last = spans.at(-1);
      if (last?.end === span.start) spans[spans.length - 1] = { start: last.start, end: span.end };
      else spans.push(span);
      expect(span.end).toBeLessThanOrEqual(settled);
    }
    most = Math.max(most, pushed - settled);
  };
  search.start({ left: Number.MAX_SAFE_INTEGER });
  for (const piece of pieces) {
    search.push(piece);
    pushed += piece.length;
    take();
  }
  search.end();
  take();
  return { spans, most };
}

function* cut(bytes: Uint8Array, sizes: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, index = 0; at < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const WINDOW = 128 * 1024;
const fillers = [
  'words and words ',
  '{"a":1.5,"b":"c"},',
  '\\n\\"',
  '%20',
  'é漢',
  '<b>hi</b> &amp; ',
  '\n',
  'deadbeef',
  'QUJDREVGRw',
];

describe('a stream', () => {
  it('P1: is searched as a whole is, whatever the pieces, and every secret in it is found', () => {
    const pieces = fc.oneof(
      fc.constant([1]),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 5 }),
    );
    const planted = fc.record({
      secret: fc.constantFrom(...secrets),
      encoding: fc.constantFrom(...Object.entries(encoders)),
      filler: fc.constantFrom(...fillers),
      // Around the places where windows begin and end.
      before: fc.integer({ min: 0, max: 300 }),
    });
    fc.assert(
      fc.property(fc.array(planted, { minLength: 1, maxLength: 3 }), pieces, (plants, sizes) => {
        let text = '';
        const places = plants.map(({ secret, encoding: [, encoder], filler, before }, index) => {
          const target = WINDOW * (index + 1) - index * 4_096 - before;
          text = `${text}${filler.repeat(Math.ceil((target - Buffer.byteLength(text)) / Buffer.byteLength(filler)))} ;`;
          const start = Buffer.byteLength(text);
          text += encoder(secret);
          const end = Buffer.byteLength(text);
          text += '; ';
          return { start, end };
        });
        const bytes = encode(text);
        const whole = scrubber.find(bytes);
        expect(streamed(cut(bytes, sizes)).spans).toEqual(whole);
        for (const place of places) {
          expect(whole.some(({ start, end }) => start < place.end && end > place.start)).toBe(true);
        }
      }),
      { numRuns: 25 },
    );
  });

  const noise = Array.from({ length: 60_000 }, (_, index) => Math.imul(index + 1, 0x9e3779b1).toString(36)).join(' ');

  it.each([
    ['gzip', gzipSync(`${noise} ${encodings.canary}`, { level: 1 })],
    ['deflate', deflateRawSync(`${noise} ${encodings.canary}`, { level: 1 })],
    ['text', Buffer.from(`${noise.slice(0, 300_000)} ${encodings.canary} ${noise}`)],
  ])('P1: loses nothing in a run of base64 that is longer than a window: %s', (_, packed) => {
    const bytes = encode(`{"a":"${packed.toString('base64')}","b":"c"}`);
    expect(bytes.length).toBeGreaterThan(2 * WINDOW);
    const whole = scrubber.find(bytes);
    expect(whole).toEqual([{ start: 6, end: 6 + Math.ceil(packed.length / 3) * 4 }]);
    expect(streamed(cut(bytes, [70_001])).spans).toEqual(whole);
  });

  it('P7: withholds compressed data that is longer than what is held, to its end', () => {
    const digits = Array.from({ length: 1_400_000 }, (_, index) => (Math.imul(index + 1, 0x9e3779b1) >>> 8) & 0xff);
    const packed = gzipSync(Buffer.from(digits), { level: 0 });
    const bytes = encode(`see ${packed.toString('base64')} and`);
    const whole = scrubber.find(bytes, { left: Number.MAX_SAFE_INTEGER });
    expect(whole).toEqual([{ start: 4, end: bytes.length - 4 }]);
    const { spans, most } = streamed(cut(bytes, [50_000]));
    expect(spans).toEqual(whole);
    expect(most).toBeLessThan(1_400_000);
  });

  it('P12: holds back no more than a window and a run, whatever it is made of', () => {
    for (const filler of ['a', '\\', '%', ' ', 'é', '<', 'QUJD']) {
      const bytes = encode(filler.repeat(1_600_000 / Buffer.byteLength(filler)));
      expect(streamed(cut(bytes, [64 * 1024])).most).toBeLessThan(1_400_000);
    }
  });
});

describe('a text that was cut short', () => {
  const shared = (one: Uint8Array, other: Uint8Array) => {
    let length = 0;
    while (length < one.length && one[length] === other[length]) length += 1;
    return length;
  };

  it('P1: ends before the beginning of a secret, wherever in whatever encoding the cut falls', () => {
    const left: string[] = [];
    for (const secret of secrets) {
      const one = knowing(secret);
      for (const [name, encoder] of Object.entries(encoders)) {
        const letters = Array.from(secret);
        const own = beginningOf(secret)?.length ?? 0;
        // As far as this spelling is the same for every secret that begins alike, it tells no more than its beginning.
        const other =
          name === 'reversed'
            ? [...letters.slice(0, -OWN_CHARS).fill('Z'), ...letters.slice(-OWN_CHARS)]
            : [...letters.slice(0, own), ...letters.slice(own).fill('Z')];
        const whole = encode(encoder(secret));
        const telling = shared(whole, encode(encoder(other.join(''))));
        // Every cut, of which those in the middle are alike.
        for (let size = 1; size < whole.length; size += size < 40 || size > whole.length - 12 ? 1 : 5) {
          const bytes = new Uint8Array([...encode('see '), ...whole.subarray(0, size)]);
          if (one.find(bytes).length > 0) continue;
          if (bytes.length - one.openEnd(bytes) - 4 > telling) left.push(`${name} ${size}`);
        }
      }
    }
    expect(left).toEqual([]);
  });

  const ends: readonly (readonly [text: string, left: string])[] = [
    ['', ''],
    ['all of it is here. ', 'all of it is here. '],
    ['{"a":"b c"}]', '{"a":"b c"}]'],
    ['<a>one two</a>', '<a>one '],
    ['{"a":"b","c":123', '{"a":"b","c"'],
    ['see aGVsbG8gd29ybGQgb2YgdGhlIHdob2xl', 'see '],
    [`see ${'QUJD'.repeat(50_000)}`, 'see '],
    // What is longer than any secret, and no data: so much of it as one could be.
    [`see ${'1,'.repeat(50_000)}`, `see ${'1,'.repeat(50_000 - 2_048)}`],
    // The word goes as it is, whatever it is like.
    ['key: sk_live_aB3', 'key: '],
    ['key: sk_live_aB4', 'key: '],
    // What follows a beginning goes, whatever it is; what follows a whole secret stays.
    ['key: p~?>é w0rd+9/x=Q?>~& and', 'key: '],
    ['key: p~?>é w0rd+9/xyz and one more ', 'key: '],
    ['key: p~?>é w0rd+8/x and one more ', 'key: p~?>é w0rd+8/x and one more '],
    [`key: ${secrets[1]} and one more `, `key: ${secrets[1]} and one more `],
    // A cut goes through no secret.
    [`key: ${secrets[1]}`, 'key: '],
  ];

  it.each(ends)('P1: loses its last word, and a beginning that nobody guesses at once: %j', (text, left) => {
    const bytes = encode(text);
    expect(new TextDecoder().decode(bytes.subarray(0, bytes.length - scrubber.openEnd(bytes)))).toBe(left);
    expect(knowing().openEnd(bytes)).toBe(0);
  });

  it('P12: is looked at in bounded time, whatever it ends in', () => {
    const repeated = knowing('a'.repeat(4_000), encodings.canary);
    for (const filler of ['a', '\\', '%25', '41', 'QUFB', '<a', '&#', 'H4sIAAAAAAAA']) {
      expect(repeated.openEnd(encode(filler.repeat(300_000 / filler.length)))).toBeGreaterThanOrEqual(0);
    }
  });
});

describe('a secret that is shown in part', () => {
  const known = knowing(
    'sk_live_aB3xQ9z7pLmR5tYw',
    'correct horse battery staple',
    'https://hooks.example.com/services/T01/B02/x9Z',
  );
  // The key's own first twelve characters are `aB3xQ9z7pLmR`.
  const shown: readonly (readonly [text: string, left: string])[] = [
    ['key sk_live_aB3xQ9z7pLmR of', 'key [redacted] of'],
    ['key SK_LIVE_AB3XQ9Z7PLMR, of', 'key [redacted], of'],
    ['key sk_live_aB3xQ9z7pLmR****5tYw of', 'key [redacted] of'],
    ['key sk_live_aB3xQ9z7pLmR...5tYw of', 'key [redacted] of'],
    ['key sk_live_aB3xQ9z7pLmR•••R5tYw of', 'key [redacted] of'],
    ['key sk_live_aB3xQ9z7pLmR…5tYw of', 'key [redacted] of'],
    ['key sk_live_aB3xQ9z7pLmR5tYw of', 'key [redacted] of'],
    // What follows goes with it, whether it is right or wrong.
    ['key sk_live_aB3xQ9z7pLmR5t of', 'key [redacted] of'],
    ['key sk_live_aB3xQ9z7pLmR5u of', 'key [redacted] of'],
    ['key sk_live_aB3xQ9z7pLmR5tYz/a+b of', 'key [redacted] of'],
    [`key sk_live_aB3xQ9z7pLmR${'x'.repeat(300)} of`, `key [redacted]${'x'.repeat(300 + 20 - 256)} of`],
    // A shorter beginning is shown, right or wrong; so is a mask that tells less.
    ...['sk_live_aB3xQ9z7pLm', 'sk_live_aB3xQ9z7pLn', 'sk_live_aB3x', 'sk_***5tYw', 'sk_live_aB3xQ9z***5tYw'].map(
      (text) => [text, text] as const,
    ),
    // What begins as many do is no secret's own.
    ['a correct horse is a horse', 'a correct horse is a horse'],
    ['see https://hooks.example.com/services/', 'see https://hooks.example.com/services/'],
  ];

  it.each(shown)('P1: is known by its own first characters, and by no fewer: %s', (text, left) => {
    expect(known.scrub(text).text).toBe(left);
  });

  it('P1: is not known where somebody else may have chosen how it begins', () => {
    const composite = createScrubber([{ id: 'header', value: 'sk_live_aB3xQ9z7pLmR5tYw' }]);
    for (const [text] of shown) {
      const isWhole = text.includes('sk_live_aB3xQ9z7pLmR5tYw');
      expect(composite.scrub(text).hits).toBe(isWhole ? 1 : 0);
      expect(composite.scrubOwn(text).hits).toBe(0);
      expect(known.scrubOwn(text).hits).toBe(isWhole ? 1 : 0);
    }
  });

  it('P1: is not known by a stretch from the middle of a long text', () => {
    const [before, after] = ['b1c2'.repeat(1_100), 'd3e4'.repeat(1_100)];
    const composite = createScrubber([{ id: 'header', value: `${before}sk_live_aB3xQ9z7${after}` }]);
    const middle = (text: string) => Buffer.from(text, 'utf16le').toString('hex');
    const value = `${before}sk_live_aB3xQ9z7${after}`;
    for (let at = value.length / 2 - 80; at < value.length / 2 + 80; at += 1) {
      expect(composite.scrub(middle(value.slice(at, at + 64))).hits).toBe(0);
    }
    expect(composite.scrub(value).hits).toBe(1);
  });
});

describe('a text that is made to be compared for long', () => {
  it('P1: is found in as any other is, and nothing less than a whole secret counts', () => {
    const repeated = `${'ab'.repeat(100)}cd${'ab'.repeat(1_000)}`;
    const search = knowing(repeated, 'Qw3rTy9Zk7-Lm2Np4Rs6');
    // At every second place, two thousand characters are as in the first secret.
    const slow = 'ab'.repeat(20_000);
    // Its end, its middle and its first character are those of the other.
    const near = 'Qw3rTx9Zk7-Lm2Np4Rs6';
    expect(search.scrub(`${slow} ${near}`).hits).toBe(0);
    expect(search.scrub(`${slow} Qw3rTy9Zk7-Lm2Np4Rs6 ${repeated}`).text).toBe(`${slow} [redacted] [redacted]`);
  });
});

describe('a secret that is too short to be searched for', () => {
  it('P1: is known where it is a whole field, as it is or escaped', () => {
    const short = knowing('1234', 'a"b/c', 'né x', 'long-enough-secret', '        ', 'a b c d e');
    const fields = [
      '1234',
      ' 1234\n',
      'a"b/c',
      'a\\"b/c',
      'a\\"b\\/c',
      'a%22b%2Fc',
      'a%22b%2fc',
      'n%C3%A9%20x',
      'n%C3%A9+x',
    ];
    for (const field of [...fields, 'a b c d e']) expect(short.isShortSecret(field)).toBe(true);
    for (const field of ['', ' ', '12345', '01234', 'A"B/C', 'long-enough-secret', '1234 1234']) {
      expect(short.isShortSecret(field)).toBe(false);
    }
    expect(short.knows).toEqual({ short: true, numeric: false });
    expect(knowing('long-enough-secret').knows).toEqual({ short: false, numeric: false });
    expect(knowing('4929123456789012').knows).toEqual({ short: false, numeric: true });
  });
});

describe('spans in bytes', () => {
  it('are where the same secrets stand in the text, sorted, apart from each other, and whole characters', () => {
    const surroundings = fc.constantFrom(' ', '"', 'é', '漢', '\u{1f600}', '\\n', '%20', '=', ',', '&amp;');
    const part = fc.tuple(
      surroundings,
      fc.constantFrom(...secrets),
      fc.constantFrom(...Object.values(encoders)),
      surroundings,
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const text = parts.map(([before, secret, encoder, after]) => before + encoder(secret) + after).join(' - ');
        const bytes = encode(text);
        const spans = scrubber.find(bytes);
        const safe = scrubber.scrub(text);
        expect(safe.hits).toBe(spans.length);
        let at = 0;
        let joined = '';
        for (const { start, end } of spans) {
          expect(start).toBeGreaterThanOrEqual(at);
          expect(end).toBeGreaterThan(start);
          joined += `${new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(at, start))}[redacted]`;
          at = end;
        }
        expect(joined + new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(at))).toBe(safe.text);
        expect(scrubber.scrub(safe.text)).toEqual({ text: safe.text, hits: 0 });
      }),
      { numRuns: 400 },
    );
  });

  it('P1: are found in bytes that are no UTF-8, and in UTF-16', () => {
    const latin = Buffer.from(`x ${encodings.canary} y`, 'latin1');
    const wide = Buffer.from(`x ${encodings.canary} y`, 'utf16le');
    for (const bytes of [latin, wide]) {
      const spans = scrubber.find(new Uint8Array(bytes));
      expect(spans).toHaveLength(1);
      expect(bytes.subarray(spans[0]?.start, spans[0]?.end).includes('live')).toBe(bytes === latin);
    }
  });
});

describe('our own marker', () => {
  const markers = [
    'redacted',
    '[redacted]',
    'redacted][redacted',
    'acted][red',
    'withheld]',
    '5Bredacted',
    '[redacted] and more',
  ];
  it.each(markers)('is not taken for the secret %s again and again', (secret) => {
    const one = knowing(secret);
    for (const text of [
      secret,
      `${secret}${secret}`,
      `a ${secret} b`,
      encodeURIComponent(secret),
      Buffer.from(secret).toString('base64'),
    ]) {
      const once = one.scrub(text).text;
      expect(one.scrub(once).text).toBe(once);
    }
  });
});
