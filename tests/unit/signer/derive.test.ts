import { createPrivateKey, createPublicKey, generateKeyPairSync, type JsonWebKey, verify } from 'node:crypto';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import type { DerivedOperation } from '../../../shared/script/derived.ts';
import type { DerivedPiece, Rendered } from '../../../shared/template/template.ts';
import { derive } from '../../../src/signer/derive.ts';
import vectors from '../../vectors/derived.json' with { type: 'json' };
import {
  anyComputation,
  bytes,
  computed,
  expected,
  leaf,
  openFrom,
  plain,
  utf8,
  type Values,
  workOf,
} from './derived-expression.ts';

const signal = new AbortController().signal;
const CryptoJS = createRequire(import.meta.url)('crypto-js') as {
  SHA3(text: string): { toString(): string };
  HmacSHA3(text: string, key: string): { toString(): string };
};

async function textOf(piece: DerivedPiece, values: Values = {}): Promise<string> {
  const derived = await derive([piece], openFrom(values), signal);
  return derived.ok ? (derived.value.texts.get(piece) ?? '') : JSON.stringify(derived.failure);
}

const toHex = (piece: DerivedPiece) => computed({ name: 'encode', to: 'hex' }, [piece]);
const toBase64url = (piece: DerivedPiece) => computed({ name: 'encode', to: 'base64url' }, [piece]);

describe('published vectors', () => {
  const inputOf = (input: { text?: string; hex?: string }): Rendered => [
    input.hex === undefined ? plain(input.text ?? '') : bytes(input.hex),
  ];

  it.each(
    vectors.computations.map((row) => [`${row.from}, ${row.operation.name} ${row.operation.algorithm}`, row] as const),
  )('%s', async (_, { operation, inputs, hex }) => {
    const piece = computed(operation as DerivedOperation, ...inputs.map(inputOf));
    expect(await textOf(toHex(piece))).toBe(hex);
  });

  it.each(vectors.tokens.map((row) => [row.from, row] as const))(
    '%s',
    async (_, { algorithm, key, input, signature }) => {
      if (algorithm === 'HS256') {
        const mac = computed(
          { name: 'hmac', algorithm: 'sha256' },
          [plain(input)],
          [computed({ name: 'decode', from: 'base64url' }, [leaf('key')])],
        );
        return expect(await textOf(toBase64url(mac), { key: key.k ?? '' })).toBe(signature);
      }
      const jwk = createPrivateKey({ key: key as JsonWebKey, format: 'jwk' });
      const pem = jwk.export({ type: 'pkcs8', format: 'pem' }).toString();
      const name = algorithm as 'RS256';
      const signed = await textOf(
        toBase64url(computed({ name: 'sign', algorithm: name }, [plain(input)], [leaf('key')])),
        {
          key: pem,
        },
      );
      if (signature !== undefined) return expect(signed).toBe(signature);
      const verifier = { key: createPublicKey(jwk), dsaEncoding: 'ieee-p1363' } as const;
      return expect(verify('sha256', Buffer.from(input), verifier, Buffer.from(signed, 'base64url'))).toBe(true);
    },
  );

  it.each([0, 1, 71, 72, 73, 143, 144, 145, 300])(
    'Keccak over %d characters is what CryptoJS calls SHA3',
    async (length) => {
      const text = 'ab\u00e9'.repeat(length).slice(0, length);
      const hash = computed({ name: 'hash', algorithm: 'keccak512' }, [plain(text)]);
      const hmac = computed({ name: 'hmac', algorithm: 'keccak512' }, [plain(text)], [plain(`k${text}`)]);
      expect(await textOf(toHex(hash))).toBe(CryptoJS.SHA3(text).toString());
      expect(await textOf(toHex(hmac))).toBe(CryptoJS.HmacSHA3(text, `k${text}`).toString());
    },
  );
});

describe('any nesting', () => {
  const values = { key: 'zebra-Quilt-81-Lantern', other: 'p\u00e4ss/w\u00f6rd+=& 1' };

  it('is what node:crypto computes over the values, and every result that is text is known', async () => {
    await fc.assert(
      fc.asyncProperty(anyComputation(Object.keys(values)), async (piece) => {
        const seen: Buffer[] = [];
        const result = expected(piece, values, seen);
        const text = result && utf8(result);
        const derived = await derive([piece], openFrom(values), signal);
        if (text === undefined || text === '') {
          expect(derived).toMatchObject({ failure: { code: 'SCRIPT/NOT_COMPUTED' } });
          return;
        }
        if (!derived.ok) throw new Error(JSON.stringify(derived.failure));
        expect(derived.value.texts.get(piece)).toBe(text);
        const known = new Set(derived.value.known.map(({ value }) => value));
        const forms = seen.filter(({ length }) => length > 0).map((each) => utf8(each) ?? each.toString('hex'));
        expect(forms.filter((form) => !known.has(form) && !Object.values(values).includes(form))).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const short = generateKeyPairSync('rsa', { modulusLength: 1024 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const sign = (algorithm: 'RS256' | 'ES256' | 'ES384' | 'PS512' | 'EdDSA') =>
  computed({ name: 'sign', algorithm }, [plain('m')], [leaf('key')]);
const hmac = computed({ name: 'hmac', algorithm: 'sha256' }, [plain('m')], [leaf('key')]);
const key = 'zebra-Quilt-81-Lantern';

// What it holds, the computation and the value of its key.
const failing: readonly (readonly [what: string, piece: DerivedPiece, key: string])[] = [
  ['bytes that are no text are put into the request', hmac, key],
  ['bytes that are no text are put into a text', computed({ name: 'hash', algorithm: 'md5' }, [plain('a'), hmac]), key],
  ['bytes that are no text are escaped', computed({ name: 'percent' }, [hmac]), key],
  ['no Base64', computed({ name: 'decode', from: 'base64' }, [leaf('key')]), 'zebra:Quilt'],
  ['Base64 of one character', computed({ name: 'decode', from: 'base64' }, [leaf('key')]), 'zebra'],
  ['hex of an odd length', computed({ name: 'decode', from: 'hex' }, [leaf('key')]), 'abc'],
  ['no hex', computed({ name: 'decode', from: 'hex' }, [leaf('key')]), 'abcg'],
  ['beyond Latin-1', computed({ name: 'decode', from: 'latin1' }, [leaf('key')]), 'a\u0100'],
  ['an empty result', computed({ name: 'decode', from: 'hex' }, [plain('')]), key],
  ['one input for two', computed({ name: 'hmac', algorithm: 'sha1' }, [leaf('key')]), key],
  ['two inputs for one', computed({ name: 'lower' }, [leaf('key')], [leaf('key')]), key],
  ['three inputs for two', computed({ name: 'sign', algorithm: 'RS256' }, [], [leaf('key')], []), rsa],
  ['no input', computed({ name: 'hash', algorithm: 'sha1' }), key],
  ['no PEM', toBase64url(sign('RS256')), key],
  ['another kind of key', toBase64url(sign('ES384')), rsa],
  ['another curve', toBase64url(sign('ES256')), ec],
  ['a short RSA key', toBase64url(sign('PS512')), short],
  ['no key of Edwards curves', toBase64url(sign('EdDSA')), ec],
  [
    'PBKDF2 with Keccak',
    computed({ name: 'pbkdf2', algorithm: 'keccak512', iterations: 1, bytes: 1 }, [leaf('key')], []),
    key,
  ],
  ['a long result', computed({ name: 'upper' }, [leaf('key'), plain('a'.repeat(limits.derivedKnownChars))]), key],
];

describe('P7: what cannot be computed is a coded failure', () => {
  it.each(failing)('%s', async (_, piece, value) => {
    const derived = await derive([piece], openFrom({ key: value }), signal);
    expect(derived).toMatchObject({ ok: false, failure: { code: 'SCRIPT/NOT_COMPUTED' } });
    expect(JSON.stringify(derived)).not.toContain(value.slice(0, 30));
  });

  it('P1: which of the reasons that a value gives it was is not told', async () => {
    const ofForm = /input|with Keccak$/;
    const problems = failing.map(async ([what, piece, value]) => {
      const derived = await derive([piece], openFrom({ key: value }), signal);
      return [ofForm.test(what), derived.ok ? '' : derived.failure.facts.problem] as const;
    });
    const told = await Promise.all(problems);
    const ofValue = told.filter(([isOfForm]) => !isOfForm).map(([, problem]) => problem);
    expect(new Set(ofValue)).toEqual(new Set(['the value of a secret in it does not fit, or there is too much of it']));
  });

  it('of a call that is over nothing is computed', async () => {
    expect(await derive([hmac], openFrom({ key }), AbortSignal.abort())).toMatchObject({
      failure: { code: 'NETWORK/CANCELLED' },
    });
  });

  it('more work than one request may take', () => {
    const block = new Uint8Array(limits.derivedBytes / 4 - 1);
    const sha = { name: 'hash', algorithm: 'sha256' } as const;
    expect(workOf(...Array.from({ length: 4 }, () => [sha, [block]] as const))).toBe(true);
    expect(workOf(...Array.from({ length: 4 }, () => [sha, [block, new Uint8Array(1)]] as const))).toBe(false);
    expect(workOf([{ name: 'hash', algorithm: 'keccak512' }, [block]])).toBe(false);
    const rounds = (iterations: number, size: number) =>
      workOf([{ name: 'pbkdf2', algorithm: 'sha256', iterations, bytes: size }, []]);
    expect([rounds(1_000_000, 64), rounds(1_000_000, 65)]).toEqual([true, false]);
    const signs = (count: number) =>
      workOf(...Array.from({ length: count }, () => [{ name: 'sign', algorithm: 'RS256' }, []] as const));
    expect([signs(63), signs(65)]).toEqual([true, false]);
  });
});

describe('encodings', () => {
  // btoa over a handle, atob, Buffer, and what is replaced in Base64 by hand.
  it.each<readonly [operation: DerivedOperation, value: string, result: string]>([
    [{ name: 'encode', to: 'base64' }, 'abcd', 'YWJjZA=='],
    [{ name: 'encode', to: 'base64', padded: false }, 'abcd', 'YWJjZA'],
    [{ name: 'encode', to: 'base64url' }, '\u00ff\u00ff~?', 'w7_Dv34_'],
    [{ name: 'encode', to: 'base64url', padded: true }, 'abcd', 'YWJjZA=='],
    [{ name: 'encode', to: 'hex' }, 'ab\u00e9', '6162c3a9'],
    [{ name: 'encode', to: 'latin1' }, '\u00e9', '\u00c3\u00a9'],
    [{ name: 'encode', to: 'utf8' }, '\u00e9', '\u00e9'],
    [{ name: 'decode', from: 'base64' }, 'YWJj\nZA==', 'abcd'],
    [{ name: 'decode', from: 'base64url' }, 'w7_Dv34_', '\u00ff\u00ff~?'],
    [{ name: 'decode', from: 'hex' }, '6162C3A9', 'ab\u00e9'],
    [{ name: 'decode', from: 'latin1' }, '\u00c3\u00a9', '\u00e9'],
    [{ name: 'percent' }, "a b&c=d+e/\u00e9'()*!~", "a%20b%26c%3Dd%2Be%2F%C3%A9'()*!~"],
    [{ name: 'form' }, "a b&c=d+e/\u00e9'()*!~", 'a+b%26c%3Dd%2Be%2F%C3%A9%27%28%29*%21%7E'],
    [{ name: 'upper' }, 'stra\u00dfe', 'STRASSE'],
    [{ name: 'lower' }, 'ABC\u00c9', 'abc\u00e9'],
  ])('%j of %j', async (operation, value, result) => {
    expect(await textOf(computed(operation, [leaf('key')]), { key: value })).toBe(result);
  });
});
