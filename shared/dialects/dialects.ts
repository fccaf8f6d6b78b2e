import type { DialectName } from '../collection/dialect-name.ts';
import type { Dialect } from './dialect.ts';

/** A dialect before its code is loaded. */
export interface DialectEntry {
  readonly name: DialectName;
  /** Endings of file names, lower-case, that are worth reading: `.json`. */
  readonly extensions: readonly string[];
  /** Names of files that are read though they are hidden or ignored, because a client reads them beside its collections. */
  readonly companions: readonly string[];
  load(): Promise<Dialect>;
}

/** Every dialect, in the order in which they are asked. */
export const dialects: readonly DialectEntry[] = [
  {
    name: 'postman',
    extensions: ['.json', '.postman_collection', '.postman_environment', '.postman_globals'],
    companions: [],
    load: async () => (await import('./postman/postman.ts')).postman,
  },
];
