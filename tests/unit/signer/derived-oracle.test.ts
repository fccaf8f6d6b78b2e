// Whether a computation over a secret can be evaluated, and whether a key can be read, is seen by scripts and agents. It must not depend
// on parts of the secret that whoever chooses the text around it can point at.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSecretAuthField } from '../../../shared/collection/secret-auth-fields.ts';
import { judgeHeaderValue } from '../../../shared/request/header-policy.ts';
import { judgeComputations } from '../../../shared/request/judge-computations.ts';
import { seal } from '../../../shared/secret/seal.ts';
import { lexSealed, lexTemplate } from '../../../shared/template/lex.ts';
import type { DerivedPiece, Piece, Rendered } from '../../../shared/template/template.ts';
import { derive } from '../../../src/signer/derive.ts';
import { openSecrets } from '../../../src/signer/open-secrets.ts';
import { planTo, secretSource, text } from '../courier/stand.ts';
import { planOf } from '../request/plan-support.ts';
import { handle } from '../template/scope-of.ts';
import { anyComputation, bytes, computed, leaf, openFrom, plain } from './derived-expression.ts';

const signal = new AbortController().signal;
const key = leaf('key');
const sha = { name: 'hmac', algorithm: 'sha256' } as const;
const decode = (from: 'hex' | 'base64' | 'base64url' | 'latin1' | 'utf8', ...input: Rendered) =>
  computed({ name: 'decode', from }, input);
const encode = (to: 'hex' | 'base64' | 'base64url' | 'latin1' | 'utf8', ...input: Rendered) =>
  computed({ name: 'encode', to }, input);
const concat = (...inputs: readonly Piece[]) => computed({ name: 'concat' }, ...inputs.map((input) => [input]));
const letters = (name: 'upper' | 'lower' | 'percent' | 'form', ...input: Rendered) => computed({ name }, input);
const mac = computed(sha, [plain('m')], [key]);
const signed = (...pem: Rendered) =>
  encode('base64url', computed({ name: 'sign', algorithm: 'EdDSA' }, [plain('m')], pem));
const BEGIN = '-----BEGIN PRIVATE KEY-----';
const END = '-----END PRIVATE KEY-----';

/** A private key in which the first character of a secret is the length of an attribute (RFC 5958 section 2). */
function keyAround(length: number, chars: number): Piece[] {
  const fill = length - (chars - 1);
  const tlv = (tag: string, size: number) => tag + (size < 128 ? '' : '81') + size.toString(16).padStart(2, '0');
  const set = 1 + chars + fill;
  const seq = `06032a0304${tlv('31', set)}04`;
  const attributes = tlv('30', seq.length / 2 - 1 + set) + seq;
  const all = tlv('a0', attributes.length / 2 - 1 + set) + attributes;
  const body = `020100300506032b657004220420${'11'.repeat(32)}${all}`;
  const der = concat(bytes(tlv('30', body.length / 2 - 1 + set) + body), key, bytes('00'.repeat(fill)));
  return [plain(`${BEGIN}\n`), encode('base64', der), plain(`\n${END}`)];
}

describe("a secret inside of a private key of one's own", () => {
  const value = 'Quilt-81';
  const piece = (char: string) => signed(...keyAround(char.charCodeAt(0), value.length));

  it('signs only for its first character, and so is refused before anything is opened', async () => {
    const signs = async (char: string) => (await derive([piece(char)], openFrom({ key: value }), signal)).ok;
    expect([await signs('Q'), await signs('P'), await signs('R')]).toEqual([true, false, false]);
    expect(judgeComputations([piece('Q')])).toMatchObject({ failure: { code: 'SCRIPT/NOT_COMPUTED' } });
  });

  it('P1: a plan that came past planning opens nothing either', async () => {
    const source = secretSource({ key: { value, origins: ['http://127.0.0.1:1'] } });
    for (const part of [
      { headers: [{ name: 'X', value: [piece('Q')] }] },
      { auth: { type: 'jwt', fields: { algorithm: text('EdDSA'), privateKey: [plain('x'), key] } } },
    ]) {
      const opened = await openSecrets(planTo({ to: 'http://127.0.0.1:1/a', ...part }), 'reading', source, signal);
      expect(opened.ok).toBe(false);
    }
    expect(source.opened).toEqual([]);
  });
});

const inline = (value: string): Piece => ({ kind: 'inline', value: seal(value) });

const refused: readonly (readonly [what: string, piece: DerivedPiece])[] = [
  ['a key with text before it', signed(plain('x'), key)],
  ['a key with text behind it', signed(key, plain('AAAA'))],
  ['a key between bytes', signed(concat(bytes('30ff'), key))],
  ['a key that is encoded', signed(plain(BEGIN), encode('base64', key), plain(END))],
  ['a key of two secrets', signed(plain(BEGIN), key, leaf('other'), plain(END))],
  ['a key beside a sealed text of a script', signed(inline(`${BEGIN}MC4`), key, inline(END))],
  ['lines of PEM in the wrong order', signed(plain(END), key, plain(BEGIN))],
  ['text that ends with half of a line break', signed(plain(`${BEGIN}\\`), key, plain(END))],
  ['hex beside text', encode('base64', decode('hex', plain('0'), key))],
  ['Base64 behind text', encode('base64', decode('base64', plain('A'), key))],
  ['Base64 before text', encode('base64', decode('base64url', key, plain('A')))],
  ['Base64 of two secrets', encode('base64', decode('base64', key, leaf('other')))],
  ['hex of what was encoded in Base64', encode('hex', decode('hex', encode('base64', key)))],
  ['an odd number of digits before a result in hex', encode('hex', decode('hex', plain('0'), encode('hex', mac)))],
  ['what is no digit before a result in hex', encode('hex', decode('hex', plain('0x'), encode('hex', mac)))],
  [
    'decoded letters of Base64 that were changed',
    encode('hex', decode('base64', letters('lower', encode('base64', key)))),
  ],
  ['bytes put into the request', mac],
  ['bytes beside text', computed({ name: 'hash', algorithm: 'md5' }, [plain('a'), mac])],
  ['bytes as a text', encode('utf8', mac)],
  [
    'one byte that says one bit',
    encode('utf8', computed({ name: 'pbkdf2', algorithm: 'sha1', iterations: 1, bytes: 1 }, [key], [plain('1')])),
  ],
  ['bytes before a decoded secret, as a text', encode('utf8', concat(bytes('e0'), decode('base64', key)))],
  ['bytes before a secret, as a text', encode('utf8', concat(bytes('c3'), key))],
  ['characters of Latin-1 of a hash', encode('latin1', mac)],
  ['other letters of those, decoded', encode('hex', decode('latin1', letters('upper', encode('latin1', mac))))],
  ['the digits of Latin-1, as a text', encode('utf8', decode('latin1', plain('\u00c3'), key))],
  ...(['percent', 'form', 'upper', 'lower'] as const).map((name) => [`bytes, ${name}`, letters(name, mac)] as const),
];

// What scripts do, and what comes of it for the value of the key.
const taken: readonly (readonly [what: string, piece: DerivedPiece, value: string, result: string])[] = [
  ['Basic by btoa', encode('base64', decode('latin1', plain('joe:'), key)), 'pw', 'am9lOnB3'],
  [
    'a key of HMAC with a text before it',
    encode('hex', computed({ name: 'hmac', algorithm: 'md5' }, [plain('m')], [plain('AWS4'), key])),
    'k',
    createHmac('md5', 'AWS4k').update('m').digest('hex'),
  ],
  [
    'a chain of HMAC',
    encode('hex', computed(sha, [plain('n')], [mac])),
    'k',
    createHmac('sha256', createHmac('sha256', 'k').update('m').digest()).update('n').digest('hex'),
  ],
  ['a key in Base64', encode('hex', decode('base64', key)), 'YWJj', '616263'],
  [
    'a key in Base64, with the padding that a script adds to a reference',
    encode('hex', decode('base64', key, plain('==='))),
    'YWJj',
    '616263',
  ],
  ['a key in hex of capitals', encode('base64', decode('hex', letters('upper', key))), '616263', 'YWJj'],
  ['a text in Base64', encode('utf8', decode('base64', key)), 'YWJj', 'abc'],
  [
    'a text in Base64 by atob, in a text',
    computed({ name: 'concat' }, [plain('v '), encode('latin1', decode('base64', key))]),
    'YWJj',
    'v abc',
  ],
  ['what was encoded, decoded', encode('base64', decode('hex', letters('upper', encode('hex', key)))), 'abc', 'YWJj'],
  [
    'two results in hex, decoded',
    encode('base64', decode('hex', plain('00'), encode('hex', key), encode('hex', key))),
    'a',
    'AGFh',
  ],
  [
    'Base64 with padding, decoded',
    encode('hex', decode('base64', encode('base64url', key), plain('=='))),
    'abcd',
    '61626364',
  ],
  [
    'the binary digest of old scripts',
    encode('base64', decode('latin1', encode('latin1', computed({ name: 'hash', algorithm: 'md5' }, [key])))),
    'a',
    'DMF1ucDxtqgxw5niaXcmYQ==',
  ],
  [
    'a secret, as UTF-8 in Latin-1',
    encode('base64', decode('latin1', encode('latin1', plain('j\u00e4:'), key))),
    'pw',
    'asOkOnB3',
  ],
  ['a result in a URL', letters('percent', encode('base64', plain('?'), key)), 'a>', 'P2E%2B'],
];

const codeOf = (piece: DerivedPiece) => {
  const judged = judgeComputations([piece]);
  return judged.ok ? 'taken' : judged.failure.code;
};

describe('P1: what a computation may be is said by its form', () => {
  it.each(refused)('refused: %s', (_, piece) => {
    expect(codeOf(piece)).toBe('SCRIPT/NOT_COMPUTED');
  });

  it.each(taken)('taken: %s', async (_, piece, value, result) => {
    expect(codeOf(piece)).toBe('taken');
    const derived = await derive([piece], openFrom({ key: value }), signal);
    expect(derived.ok && derived.value.texts.get(piece)).toBe(result);
  });

  it.each<readonly [what: string, pem: Rendered]>([
    ['alone', [key]],
    ['of the files, alone', [inline('a key')]],
    ['with the lines of PEM', [plain(` ${BEGIN}\n`), key, plain(`\n${END} `)]],
    ['with those of a file, where they are sealed', [inline(`${BEGIN}\\n`), key, inline(`\\n${END}`)]],
    ['in Base64', [encode('utf8', decode('base64', key))]],
    ['of the script', [plain('no secret at all')]],
  ])('taken: a private key %s', (_, pem) => {
    expect(codeOf(signed(...pem))).toBe('taken');
  });
});

describe('P1: what is read in an auth is not put together of a secret and other text', () => {
  const planned = (type: string, fields: Readonly<Record<string, string>>, agent?: Record<string, string>) => {
    const templates = Object.entries(fields).map(
      ([name, value]) => [name, isSecretAuthField(type, name) ? lexSealed(value) : lexTemplate(value)] as const,
    );
    const plan = planOf({
      auth: { type, fields: Object.fromEntries(templates), from: 'request' },
      handles: [handle('KEY')],
      collection: [
        ['own', 'a value', 'sealed'],
        ['start', '"\\u', 'sealed'],
      ],
      ...(agent && { overrides: { variables: agent } }),
    });
    return plan.ok ? 'planned' : JSON.stringify(plan.failure);
  };
  const PEM = `${BEGIN}\n{{vault:KEY}}\n${END}\n`;

  it.each(['jwt', 'asap', 'oauth1', 'oauth2'])('a private key of %s', (type) => {
    const keyOf = (privateKey: string, agent?: Record<string, string>) => planned(type, { privateKey }, agent);
    for (const fine of ['{{vault:KEY}}', '{{own}}', PEM, PEM.replaceAll('\n', '\\n'), `${BEGIN}MC4${END}`])
      expect(keyOf(fine)).toBe('planned');
    const around = [`${BEGIN}MC4{{vault:KEY}}${END}`, `${BEGIN}{{vault:KEY}}=${END}`, '{{own}}{{vault:KEY}}'];
    for (const bad of [...around, '{"kty":"OKP","d":"{{vault:KEY}}"}'])
      expect(keyOf(bad)).toContain('SECRET/PLACE_NOT_ALLOWED');
    expect(keyOf('{{a}}{{vault:KEY}}', { a: 'MC4' })).toContain('private key beside other text');
    expect(keyOf('{{a}}', { a: `${BEGIN}MC4${END}` })).toBe('planned');
  });

  it.each<readonly [type: string, field: string, fine: string, bad: string]>([
    ['edgegrid', 'baseURL', '{{vault:KEY}}', 'https://xn--{{vault:KEY}}'],
    ['edgegrid', 'maxBodySize', '1024', '1{{vault:KEY}}'],
    ['asap', 'exp', '{{own}}', '{{own}}0'],
    ['asap', 'claims', '{"a":"{{vault:KEY}}\\\\{{x}}{{vault:KEY}}"}', '{"a":"\\u00{{vault:KEY}}"}'],
    ['jwt', 'payload', '{"a":"b{{vault:KEY}}","n":{{own}}}', '{"a":"\\\\\\{{vault:KEY}}"}'],
    ['jwt', 'header', '{{own}}', '{"a":{{start}}{{vault:KEY}}"}'],
  ])('%s, %s', (type, field, fine, bad) => {
    expect(planned(type, { [field]: fine }, { x: 'y' })).toBe('planned');
    expect(planned(type, { [field]: bad }, { x: 'y' })).toContain('SECRET/PLACE_NOT_ALLOWED');
  });
});

describe('P1: what may be computed tells no two secrets apart', () => {
  const outcome = async (piece: DerivedPiece, value: string) => {
    const derived = await derive([piece], openFrom({ key: value }), signal);
    const result = derived.ok ? derived.value.texts.get(piece) : undefined;
    return [derived.ok, result !== undefined && judgeHeaderValue('X', result).ok];
  };
  const apart = async (piece: DerivedPiece, values: readonly [string, string]) => {
    const [one, other] = [await outcome(piece, values[0]), await outcome(piece, values[1])];
    return JSON.stringify(one) !== JSON.stringify(other);
  };
  // No hex, and of a length that Base64 has not.
  const value = fc.stringMatching(/^z[A-Za-z0-9_-]{24}$/);

  it('of one length and alphabet, whatever stands around them', async () => {
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(anyComputation(['key']), value, value, async (piece, one, other) => {
        const isTaken = judgeComputations([piece]).ok;
        if (!isTaken) refusals += 1;
        expect(isTaken && (await apart(piece, [one, other]))).toBe(false);
      }),
      { numRuns: 400 },
    );
    expect(refusals).toBeGreaterThan(50);
  });

  it('while one that is refused would', async () => {
    const guess = encode(
      'utf8',
      computed({ name: 'pbkdf2', algorithm: 'sha1', iterations: 1, bytes: 1 }, [key], [plain('1')]),
    );
    const told = await Promise.all(Array.from({ length: 16 }, (_, index) => outcome(guess, `z${index}`)));
    expect(new Set(told.map(([isComputed]) => isComputed)).size).toBe(2);
  });
});
