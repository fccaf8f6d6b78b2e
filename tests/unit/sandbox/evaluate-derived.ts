// What the operations over secrets give, by Node's own cryptography.
import { createHash, createHmac, pbkdf2Sync, sign } from 'node:crypto';
import { createRequire } from 'node:module';
import type { DerivedOperation } from '../../../shared/script/derived.ts';
import type { Template } from '../../../shared/template/template.ts';

export type Operate = (operation: DerivedOperation, inputs: readonly Buffer[]) => Buffer | Promise<Buffer>;

/** `secrets` by the name of their handle. */
export async function evaluate(
  template: Template,
  secrets: Readonly<Record<string, string>>,
  operate: Operate,
): Promise<Buffer> {
  const parts = template.map(async (part) => {
    if (part.kind === 'text') return Buffer.from(part.text);
    if (part.kind === 'derived') {
      return operate(part.operation, await Promise.all(part.inputs.map((input) => evaluate(input, secrets, operate))));
    }
    const secret = part.kind === 'handle' ? secrets[part.names[0]] : undefined;
    if (secret === undefined) throw new Error(`no secret for a part of kind ${part.kind}`);
    return Buffer.from(secret);
  });
  return Buffer.concat(await Promise.all(parts));
}

/** The operations by Node's own functions. */
export function operatePlainly(operation: DerivedOperation, inputs: readonly Buffer[]): Buffer {
  const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = inputs;
  switch (operation.name) {
    case 'hash':
      if (operation.algorithm === 'keccak512') return fromWords(library.SHA3(toWords(first)));
      return createHash(operation.algorithm).update(first).digest();
    case 'hmac':
      if (operation.algorithm === 'keccak512') return fromWords(library.HmacSHA3(toWords(first), toWords(second)));
      return createHmac(operation.algorithm, second).update(first).digest();
    case 'pbkdf2':
      return pbkdf2Sync(first, second, operation.iterations, operation.bytes, operation.algorithm);
    case 'sign':
      if (operation.algorithm !== 'RS256') throw new Error(operation.algorithm);
      return sign('sha256', first, second.toString());
    case 'concat':
      return Buffer.concat([...inputs]);
    case 'encode':
      return Buffer.from(encoded(first, operation));
    case 'decode':
      return Buffer.from(first.toString(), operation.from);
    case 'percent':
    case 'form':
    case 'upper':
    case 'lower':
      return Buffer.from(textual[operation.name](first.toString()));
  }
}

const textual = {
  percent: encodeURIComponent,
  form: (text: string) => new URLSearchParams({ '': text }).toString().slice(1),
  upper: (text: string) => text.toUpperCase(),
  lower: (text: string) => text.toLowerCase(),
};

function encoded(bytes: Buffer, { to, padded }: DerivedOperation & { name: 'encode' }): string {
  const text = bytes.toString(to);
  if (padded === undefined) return text;
  const bare = text.replace(/=+$/, '');
  return padded ? bare.padEnd(Math.ceil(bare.length / 4) * 4, '=') : bare;
}

// Node has SHA-3, and not Keccak as it was before.
const library = createRequire(import.meta.url)('crypto-js') as Record<
  'SHA3' | 'HmacSHA3',
  (...words: unknown[]) => { toString(): string }
> & {
  enc: { Hex: { parse(text: string): unknown } };
};
const toWords = (bytes: Buffer) => library.enc.Hex.parse(bytes.toString('hex'));
const fromWords = (words: { toString(): string }) => Buffer.from(words.toString(), 'hex');
