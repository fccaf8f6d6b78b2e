// Computations over secrets for tests, and what node:crypto makes of them without the signer.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import fc from 'fast-check';
import type { DerivedOperation } from '../../../shared/script/derived.ts';
import type { DerivedPiece, LeafSecret, Piece, Rendered } from '../../../shared/template/template.ts';
import { createWork, type DerivedWork } from '../../../src/signer/derived-work.ts';

/** The value of each handle; a handle's id is its name. */
export type Values = Readonly<Record<string, string>>;

export const leaf = (id: string): Piece => ({ kind: 'handle', id, name: id });
export const plain = (text: string): Piece => ({ kind: 'text', text });
export const computed = (operation: DerivedOperation, ...inputs: Rendered[]): DerivedPiece => ({
  kind: 'derived',
  operation,
  inputs,
});
export const bytes = (hex: string): Piece => computed({ name: 'decode', from: 'hex' }, [plain(hex)]);

export const openFrom =
  (values: Values) =>
  (piece: LeafSecret): string =>
    piece.kind === 'handle' ? (values[piece.id] ?? '') : '';

const algorithms = ['md5', 'sha1', 'sha256', 'sha512', 'ripemd160'] as const;
const encodings = ['base64', 'base64url', 'hex', 'latin1'] as const;
const unary: fc.Arbitrary<DerivedOperation> = fc.oneof(
  fc.record({ name: fc.constant('hash' as const), algorithm: fc.constantFrom(...algorithms) }),
  fc.record({ name: fc.constant('encode' as const), to: fc.constantFrom(...encodings) }),
  fc.record({ name: fc.constant('encode' as const), to: fc.constantFrom(...encodings), padded: fc.boolean() }),
  fc.record({ name: fc.constant('decode' as const), from: fc.constantFrom(...encodings, 'utf8' as const) }),
  fc.constantFrom<DerivedOperation>({ name: 'percent' }, { name: 'form' }, { name: 'upper' }, { name: 'lower' }),
);
const binary: fc.Arbitrary<DerivedOperation> = fc.oneof(
  fc.record({ name: fc.constant('hmac' as const), algorithm: fc.constantFrom(...algorithms) }),
  fc.record({
    name: fc.constant('pbkdf2' as const),
    algorithm: fc.constantFrom(...algorithms),
    iterations: fc.integer({ min: 1, max: 3 }),
    bytes: fc.integer({ min: 9, max: 40 }),
  }),
  fc.constant<DerivedOperation>({ name: 'concat' }),
);

/** Any nesting of computations over these handles, each of which has a secret in it. */
export function anyComputation(ids: readonly string[]): fc.Arbitrary<DerivedPiece> {
  const secret = fc.constantFrom(...ids).map(leaf);
  const { piece } = fc.letrec<{ piece: DerivedPiece; input: Rendered; other: Rendered }>((tie) => ({
    piece: fc.oneof(
      fc.tuple(unary, tie('input')).map(([operation, input]) => computed(operation, input)),
      fc.tuple(binary, tie('input'), tie('other')).map(([operation, one, two]) => computed(operation, one, two)),
      fc.tuple(binary, tie('other'), tie('input')).map(([operation, one, two]) => computed(operation, one, two)),
    ),
    input: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      secret.map((each) => [each]),
      fc.tuple(fc.string({ maxLength: 6 }).map(plain), secret).map((pieces) => pieces.filter(isNotEmpty)),
      tie('piece').map((each) => [each]),
      fc.tuple(tie('piece'), fc.constant(plain('.')), secret).map((pieces) => pieces),
    ),
    other: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.string({ maxLength: 12 }).map((text) => [plain(text)]),
      tie('input'),
    ),
  }));
  return piece;
}

function isNotEmpty(piece: Piece): boolean {
  return piece.kind !== 'text' || piece.text !== '';
}

/** The bytes of a computation; undefined where there are none. `seen` gets every result and every text with a secret in it. */
export function expected(piece: DerivedPiece, values: Values, seen: Buffer[] = []): Buffer | undefined {
  const inputs = piece.inputs.map((input) => inputOf(input, values, seen));
  if (!inputs.every((input) => input !== undefined)) return undefined;
  const result = resultOf(piece.operation, inputs);
  if (result) seen.push(result);
  return result;
}

function inputOf(input: Rendered, values: Values, seen: Buffer[]): Buffer | undefined {
  const [only, ...others] = input;
  if (only?.kind === 'derived' && others.length === 0) return expected(only, values, seen);
  const texts = input.map((piece) => {
    if (piece.kind === 'text') return piece.text;
    if (piece.kind !== 'derived') return openFrom(values)(piece);
    const result = expected(piece, values, seen);
    return result && utf8(result);
  });
  if (!texts.every((text) => text !== undefined)) return undefined;
  const text = Buffer.from(texts.join(''));
  if (input.some(({ kind }) => kind !== 'text')) seen.push(text);
  return text;
}

export function utf8(data: Buffer): string | undefined {
  return Buffer.from(data.toString()).equals(data) ? data.toString() : undefined;
}

function resultOf(
  operation: DerivedOperation,
  [one = Buffer.alloc(0), two = Buffer.alloc(0)]: Buffer[],
): Buffer | undefined {
  switch (operation.name) {
    case 'hash':
      return createHash(operation.algorithm).update(one).digest();
    case 'hmac':
      return createHmac(operation.algorithm, two).update(one).digest();
    case 'pbkdf2':
      return pbkdf2Sync(one, two, operation.iterations, operation.bytes, operation.algorithm);
    case 'concat':
      return Buffer.concat([one, two]);
    case 'encode':
      return encoded(operation, one);
    case 'decode':
      return decoded(operation.from, one);
    case 'percent':
      return mapped(one, encodeURIComponent);
    case 'form':
      return mapped(one, (text) => new URLSearchParams({ '': text }).toString().slice(1));
    case 'upper':
      return mapped(one, (text) => text.toUpperCase());
    case 'lower':
      return mapped(one, (text) => text.toLowerCase());
    case 'sign':
      return undefined;
  }
}

function encoded({ to, padded }: Extract<DerivedOperation, { name: 'encode' }>, data: Buffer): Buffer | undefined {
  const bare = data.toString(to).replace(/=+$/, to.startsWith('base64') ? '' : '$&');
  const pads = padded ?? to === 'base64';
  return Buffer.from(to.startsWith('base64') && pads ? bare + '='.repeat((4 - (bare.length % 4)) % 4) : bare);
}

function decoded(from: 'base64' | 'base64url' | 'hex' | 'latin1' | 'utf8', data: Buffer): Buffer | undefined {
  const text = utf8(data);
  if (from === 'utf8') return data;
  if (text === undefined) return undefined;
  if (from === 'latin1') return [...text].every((char) => char <= '\xff') ? Buffer.from(text, 'latin1') : undefined;
  const bare = text.replace(/\s/g, '');
  if (from === 'hex') return /^(?:[\da-f][\da-f])*$/i.test(bare) ? Buffer.from(bare, 'hex') : undefined;
  const digits = /^([\w+/-]*)=*$/.exec(bare)?.[1];
  return digits === undefined || digits.length % 4 === 1 ? undefined : Buffer.from(digits, 'base64');
}

function mapped(data: Buffer, map: (text: string) => string): Buffer | undefined {
  const text = utf8(data);
  return text === undefined ? undefined : Buffer.from(map(text));
}

export function workOf(...taken: readonly Readonly<Parameters<DerivedWork['take']>>[]): boolean {
  const work = createWork();
  return taken.map((each) => work.take(...each)).every(Boolean);
}
