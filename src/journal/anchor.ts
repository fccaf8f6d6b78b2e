// The newest durable entry, noted in a file beside the database: a database that was cut short or put back to an older
// copy does not reach it. Written after the commit, so it is never ahead of what is on disk; made once, with the key, so
// that a missing one is a finding and is never papered over.
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '../../shared/failure/result.ts';
import { CHAIN_START, type ChainHash, headHash } from '../../shared/journal/chain.ts';
import { exposure } from '../state/home.ts';
import { createPrivateFile } from '../state/private-file.ts';

const ANCHOR_FILE = 'journal.head';
/** One line of fixed width: written over in place with one call, which a kill cannot split and a full disk cannot refuse. */
const LINE = /^(\d{16}) ([0-9a-f]{64}) ([0-9a-f]{64})\n$/;
const LINE_BYTES = 16 + 1 + 64 + 1 + 64 + 1;

export interface AnchorPoint {
  readonly seq: number;
  readonly hash: string;
}

export type AnchorReading = AnchorPoint | 'missing' | 'damaged';

/** Makes the anchor of an empty journal. Failures: those of private files. */
export function makeAnchor(home: string, hash: ChainHash): Result<'created' | 'exists'> {
  return createPrivateFile(join(home, ANCHOR_FILE), lineOf({ seq: 0, hash: CHAIN_START }, hash));
}

export function readAnchor(home: string, hash: ChainHash): AnchorReading {
  const reading = withAnchor(home, (descriptor) => parseAnchor(descriptor, hash));
  return reading ?? 'missing';
}

/** Moves the anchor forward; never back, and never over a damaged one. */
export function advanceAnchor(home: string, point: AnchorPoint, hash: ChainHash): void {
  withAnchor(home, (descriptor) => {
    const present = parseAnchor(descriptor, hash);
    if (present !== 'damaged' && present.seq < point.seq) writeSync(descriptor, lineOf(point, hash), 0, 'latin1');
  });
}

function parseAnchor(descriptor: number, hash: ChainHash): AnchorPoint | 'damaged' {
  const buffer = Buffer.alloc(LINE_BYTES + 1);
  const length = readSync(descriptor, buffer, 0, buffer.length, 0);
  const [, seq, newest, mac] = LINE.exec(buffer.toString('latin1', 0, length)) ?? [];
  if (seq === undefined || newest === undefined) return 'damaged';
  return headHash(Number(seq), newest, hash) === mac ? { seq: Number(seq), hash: newest } : 'damaged';
}

function lineOf({ seq, hash: newest }: AnchorPoint, hash: ChainHash): string {
  return `${String(seq).padStart(16, '0')} ${newest} ${headHash(seq, newest, hash)}\n`;
}

// Undefined where there is no anchor that this user alone can write. An error here must not undo an entry that is durable.
function withAnchor<T>(home: string, work: (descriptor: number) => T): T | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(join(home, ANCHOR_FILE), constants.O_RDWR | (constants.O_NOFOLLOW ?? 0));
    const found = fstatSync(descriptor);
    return found.isFile() && !exposure(found) ? work(descriptor) : undefined;
  } catch {
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
