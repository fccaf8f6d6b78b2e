// Undoes content codings (RFC 9110 section 8.4.1), each layer up to the same limit, so that no nesting of bombs grows past it. What
// a cut or damaged body gives until then is kept.
import * as zlib from 'node:zlib';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { Incomplete } from '../../shared/stages/stages.ts';
import { type Inflated, type InflaterMaker, inflate } from './inflate-within.ts';
import type { HeaderPair } from './receive.ts';

export interface Decoded {
  readonly body: Uint8Array;
  /** The codings that could not be undone: the body is not what its Content-Type says. */
  readonly undecoded?: string;
  /** Absent where all of the encoded bytes were decoded. */
  readonly incomplete?: Incomplete;
}

export interface DecodeOptions {
  readonly origin: string;
  /** Of each layer's result. */
  readonly maxBytes: number;
  /** Why the encoded bytes are only the beginning of the body; absent where they are all of it. */
  readonly incomplete?: Incomplete | undefined;
}

/**
 * Decodes a body by its Content-Encoding headers. An unknown coding leaves all bytes as they came. Of a body over `maxBytes`
 * comes the beginning (`size`), of damaged data what stands before the damage (`broken`). Fails with NETWORK/RESPONSE_INVALID for
 * whole data of which nothing can be decoded, and for too many codings.
 */
export async function decodeBody(
  encoded: Buffer,
  headers: readonly HeaderPair[],
  { origin, maxBytes, incomplete }: DecodeOptions,
): Promise<Result<Decoded>> {
  const codings = contentCodings(headers);
  const cut = incomplete && { incomplete };
  if (encoded.length === 0 || codings.length === 0) return ok({ body: encoded, ...cut });
  const invalid = (reason: string) => err(failure('NETWORK/RESPONSE_INVALID', { origin, reason }));
  if (codings.length > limits.contentEncodings) return invalid('too many content codings');
  const layers = codings.map(makerOf).filter((make) => make !== undefined);
  if (layers.length < codings.length) return ok({ body: encoded, undecoded: codings.join(', '), ...cut });
  let body = encoded;
  let ending: Inflated['ending'] = 'whole';
  // Codings are listed in the order in which they were applied.
  for (const make of layers.toReversed()) {
    const inflated = await inflate(make(body), body, maxBytes);
    body = inflated.bytes;
    if (ending !== 'size' && inflated.ending !== 'whole') ending = inflated.ending;
  }
  if (ending === 'broken' && body.length === 0 && !incomplete) return invalid(`damaged ${codings.join(', ')} data`);
  const why = ending === 'size' ? ending : (incomplete ?? (ending === 'whole' ? undefined : ending));
  return ok({ body, ...(why && { incomplete: why }) });
}

/** Gives the maker of an inflater, which may depend on the first bytes; undefined for a coding that is not known. */
function makerOf(coding: string): ((encoded: Buffer) => InflaterMaker) | undefined {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return () => zlib.createGunzip;
    case 'deflate':
      return (encoded) => (hasZlibHeader(encoded) ? zlib.createInflate : zlib.createInflateRaw);
    case 'br':
      return () => zlib.createBrotliDecompress;
    default:
      return undefined;
  }
}

/** The codings of a body in the order in which they were applied. */
export function contentCodings(headers: readonly HeaderPair[]): string[] {
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
