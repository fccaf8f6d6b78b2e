// Values that are made of secrets. What a script holds for one is a live text, or an object that stands for its bytes; the signer
// computes the value when the request is signed.
import type { DerivedOperation } from '../../../../shared/script/derived.ts';
import { encodeHex } from '../libraries/hex.ts';
import { decodeUtf8Strictly } from '../libraries/utf8.ts';
import type { Run } from '../run.ts';

export type ByteEncoding = Extract<DerivedOperation, { name: 'decode' }>['from'];
export type HashAlgorithm = Extract<DerivedOperation, { name: 'hash' }>['algorithm'];

export interface Deriving {
  /** The live text whose UTF-8 is what the value stands for; undefined for a value without a secret. */
  secretOf(value: unknown): string | undefined;
  /** Makes an object stand for the bytes of a live text. */
  mark<T extends object>(value: T, text: string): T;
  derive(operation: DerivedOperation, ...inputs: readonly string[]): string;
  /** What a reference was made by, where it was made here. */
  madeBy(text: string): Made | undefined;
  /** Bytes as the input of an operation. */
  inputOf(value: string | Uint8Array): string;
  /** What stands for bytes, written in an encoding. */
  encode(text: string, to: ByteEncoding): string;
  /** The bytes that a text of an encoding writes. */
  decode(text: string, from: ByteEncoding): string;
  /** Live references as words without special characters, and the way back. */
  hide(text: string): Hidden;
  plain(text: string): string;
  unsupported(api: string): never;
}

export interface Hidden {
  readonly text: string;
  restore(text: string): string;
}

export interface Made {
  readonly operation: DerivedOperation;
  readonly inputs: readonly string[];
}

/** Operations whose result is text whatever their inputs are. */
const textual: ReadonlySet<string> = new Set(['encode', 'percent', 'form', 'upper', 'lower']);

export function createDeriving(run: Run): Deriving {
  const { live } = run;
  const marked = new WeakMap<object, string>();
  const made = new Map<string, Made>();
  const reference = new RegExp(String.raw`\{\{[^{}]*?_kw${run.job.nonce}(?:[+-][/_])?\}\}`, 'gi');
  const derive = (operation: DerivedOperation, ...inputs: readonly string[]): string => {
    const text = live.derive(operation, inputs);
    made.set(text, { operation, inputs });
    return text;
  };
  const isText = (text: string) => textual.has(made.get(text)?.operation.name ?? 'encode');
  return {
    secretOf(value) {
      if (typeof value === 'string') return live.holdsSecret(value) ? value : undefined;
      return typeof value === 'object' && value !== null ? marked.get(value) : undefined;
    },
    mark(value, text) {
      marked.set(value, text);
      return value;
    },
    derive,
    madeBy: (text) => made.get(text),
    inputOf(value) {
      if (typeof value === 'string') return value;
      const secret = marked.get(value);
      if (secret !== undefined) return secret;
      return decodeUtf8Strictly(value) ?? derive({ name: 'decode', from: 'hex' }, encodeHex(value));
    },
    encode: (text, to) => (to === 'utf8' && isText(text) ? text : derive({ name: 'encode', to }, text)),
    decode: (text, from) => (from === 'utf8' ? text : derive({ name: 'decode', from }, text)),
    hide(text) {
      const found: string[] = [];
      const hidden = text.replace(reference, (whole) => `kwref${found.push(whole) - 1}ferwk`);
      const restore = (given: string) =>
        given.replace(/kwref(\d+)ferwk/gi, (whole, index: string) => found[Number(index)] ?? whole);
      return { text: hidden, restore: found.length === 0 ? (given) => given : restore };
    },
    plain: (text) => live.plain(text),
    unsupported: (api) => run.unsupported(api),
  };
}
