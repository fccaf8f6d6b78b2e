// What is used of the libraries that come without types, or with types for another place than this.

declare module 'chai' {
  const chai: object;
  export = chai;
}

declare module 'lodash' {
  const lodash: Record<string, (...values: unknown[]) => unknown>;
  export = lodash;
}

declare module 'moment' {
  const moment: object;
  export = moment;
}

declare module 'ajv6' {
  const ajv: object;
  export = ajv;
}

declare module 'tv4' {
  const tv4: object;
  export = tv4;
}

declare module 'xml2js' {
  const xml2js: {
    parseString(xml: string, options: object, done: (error: unknown, result: unknown) => void): void;
  };
  export = xml2js;
}

declare module 'csv-parse/lib/sync' {
  const parse: (data: unknown, options?: object) => unknown;
  export = parse;
}

declare module 'uuid' {
  interface RandomOptions {
    readonly rng?: () => Uint8Array;
  }
  export const NIL: string;
  export function v1(options?: RandomOptions, buffer?: unknown, offset?: number): unknown;
  export function v3(name: unknown, namespace: unknown, buffer?: unknown, offset?: number): unknown;
  export function v4(options?: RandomOptions, buffer?: unknown, offset?: number): unknown;
  export function v5(name: unknown, namespace: unknown, buffer?: unknown, offset?: number): unknown;
  export function validate(text: unknown): boolean;
  export function version(text: string): number;
  export function parse(text: string): Uint8Array;
  export function stringify(bytes: Uint8Array, offset?: number): string;
}

declare module 'crypto-js' {
  namespace CryptoJS {
    interface WordArray {
      words: number[];
      sigBytes: number;
      toString(encoder?: Encoder): string;
      concat(other: WordArray): WordArray;
      clone(): WordArray;
      clamp(): void;
    }
    interface WordArrayFactory extends WordArray {
      create(words?: unknown, sigBytes?: number): WordArray;
      random(bytes: number): WordArray;
    }
    interface Encoder {
      parse(text: string): WordArray;
      stringify(words: WordArray, urlSafe?: boolean): string;
    }
    interface Hasher {
      update(message: unknown): Hasher;
      finalize(message?: unknown): WordArray;
      reset(): void;
      clone(): Hasher;
    }
    interface HasherFactory {
      create(...parameters: unknown[]): Hasher;
    }
    interface Cipher {
      encrypt(message: unknown, key: unknown, options?: object): unknown;
      decrypt(text: unknown, key: unknown, options?: object): unknown;
    }
    interface KdfOptions {
      readonly keySize?: number;
      readonly iterations?: number;
      readonly hasher?: HasherFactory;
    }
    type Kdf = (password: unknown, salt: unknown, options?: KdfOptions) => WordArray;
  }
  const CryptoJS: {
    [name: string]: unknown;
    readonly lib: { readonly WordArray: CryptoJS.WordArrayFactory };
    readonly enc: Record<string, CryptoJS.Encoder>;
    readonly algo: Record<string, CryptoJS.HasherFactory>;
    PBKDF2: CryptoJS.Kdf;
    EvpKDF: CryptoJS.Kdf;
  };
  export = CryptoJS;
}
