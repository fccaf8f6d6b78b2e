import type { Collection, Environment } from '../collection/model.ts';
import type { Result } from '../failure/result.ts';

/** A file format of collections and environments. A new one is a folder here and a line in dialects.ts. */
export interface Dialect {
  readonly name: string;
  /** Endings of file names, lower-case, that are worth reading: `.json`. */
  readonly extensions: readonly string[];
  /**
   * A cheap look at a file's text and workspace-relative path. "Not mine" is not "broken": a file that is meant to be of this dialect
   * and does not parse is still `mine`.
   */
  recognise(text: string, file: string): 'mine' | 'not-mine';
  /** The document of a recognised text. Fails with COLLECTION/MALFORMED (with its place) or COLLECTION/UNSUPPORTED. */
  parse(text: string, file: string): Result<DialectDocument>;
}

/** `other`: on a full look not a document of this dialect after all. */
export type DialectDocument =
  | { readonly kind: 'collection'; readonly collection: Collection }
  | { readonly kind: 'environment'; readonly environment: Environment }
  | { readonly kind: 'other' };
