// The checkpoints that a server writes: notes one after the other in a file of the data folder that is only ever appended to.
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { systemCode } from '../state/error-code.ts';
import { exposure } from '../state/home.ts';

export const CHECKPOINTS_FILE = 'journal.checkpoints';
/** More than a note of ours has. */
const TAIL_BYTES = 4_096;
const START = 'keyward journal ';
/** The lines of a note before its signature. */
const LINES = [/^keyward journal [0-9a-f]{16}$/, /^\d+$/, /^[A-Za-z0-9+/]{43}=$/, /^[\dT:.-]{23}Z$/, /^$/];
const { O_APPEND, O_CREAT, O_NOFOLLOW, O_RDONLY, O_RDWR } = constants;

/**
 * The newest note, or `missing`. One that was cut short while it was written does not count. Failures: CONFIG/HOME_UNSAFE,
 * INTERNAL/STATE_UNAVAILABLE (reason: errno).
 */
export function readNewestCheckpoint(home: string): Result<string | 'missing'> {
  return withFile(home, O_RDONLY, (descriptor) => {
    const lines = wholeNotes(readTail(descriptor));
    const newest = lines.slice(Math.max(0, lastStart(lines)));
    return newest === '' ? 'missing' : Buffer.from(newest, 'latin1').toString('utf8');
  });
}

/** On disk when it returns; takes the place of a note that was cut short. Failures: as of `readNewestCheckpoint`. */
export function appendCheckpoint(home: string, note: string): Result<void> {
  const appended = withFile(home, O_RDWR | O_APPEND | O_CREAT, (descriptor) => {
    const tail = readTail(descriptor);
    const extra = tail.length - wholeNotes(tail).length;
    if (extra > 0) ftruncateSync(descriptor, fstatSync(descriptor).size - extra);
    const bytes = Buffer.from(note);
    // A full disk is reported as a short count; the loop ends with the error.
    for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
    fsyncSync(descriptor);
  });
  return appended.ok ? ok(undefined) : appended;
}

/** Without what a write that did not end has left: some lines of a note, the last one perhaps not whole. */
function wholeNotes(tail: string): string {
  const lines = tail.slice(0, tail.lastIndexOf('\n') + 1);
  const from = lastStart(lines);
  return from >= 0 && isCutShort(lines.slice(from)) ? lines.slice(0, from) : lines;
}

function lastStart(lines: string): number {
  return `\n${lines}`.lastIndexOf(`\n${START}`);
}

/** Whether a note ends after one of its lines; what was changed in it is not taken for that. */
function isCutShort(note: string): boolean {
  const lines = note.slice(0, -1).split('\n');
  return lines.length <= LINES.length && lines.every((line, at) => LINES[at]?.test(line));
}

/** One character for each byte. */
function readTail(descriptor: number): string {
  const { size } = fstatSync(descriptor);
  const buffer = Buffer.alloc(Math.min(size, TAIL_BYTES));
  const length = readSync(descriptor, buffer, 0, buffer.length, size - buffer.length);
  return buffer.toString('latin1', 0, length);
}

function withFile<T>(home: string, flags: number, work: (descriptor: number) => T): Result<T | 'missing'> {
  const path = join(home, CHECKPOINTS_FILE);
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, flags | (O_NOFOLLOW ?? 0), 0o600);
    const found = fstatSync(descriptor);
    const problem = found.isFile() ? exposure(found) : 'it is not a plain file';
    if (problem) return err(failure('CONFIG/HOME_UNSAFE', { home: path, problem }));
    return ok(work(descriptor));
  } catch (error) {
    const reason = systemCode(error);
    if (reason === 'ENOENT') return ok('missing');
    if (reason === 'ELOOP') return err(failure('CONFIG/HOME_UNSAFE', { home: path, problem: 'it is a link' }));
    return err(failure('INTERNAL/STATE_UNAVAILABLE', { reason }));
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}
