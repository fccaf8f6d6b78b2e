// One layer of compressed data, taken apart as a stream: it stops at a limit, and gives what stands before damage.
import type { Transform } from 'node:stream';
import { createByteCollector } from './byte-collector.ts';

export type InflaterMaker = () => Transform;

export interface Inflated {
  readonly bytes: Buffer;
  /** `broken`: damaged, or it ends before its end. */
  readonly ending: 'whole' | 'size' | 'broken';
}

/** Writes that a damaged stream is taken apart in; what the last of them would have given is lost. */
const CAREFUL_WRITES = 4_096;

/** Inflates `encoded` until its end, `maxBytes` or the first damage. */
export async function inflate(make: InflaterMaker, encoded: Buffer, maxBytes: number): Promise<Inflated> {
  const inflated = await inflateBy(make, encoded, { maxBytes, writeBytes: encoded.length });
  if (inflated.ending !== 'broken') return inflated;
  // An inflater that meets damage gives nothing of the write it stands in: small ones lose little.
  const writeBytes = Math.ceil(encoded.length / CAREFUL_WRITES);
  return inflateBy(make, encoded, { maxBytes, writeBytes });
}

function inflateBy(
  make: InflaterMaker,
  encoded: Buffer,
  { maxBytes, writeBytes }: { readonly maxBytes: number; readonly writeBytes: number },
): Promise<Inflated> {
  return new Promise((resolve) => {
    const inflater = make();
    const collector = createByteCollector(maxBytes);
    const settle = (ending: Inflated['ending']): void => {
      inflater.destroy();
      resolve({ bytes: collector.bytes(), ending });
    };
    inflater.on('data', (piece: Buffer) => {
      if (!collector.add(piece)) settle('size');
    });
    inflater.on('end', () => settle('whole')).on('error', () => settle('broken'));
    const write = (from: number): void => {
      if (inflater.destroyed) return;
      const to = from + writeBytes;
      if (to < encoded.length) inflater.write(encoded.subarray(from, to), () => write(to));
      else inflater.end(encoded.subarray(from));
    };
    write(0);
  });
}
