/** Bytes that come in pieces of any size. */
export interface ByteCollector {
  readonly length: number;
  /** Copies the piece; nothing of it is kept. */
  add(piece: Uint8Array): void;
  /** All bytes so far, in memory of their own. */
  bytes(): Buffer;
}

const FIRST_BYTES = 16 * 1024;

/**
 * Collects into one buffer that doubles: a list of the pieces would cost some hundred bytes for each of them, and the sender
 * decides how small they are.
 */
export function createByteCollector(): ByteCollector {
  let buffer = Buffer.alloc(0);
  let length = 0;
  return {
    get length() {
      return length;
    },
    add(piece) {
      const needed = length + piece.length;
      if (needed > buffer.length) {
        const grown = Buffer.allocUnsafeSlow(Math.max(needed, 2 * buffer.length, FIRST_BYTES));
        buffer.copy(grown, 0, 0, length);
        buffer = grown;
      }
      buffer.set(piece, length);
      length = needed;
    },
    bytes: () => Buffer.from(buffer.subarray(0, length)),
  };
}
