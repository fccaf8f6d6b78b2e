import type { DialectName } from '../collection/dialect-name.ts';
import type { Collection, Environment } from '../collection/model.ts';
import type { Failure } from '../failure/failure.ts';
import type { Result } from '../failure/result.ts';
import type { Look } from './look.ts';

/** A file format of collections and environments. A new one is a folder here and a line in dialects.ts. */
export interface Dialect {
  readonly name: DialectName;
  /**
   * Whether a file is meant to be of this dialect: a cheap look, a few microseconds for a file that is not. "Not mine" is
   * not "broken": a file that is meant to be of this dialect and does not parse is still its own.
   */
  recognise(look: Look): boolean;
  /** Whether a file that it takes is read by clients of other formats too, such as `.env`: they are then asked as well. */
  shares?(look: Look): boolean;
  /** A reader that holds no file yet. */
  createReader(): DialectReader;
}

/** What the files of one dialect say, kept up to date file by file. */
export interface DialectReader {
  /**
   * Takes in a recognised file, in place of what it said before. `other`: on a full look it is not of this dialect after all.
   * Fails with COLLECTION/MALFORMED (with its place) or COLLECTION/UNSUPPORTED; what the file said before then stays.
   */
  put(look: Look): Result<'taken' | 'other'>;
  /**
   * Notes that a file cannot be read, as `put` does of one that does not parse. What it said before stays; where it was never
   * taken and others inherit from it, those are not executed until it is read or removed.
   */
  fail?(file: string): void;
  /** Forgets a file; one that was never taken is no mistake. */
  remove(file: string): void;
  /** What all files amount to, in the order of their paths. The same object as before where nothing changed. */
  documents(): Documents;
}

export interface Documents {
  readonly collections: readonly Collection[];
  readonly environments: readonly Environment[];
  /** What could not be read of files that were taken and belong to no one collection; a collection has its own. */
  readonly problems: readonly Failure[];
}
