import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { createScrubber } from '../../../shared/redact/scrubber.ts';
import encodings from '../../vectors/encodings.json' with { type: 'json' };

const scrub = (secret: string, text: string) => createScrubber([{ id: 'h1', value: secret }]).scrub(text);

// Its base64 is padded and holds + and /, and it holds a space, so that rows equal for the first canary differ.
const second = 'p~?>é w0rd+9/x=Q?>~&zß';

const bytes = (text: string) => Buffer.from(text, 'utf8');
const each = (text: string, spell: (byte: number) => string) => Array.from(bytes(text), spell).join('');
const hex2 = (byte: number) => byte.toString(16).padStart(2, '0');

// Each row as it is made, for any secret; the rows of the first canary are also pinned as samples in the vectors.
const encoders: Readonly<Record<string, (secret: string) => string>> = {
  raw: (s) => s,
  'json-escaped': (s) => JSON.stringify(s).slice(1, -1),
  'json \\u all': (s) => Array.from(s, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  'json \\/ + \\u003c': (s) =>
    JSON.stringify(s)
      .slice(1, -1)
      .replaceAll('/', '\\/')
      .replace(/[<>&]/g, (c) => `\\u00${hex2(c.charCodeAt(0))}`),
  'url enc': (s) => encodeURIComponent(s),
  'url lower-hex': (s) => encodeURIComponent(s).replace(/%../g, (p) => p.toLowerCase()),
  'url every byte': (s) => each(s, (b) => `%${hex2(b)}`),
  'double url': (s) => encodeURIComponent(encodeURIComponent(s)),
  'triple url': (s) => encodeURIComponent(encodeURIComponent(encodeURIComponent(s))),
  encodeURI: (s) => encodeURI(s),
  'form +': (s) => new URLSearchParams({ a: s }).toString().slice(2),
  base64: (s) => bytes(s).toString('base64'),
  'base64 nopad': (s) => bytes(s).toString('base64').replace(/=+$/, ''),
  base64url: (s) => bytes(s).toString('base64url'),
  'base64 percent-encoded': (s) => encodeURIComponent(bytes(s).toString('base64')),
  'base64 JSON \\/': (s) => bytes(s).toString('base64').replaceAll('/', '\\/'),
  'basic user:secret': (s) => bytes(`svcuser:${s}`).toString('base64'),
  'base64 offset1': (s) => bytes(`x${s}yz`).toString('base64'),
  'base64 offset2': (s) => bytes(`xy${s}z`).toString('base64'),
  'double base64': (s) => bytes(bytes(s).toString('base64')).toString('base64'),
  'base64 of offset base64': (s) => bytes(`k=${bytes(`user:${s}`).toString('base64')}`).toString('base64'),
  'base64 wrapped': (s) =>
    bytes(`${'A'.repeat(40)}${s}`)
      .toString('base64')
      .replace(/(.{20})/g, '$1\r\n'),
  'base64 of percent': (s) => bytes(`a=${encodeURIComponent(s)}`).toString('base64'),
  hex: (s) => bytes(s).toString('hex'),
  HEX: (s) => bytes(s).toString('hex').toUpperCase(),
  'hex colon': (s) => each(s, (b) => `${hex2(b)}:`).slice(0, -1),
  'hex spaced': (s) => each(s, (b) => `${hex2(b)} `),
  'hex \\x': (s) => each(s, (b) => `\\x${hex2(b)}`),
  'hex of base64': (s) => bytes(bytes(s).toString('base64')).toString('hex'),
  'byte list': (s) => Array.from(bytes(s)).join(', '),
  'html named': (s) =>
    s.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
  'html dec': (s) => Array.from(s, (c) => `&#${c.codePointAt(0)};`).join(''),
  'html hex': (s) => Array.from(s, (c) => `&#x${c.codePointAt(0)?.toString(16)};`).join(''),
  'xml cdata-split': (s) => `${s.slice(0, 8)}]]><![CDATA[${s.slice(8)}`,
  'tag-split': (s) => `${s.slice(0, 8)}<wbr>${s.slice(8)}`,
  'utf16le b64': (s) => Buffer.from(s, 'utf16le').toString('base64'),
  'latin1 mojibake': (s) => bytes(s).toString('latin1'),
  NFD: (s) => s.normalize('NFD'),
  'full-width': (s) => s.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  'quoted-printable twice': (s) =>
    each(s, (b) => (b < 33 || b === 61 || b > 126 ? `=3D${hex2(b).toUpperCase()}` : String.fromCharCode(b))),
  'quoted-printable soft break': (s) => `${s.slice(0, 9)}=\r\n${s.slice(9)}`,
  lowercased: (s) => s.toLowerCase(),
  UPPER: (s) => s.toUpperCase(),
  reversed: (s) => Array.from(s).reverse().join(''),
  'space-split': (s) => s.replace(/(.{4})/g, '$1 '),
  'newline-split': (s) => s.replace(/(.{8})/g, '$1\n'),
  'zero-width-split': (s) => Array.from(s).join('\u200b'),
  'gzip+b64': (s) => gzipSync(s).toString('base64'),
  'zlib+b64': (s) => deflateSync(`{"t":"${s}"}`).toString('base64'),
  rot13: (s) =>
    s.replace(/[a-z]/gi, (c) =>
      String.fromCharCode(((c.charCodeAt(0) - (c < 'a' ? 65 : 97) + 13) % 26) + (c < 'a' ? 65 : 97)),
    ),
  'csv doubled quotes': (s) => s.replaceAll('"', '""'),
  'sql doubled quotes': (s) => s.replaceAll("'", "''"),
  '%uXXXX': (s) => Array.from(s, (c) => `%u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
  'css escapes': (s) => Array.from(s, (c) => `\\${c.charCodeAt(0).toString(16)} `).join(''),
  'css escapes of six digits': (s) =>
    Array.from(s, (c) => `\\${c.charCodeAt(0).toString(16).padStart(6, '0')}`).join(''),
  'event data lines': (s) => `${s.slice(0, 6)}\ndata: ${s.slice(6, 12)}\r\ndata:${s.slice(12)}`,
  'utf16le hex': (s) => Buffer.from(s, 'utf16le').toString('hex'),
  'raw deflate+b64': (s) => deflateRawSync(`{"t":"${s}"}`).toString('base64'),
  'jwt payload': (s) =>
    `${bytes('{"alg":"none"}').toString('base64url')}.${bytes(JSON.stringify({ sub: 'x', t: s })).toString('base64url')}.`,
};

describe('the scrubber', () => {
  it('P1: finds all of the pinned encodings but those listed as missed', () => {
    const rows = [
      ...encodings.rows,
      { row: 36, encoding: 'gzip+b64', sample: gzipSync(encodings.canary).toString('base64') },
    ];
    expect(rows).toHaveLength(38);
    const missed = rows.filter(({ sample }) => scrub(encodings.canary, `prefix ${sample} suffix`).hits === 0);
    expect(missed.map(({ row }) => row)).toEqual(encodings.missed);
    expect(rows.length - missed.length).toBeGreaterThanOrEqual(35);
  });

  for (const secret of [encodings.canary, second, 'xoxb-plain-1234567890-abcdefGHIJ']) {
    it(`P1: takes the whole sample away in every encoding: ${secret.slice(0, 4)}…`, () => {
      const left = Object.entries(encoders).filter(([, encode]) => {
        const { text } = scrub(secret, `prefix ${encode(secret)} suffix`);
        return !/^prefix (?:eyJ[\w-]+\.)?\[redacted\](?:\.|%3D)* ?suffix$/.test(text.replace(/\s+/g, ' '));
      });
      expect(left.map(([name]) => name)).toEqual([]);
    });
  }

  it('finds secrets of the least length and leaves shorter ones to field names', () => {
    const least = 'aB3$xY7z9Qw'.slice(0, limits.secretMinScrubChars);
    expect(scrub(least, `x${least}x`)).toEqual({ text: 'x[redacted]x', hits: 1 });
    expect(scrub(least.slice(1), `x${least.slice(1)}x`).hits).toBe(0);
  });

  it('finds keys of several lines, as they are and in JSON', () => {
    const pem = `-----BEGIN PRIVATE KEY-----\n${`${'Ab3'.repeat(21)}x\n`.repeat(26)}-----END PRIVATE KEY-----\n`;
    for (const shown of [
      pem,
      pem.trim(),
      JSON.stringify(pem),
      pem.replaceAll('\n', '\r\n'),
      pem.replaceAll('\n', ''),
      Buffer.from(pem).toString('base64'),
    ]) {
      const { text, hits } = scrub(pem, `a ${shown} b`);
      expect(hits).toBe(1);
      expect(text).not.toContain('Ab3');
    }
  });

  it('knows several secrets, one inside the other, and repeated', () => {
    const scrubber = createScrubber([
      { id: 'a', value: 'long-secret-value-1234' },
      { id: 'b', value: 'secret-value' },
      { id: 'c', value: 'Zq9!Zq9!Zq9!' },
    ]);
    expect(scrubber.scrub('long-secret-value-1234,secret-value,Zq9!Zq9!Zq9!Zq9!')).toEqual({
      text: '[redacted],[redacted],[redacted]',
      hits: 3,
    });
  });

  it('leaves a text without secrets as it is, and an empty set of secrets too', () => {
    const text = 'héllo \ud83d\ude00 100% <b>ok</b> \\u0041 c2tfbGl2ZQ== \u0000';
    expect(scrub(encodings.canary, text)).toEqual({ text, hits: 0 });
    expect(createScrubber([]).scrub(text)).toEqual({ text, hits: 0 });
    expect(scrub(encodings.canary, '')).toEqual({ text: '', hits: 0 });
  });

  it('does not grow its own marker', () => {
    const once = scrub('redacted', 'a redacted b').text;
    expect(scrub('redacted', once).text).toBe(once);
  });

  it('takes lone surrogates, and texts that expand when folded', () => {
    const secret = `\ud800abcdefgh\udfff\ufdfa`;
    expect(scrub(secret, `x${secret}x`).hits).toBe(1);
    expect(scrub('simple-secret-1', `${'\ufdfa'.repeat(5_000)}simple-secret-1`).hits).toBe(1);
  });

  it('P12: stays linear on texts that nearly match everywhere', () => {
    const secret = `${'a'.repeat(4_000)}b`;
    const scrubber = createScrubber([{ id: 'a', value: secret }]);
    expect(scrubber.scrub(`${'a'.repeat(3_000)}b`.repeat(300)).text.length).toBeLessThan(1_000_000);
    expect(scrubber.scrub('%25'.repeat(300_000)).hits).toBe(0);
    expect(scrubber.scrub('&#'.repeat(400_000)).hits).toBe(0);
    expect(scrubber.scrub('<a'.repeat(400_000)).hits).toBe(0);
    expect(scrubber.scrub('H4sIAAAAAAAA'.repeat(80_000)).hits).toBe(0);
  });

  it('P1: no secret survives, whatever it is, however encoded, wherever it stands', () => {
    const letters = fc.oneof(
      { weight: 8, arbitrary: fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 1 }) },
      { weight: 1, arbitrary: fc.constantFrom(...'éßñЖ漢€Ω') },
    );
    const secrets = fc
      .string({ unit: letters, minLength: 12, maxLength: 60 })
      .filter((s) => s.replace(/\s/g, '').length >= 12 && /^\w.*\w$/.test(s));
    const safe = Object.entries(encoders).filter(
      ([name]) =>
        ![
          'reversed',
          'tag-split',
          'xml cdata-split',
          'quoted-printable soft break',
          'full-width',
          'zlib+b64',
          'raw deflate+b64',
          'encodeURI',
        ].includes(name),
    );
    const neighbour = fc.constantFrom('', ' ', '"', ',', '=', 'x', 'ab', '/', '\n', '&', 'é');
    fc.assert(
      fc.property(secrets, fc.constantFrom(...safe), neighbour, neighbour, (secret, [name, encode], before, after) => {
        // In quoted-printable an "=" that is text is always written =3D.
        if (name.startsWith('quoted-printable') && before === '=') return true;
        const encoded = encode(secret);
        const { text, hits } = scrub(secret, `${before}${encoded}${after}`);
        return hits > 0 && !text.includes(encoded);
      }),
      { numRuns: 3_000 },
    );
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8 }), fc.string(), fc.string(), (secret, before, after) => {
        const scrubber = createScrubber([{ id: 'a', value: secret }]);
        const once = scrubber.scrub(before + secret + after).text;
        return scrubber.scrub(once).text === once;
      }),
      { numRuns: 1_000 },
    );
  });
});
