// What scripts use of the package `jsrsasign`: tokens (KJUR.jws) and its writing of bytes, over secrets too.
import { intDate, isIntDate } from '../libraries/int-date.ts';
import { hmacHash, type JwsParts, signCompact, signMessage } from './jws.ts';

type Json = string | Readonly<Record<string, unknown>>;
type Key = string | Readonly<Partial<Record<'utf8' | 'hex' | 'rstr' | 'b64' | 'b64u' | 'pem', string>>>;

const keyEncodings = {
  utf8: 'utf8',
  pem: 'utf8',
  hex: 'hex',
  rstr: 'latin1',
  b64: 'base64',
  b64u: 'base64url',
} as const;

/** `now` gives milliseconds since the epoch. */
export function createJsrsasign(parts: JwsParts, now: () => number): Record<string, unknown> {
  const { deriving } = parts;
  const KJUR = {
    jws: {
      JWS: {
        sign: (algorithm: string | null, header: Json, payload: Json, key: Key) =>
          sign(parts, algorithm, [header, payload], key),
        parse: (token: string) => parseToken(parts, token),
        verify: () => deriving.unsupported('KJUR.jws.JWS.verify'),
        verifyJWT: () => deriving.unsupported('KJUR.jws.JWS.verifyJWT'),
      },
      IntDate: {
        get: (text: string) => intDate(text, now()),
        getNow: () => intDate('now', now()),
        isIntDate,
        intDate2UTCString: (seconds: number) => new Date(seconds * 1_000).toUTCString(),
        intDate2Zulu: (seconds: number) => new Date(seconds * 1_000).toISOString().replace(/[-:T]|\.\d+/g, ''),
      },
    },
    crypto: {
      Signature: signatureClass(parts),
      Util: {
        sha1: hasher(parts, 'sha1'),
        sha256: hasher(parts, 'sha256'),
        sha512: hasher(parts, 'sha512'),
        md5: hasher(parts, 'md5'),
      },
    },
  };
  return {
    KJUR,
    jws: KJUR.jws,
    crypto: KJUR.crypto,
    KEYUTIL: {
      getKey: (pem: unknown) => (typeof pem === 'string' ? { pem } : deriving.unsupported('KEYUTIL.getKey of no PEM')),
    },
    ...converters(parts),
  };
}

function sign(parts: JwsParts, named: string | null, [header, payload]: readonly [Json, Json], key: Key): string {
  const fields = (typeof header === 'string' ? JSON.parse(header) : header) as Readonly<Record<string, unknown>>;
  const algorithm = String(named ?? fields.alg);
  const texts = [
    jsonText(named && !('alg' in fields) ? { alg: named, ...fields } : header),
    jsonText(payload),
  ] as const;
  return signCompact(parts, algorithm, texts, keyBytes(parts, algorithm, key));
}

function jsonText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A text of hexadecimal digits is bytes, as jsrsasign has it; a secret is text, as nobody can look. */
function keyBytes({ buffers, deriving }: JwsParts, algorithm: string, key: Key): string | Uint8Array {
  if (typeof key !== 'string') {
    const [[form, text] = ['utf8', ''] as const] = Object.entries(key) as [keyof typeof keyEncodings, string][];
    return form === 'pem' ? text : buffers.Buffer.from(text, keyEncodings[form]);
  }
  const isHex =
    hmacHash(algorithm) !== undefined && deriving.secretOf(key) === undefined && /^(?:[0-9a-f]{2})+$/i.test(key);
  return isHex ? buffers.Buffer.from(key, 'hex') : key;
}

function parseToken({ buffers }: JwsParts, token: string) {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const read = (text: string) => buffers.Buffer.from(text, 'base64url').toString();
  return {
    headerObj: JSON.parse(read(header)) as unknown,
    payloadObj: JSON.parse(read(payload)) as unknown,
    headerPP: read(header),
    payloadPP: read(payload),
    sigHex: buffers.Buffer.from(signature, 'base64url').toString('hex'),
  };
}

function signatureClass({ deriving }: JwsParts) {
  return class Signature {
    readonly #algorithm: string;
    #key = '';
    #message = '';

    constructor({ alg }: { alg: string }) {
      const [, size] = /^SHA(256|384|512)withRSA$/i.exec(alg) ?? [];
      this.#algorithm = size === undefined ? deriving.unsupported(`KJUR.crypto.Signature with ${alg}`) : `RS${size}`;
    }

    init(key: string | { pem: string }): void {
      this.#key = typeof key === 'string' ? key : key.pem;
    }

    updateString(text: string): void {
      this.#message += text;
    }

    sign(): string {
      return deriving.encode(signMessage(deriving, this.#algorithm, this.#message, this.#key), 'hex');
    }
  };
}

function hasher({ hash }: JwsParts, algorithm: string) {
  return (text: string) => hash(algorithm, text).toString('hex');
}

/** `b64tohex`, `utf8tob64u` and the like: each reads a text in one encoding and writes it in another. */
function converters({ buffers }: JwsParts): Record<string, (text: string) => string> {
  const names = { utf8: 'utf8', hex: 'hex', rstr: 'latin1', b64: 'base64', b64u: 'base64url' } as const;
  const all: Record<string, (text: string) => string> = {};
  for (const [fromName, from] of Object.entries(names)) {
    for (const [toName, to] of Object.entries(names)) {
      all[`${fromName}to${toName}`] = (text) => buffers.Buffer.from(text, from).toString(to);
    }
  }
  const short = Object.entries(all).map(([name, convert]) => [name.replace('rstr', 's'), convert] as const);
  return { ...all, ...Object.fromEntries(short) };
}
