// Takes a machine's memory back to its image, all of it: what a run wrote where the image has nothing is emptied.
import { limits } from '../../shared/limits.ts';

export interface MemoryKeeper {
  /** Lays the image over memory that is still empty. */
  begin(): void;
  /** False where the memory has grown too large to be worth keeping. */
  restore(): boolean;
}

const BLOCK_BYTES = 16 * 1024;

/** `image` is the beginning of the memory, of which `filled` is not empty; what comes after it is. */
export function createMemoryKeeper(
  memory: WebAssembly.Memory,
  image: Uint8Array,
  filled: readonly (readonly [from: number, bytes: number])[],
): MemoryKeeper {
  const empty = Buffer.alloc(BLOCK_BYTES);
  const blocks = new Map<number, Buffer>();
  for (const [from, bytes] of filled) {
    for (let at = from - (from % BLOCK_BYTES); at < from + bytes; at += BLOCK_BYTES) blocks.set(at, blockOf(image, at));
  }
  let live = { buffer: memory.buffer, blocks: blocksOf(memory.buffer) };
  return {
    begin() {
      const all = new Uint8Array(memory.buffer);
      for (const [at, block] of blocks) all.set(block, at);
    },
    restore() {
      // It cannot become smaller again, and all of it has to be looked at after each run.
      if (memory.buffer.byteLength > limits.scriptKeptBytes) return false;
      // Made once: as many objects after each run would be most of what this thread leaves to the garbage collector.
      if (live.buffer !== memory.buffer) live = { buffer: memory.buffer, blocks: blocksOf(memory.buffer) };
      for (const [index, block] of live.blocks.entries()) {
        const before = blocks.get(index * BLOCK_BYTES) ?? empty;
        if (!block.equals(before)) block.set(before);
      }
      return true;
    },
  };
}

function blocksOf(buffer: ArrayBuffer): Buffer[] {
  return Array.from({ length: buffer.byteLength / BLOCK_BYTES }, (_, index) =>
    Buffer.from(buffer, index * BLOCK_BYTES, BLOCK_BYTES),
  );
}

/** A whole block, also where the image ends in it. */
function blockOf(image: Uint8Array, at: number): Buffer {
  const part = image.subarray(at, at + BLOCK_BYTES);
  if (part.length === BLOCK_BYTES) return Buffer.from(part.buffer, part.byteOffset, BLOCK_BYTES);
  const whole = Buffer.alloc(BLOCK_BYTES);
  whole.set(part);
  return whole;
}
