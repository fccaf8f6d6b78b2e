/** Bytes that come in pieces of any size, up to a limit. */
export interface ByteCollector {
  readonly length: number;
  /** Copies the piece, or as much of it as the limit leaves room for; false where that is not all of it. */
  add(piece: Uint8Array): boolean;
  /** All bytes so far, without a copy: nothing may be added after it. */
  bytes(): Buffer;
}

const FIRST_BYTES = 256 * 1024;
/** What is reserved at once; a limit above it is grown to by doubling. */
const RESERVED_BYTES = 32 * 1024 * 1024;

/**
 * Collects at most `maxBytes` into one buffer: a list of the pieces would cost some hundred bytes for each of them, and the
 * sender decides how small they are. Room is reserved for all that may come, once it is more than a little: the system gives
 * memory only where it is written to, while every buffer that was outgrown would stay until the next garbage collection.
 */
export function createByteCollector(maxBytes: number, expectedBytes = 0): ByteCollector {
  let buffer = Buffer.alloc(0);
  let length = 0;
  const grow = (needed: number): void => {
    const wanted =
      buffer.length === 0 ? Math.max(expectedBytes, FIRST_BYTES) : Math.max(2 * buffer.length, RESERVED_BYTES);
    const grown = Buffer.allocUnsafeSlow(Math.min(maxBytes, Math.max(needed, wanted)));
    buffer.copy(grown, 0, 0, length);
    buffer = grown;
  };
  return {
    get length() {
      return length;
    },
    add(piece) {
      const taken = piece.subarray(0, maxBytes - length);
      if (length + taken.length > buffer.length) grow(length + taken.length);
      buffer.set(taken, length);
      length += taken.length;
      return taken.length === piece.length;
    },
    bytes: () => buffer.subarray(0, length),
  };
}
