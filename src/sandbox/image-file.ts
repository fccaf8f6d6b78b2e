// The image: the engine's module, and its memory after the guest with all its libraries was evaluated. One file, so that the parts of
// two builds never meet: a line with the SHA-256 of what follows, a line of JSON, the module, then the pages of the memory that are not
// empty.
import { createHash } from 'node:crypto';

/** Addresses and sizes that go with an image. All of them are part of the memory: they are the same in every machine. */
export interface ImageHeader {
  readonly format: 1;
  /** Of the module in the file. */
  readonly moduleBytes: number;
  /** Size of the memory, in pages of 64 KiB. */
  readonly pages: number;
  /** What of the memory is not empty: where it stands and how long it is. */
  readonly filled: readonly (readonly [from: number, bytes: number])[];
  readonly runtime: number;
  readonly context: number;
  /** The value `undefined`. */
  readonly undefined: number;
  /** Room for addresses of arguments. */
  readonly scratch: number;
  /** Functions of the guest. */
  readonly start: number;
  readonly resume: number;
  readonly rejected: number;
  /** Gives what the guest reads from the clock and from Math.random. */
  readonly probe: number;
  readonly stack: number;
  readonly trackerIndex: number;
}

export interface Image {
  readonly header: ImageHeader;
  readonly module: Uint8Array<ArrayBuffer>;
  /** The memory; shared, so that all threads have one. */
  readonly memory: SharedArrayBuffer;
}

const LINE_END = 0x0a;
/** Granularity in which empty memory is left out. */
const BLOCK_BYTES = 4096;

/** The bytes of an image. */
export function writeImage(
  header: Omit<ImageHeader, 'format' | 'moduleBytes' | 'filled'>,
  module: Uint8Array,
  memory: Uint8Array,
): Uint8Array {
  const filled = filledParts(memory);
  const whole: ImageHeader = { format: 1, moduleBytes: module.length, filled, ...header };
  const content = Buffer.concat([
    Buffer.from(`${JSON.stringify(whole)}\n`),
    module,
    ...filled.map(([from, bytes]) => memory.subarray(from, from + bytes)),
  ]);
  return Buffer.concat([Buffer.from(`${digestOf(content)}\n`), content]);
}

/** Reads what `writeImage` wrote. Throws where one byte of it is another: the file comes with the program. */
export function readImage(written: Uint8Array<ArrayBuffer>): Image {
  const digestEnd = written.indexOf(LINE_END);
  const file = written.subarray(digestEnd + 1);
  const digest = Buffer.from(written.subarray(0, Math.max(digestEnd, 0))).toString();
  if (digest !== digestOf(file)) throw new Error('the image is damaged');
  const headerEnd = file.indexOf(LINE_END);
  const header = JSON.parse(Buffer.from(file.subarray(0, Math.max(headerEnd, 0))).toString()) as ImageHeader;
  if (header.format !== 1) throw new Error('the image is of another version');
  let at = headerEnd + 1 + header.moduleBytes;
  const module = file.subarray(headerEnd + 1, at);
  const last = header.filled.at(-1) ?? [0, 0];
  const memory = new Uint8Array(new SharedArrayBuffer(last[0] + last[1]));
  for (const [from, bytes] of header.filled) {
    memory.set(file.subarray(at, at + bytes), from);
    at += bytes;
  }
  return { header, module, memory: memory.buffer };
}

function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

function filledParts(memory: Uint8Array): (readonly [from: number, bytes: number])[] {
  const empty = Buffer.alloc(BLOCK_BYTES);
  const parts: (readonly [number, number])[] = [];
  for (let from = 0; from < memory.length; from += BLOCK_BYTES) {
    if (empty.equals(memory.subarray(from, from + BLOCK_BYTES))) continue;
    const [start, bytes] = parts.at(-1) ?? [0, 0];
    if (parts.length > 0 && start + bytes === from) parts[parts.length - 1] = [start, bytes + BLOCK_BYTES];
    else parts.push([from, BLOCK_BYTES]);
  }
  return parts;
}
