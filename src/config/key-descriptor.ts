// A key on a file descriptor that whoever started this process left open for it.
import { closeSync, constants, fstatSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';

const WAIT_MS = 10;
const LONGEST_WAIT_MS = 10_000;

/**
 * Reads until `isComplete` (one line) or to the end, at most `maxBytes`, and closes the descriptor. Undefined where there is nothing of
 * the kind, and then nothing is closed: low numbers may be the runtime's own.
 */
export function readDescriptor(
  descriptor: number,
  maxBytes: number,
  isComplete: (bytes: Buffer) => boolean = hasLine,
): Buffer | undefined {
  if (!isForReading(descriptor)) return undefined;
  const bytes = Buffer.alloc(maxBytes);
  const length = readUntil(descriptor, bytes, isComplete);
  if (length === undefined) return undefined;
  closeSync(descriptor);
  return bytes.subarray(0, length);
}

function isForReading(descriptor: number): boolean {
  try {
    const found = fstatSync(descriptor);
    return found.isFile() || found.isSocket() || (found.isFIFO() && !isOwn(descriptor));
  } catch {
    return false;
  }
}

/** A pipe whose other end is ours too: the runtime talks to itself. Told on Linux alone. */
function isOwn(descriptor: number): boolean {
  const target = targetOf(descriptor);
  if (target === undefined) return false;
  return readdirSync('/proc/self/fd').some((name) => targetOf(name) === target && isForWriting(name));
}

function targetOf(descriptor: number | string): string | undefined {
  try {
    return readlinkSync(`/proc/self/fd/${descriptor}`);
  } catch {
    return undefined;
  }
}

function isForWriting(descriptor: string): boolean {
  try {
    const flags = /^flags:\s*([0-7]+)$/m.exec(readFileSync(`/proc/self/fdinfo/${descriptor}`, 'latin1'))?.[1];
    return flags !== undefined && (Number.parseInt(flags, 8) & (constants.O_WRONLY | constants.O_RDWR)) !== 0;
  } catch {
    return false;
  }
}

function hasLine(bytes: Buffer): boolean {
  return bytes.includes(0x0a);
}

// Not always to the end: who writes into a pipe may leave it open.
function readUntil(descriptor: number, bytes: Buffer, isComplete: (bytes: Buffer) => boolean): number | undefined {
  let length = 0;
  let waited = 0;
  while (length < bytes.length && !isComplete(bytes.subarray(0, length))) {
    const count = readSome(descriptor, bytes, length);
    if (count === 0) break;
    if (count === undefined || (count === 'not yet' && waited >= LONGEST_WAIT_MS)) return undefined;
    if (count === 'not yet') waited += pause();
    else length += count;
  }
  return length;
}

function readSome(descriptor: number, bytes: Buffer, at: number): number | 'not yet' | undefined {
  try {
    return readSync(descriptor, bytes, at, bytes.length - at, null);
  } catch (error) {
    const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'EAGAIN' ? 'not yet' : undefined;
  }
}

function pause(): number {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
  return WAIT_MS;
}
