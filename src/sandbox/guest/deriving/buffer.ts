// Buffer over secrets. What stands for the bytes of one can be written in another encoding and put together, not looked into.
import { Buffer } from '../libraries/buffer.ts';
import { textOf } from '../libraries/text-of.ts';
import type { ByteEncoding, Deriving } from './deriving.ts';

const encodings: Readonly<Record<string, ByteEncoding>> = {
  utf8: 'utf8',
  'utf-8': 'utf8',
  base64: 'base64',
  base64url: 'base64url',
  hex: 'hex',
  latin1: 'latin1',
  binary: 'latin1',
  ascii: 'latin1',
};

export interface SecretBuffers {
  /** What scripts know as Buffer. */
  readonly Buffer: typeof Buffer;
  /** A Buffer that stands for the bytes of a live text. */
  make(text: string): Buffer;
}

export function createSecretBuffers(deriving: Deriving): SecretBuffers {
  const make = (text: string): Buffer => {
    const known: Readonly<Record<PropertyKey, unknown>> = {
      _isBuffer: true,
      toString: (encoding?: unknown) => deriving.encode(text, encodingOf(encoding, deriving)),
      [Symbol.toStringTag]: 'Uint8Array',
      [Symbol.toPrimitive]: undefined,
    };
    const opaque = new Proxy(Buffer.alloc(0), {
      get: (target, name) => {
        if (name === 'constructor') return target.constructor;
        return name in known ? known[name] : deriving.unsupported(`Buffer.${String(name)} over a secret`);
      },
    });
    return deriving.mark(opaque, text);
  };
  const from = (value: unknown, encoding?: unknown, length?: unknown): Buffer => {
    const secret = deriving.secretOf(value);
    if (secret === undefined) {
      return (Buffer.from as (...values: unknown[]) => Buffer)(
        typeof value === 'string' ? deriving.plain(value) : value,
        encoding,
        length,
      );
    }
    return make(typeof value === 'string' ? deriving.decode(secret, encodingOf(encoding, deriving)) : secret);
  };
  const own = {
    from,
    concat(list: readonly Uint8Array[], total?: number): Buffer {
      if (!list.some((item) => deriving.secretOf(item) !== undefined)) return Buffer.concat([...list], total);
      return make(deriving.derive({ name: 'concat' }, ...list.map((item) => deriving.inputOf(item))));
    },
    byteLength(value: unknown, encoding?: unknown): number {
      if (deriving.secretOf(value) !== undefined) return deriving.unsupported('Buffer.byteLength of a secret');
      return (Buffer.byteLength as (...values: unknown[]) => number)(value, encoding);
    },
  };
  const old = (_: unknown, value: unknown, rest: readonly unknown[]): Buffer =>
    typeof value === 'number' ? Buffer.alloc(value) : from(value, ...rest);
  const adapted = new Proxy(Buffer, {
    get: (target, name, receiver): unknown =>
      name in own ? own[name as keyof typeof own] : Reflect.get(target, name, receiver),
    apply: (target, _, [value, ...rest]) => old(target, value, rest),
    construct: (target, [value, ...rest]) => old(target, value, rest),
  });
  return { Buffer: adapted, make };
}

function encodingOf(encoding: unknown, deriving: Deriving): ByteEncoding {
  const name = encoding === undefined || encoding === null ? 'utf8' : textOf(encoding).toLowerCase();
  return encodings[name] ?? deriving.unsupported(`Buffer in ${name} over a secret`);
}
