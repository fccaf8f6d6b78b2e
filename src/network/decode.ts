// Undoes content codings (RFC 9110 section 8.4.1), each layer held to the same cap, so that no nesting of bombs grows past it.
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { HeaderPair } from './receive.ts';

interface Caps {
  readonly maxOutputLength: number;
}

type Decoder = (bytes: Buffer, caps: Caps) => Promise<Buffer>;
type Inflater = (bytes: Buffer, caps: Caps, done: (error: Error | null, result: Buffer) => void) => void;

const decoder =
  (undo: Inflater): Decoder =>
  (bytes, caps) =>
    new Promise((resolve, reject) => undo(bytes, caps, (error, result) => (error ? reject(error) : resolve(result))));

const gunzipped = decoder(gunzip);
const inflated = decoder(inflate);
const inflatedRaw = decoder(inflateRaw);
const unbrotlied = decoder(brotliDecompress);

const decoders: Readonly<Record<string, Decoder>> = {
  gzip: gunzipped,
  'x-gzip': gunzipped,
  deflate: (bytes, caps) => (hasZlibHeader(bytes) ? inflated : inflatedRaw)(bytes, caps),
  br: unbrotlied,
};

export interface Decoded {
  readonly body: Uint8Array;
  /** The codings that could not be undone: the body is not what its Content-Type says. */
  readonly undecoded?: string;
}

/**
 * Decodes a body by its Content-Encoding headers. An unknown coding leaves all bytes as they came. Fails with
 * NETWORK/RESPONSE_TOO_LARGE past `maxBytes`, and NETWORK/RESPONSE_INVALID for damaged data or too many codings.
 */
export async function decodeBody(
  encoded: Buffer,
  headers: readonly HeaderPair[],
  { origin, maxBytes }: { readonly origin: string; readonly maxBytes: number },
): Promise<Result<Decoded>> {
  const codings = contentCodings(headers);
  if (encoded.length === 0 || codings.length === 0) return ok({ body: encoded });
  const invalid = (reason: string) => err(failure('NETWORK/RESPONSE_INVALID', { origin, reason }));
  if (codings.length > limits.contentEncodings) return invalid('too many content codings');
  if (!codings.every((coding) => Object.hasOwn(decoders, coding)))
    return ok({ body: encoded, undecoded: codings.join(', ') });
  let body = encoded;
  // Codings are listed in the order in which they were applied.
  for (const coding of codings.toReversed()) {
    try {
      body = (await decoders[coding]?.(body, { maxOutputLength: maxBytes })) ?? body;
    } catch (error) {
      const tooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
      return tooLarge
        ? err(failure('NETWORK/RESPONSE_TOO_LARGE', { limitBytes: maxBytes }))
        : invalid(`damaged ${coding} data`);
    }
  }
  return ok({ body });
}

function contentCodings(headers: readonly HeaderPair[]): string[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .flatMap(([, value]) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

/** RFC 1950 section 2.2. Some servers send raw deflate data under this name instead. */
function hasZlibHeader(bytes: Buffer): boolean {
  const [method = 0, flags = 0] = bytes;
  return (method & 0x0f) === 8 && ((method << 8) | flags) % 31 === 0;
}
