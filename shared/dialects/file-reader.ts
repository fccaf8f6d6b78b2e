import type { Collection, Environment } from '../collection/model.ts';
import type { Failure } from '../failure/failure.ts';
import { ok, type Result } from '../failure/result.ts';
import type { DialectReader, Documents } from './dialect.ts';
import type { Look } from './look.ts';

/** What one file holds. */
export interface FileDocument {
  readonly collections?: readonly Collection[];
  readonly environments?: readonly Environment[];
  /** What could not be read of it and belongs to no one collection. */
  readonly problems?: readonly Failure[];
}

/** The reader of a dialect whose files stand alone. `parse` gives undefined for a file that is not of it after all. */
export function createFileReader(parse: (look: Look) => Result<FileDocument | undefined>): DialectReader {
  const files = new Map<string, FileDocument>();
  let documents: Documents | undefined;
  return {
    put(look) {
      const parsed = parse(look);
      if (!parsed.ok) return parsed;
      documents = undefined;
      if (parsed.value === undefined) {
        files.delete(look.file);
        return ok('other');
      }
      files.set(look.file, parsed.value);
      return ok('taken');
    },
    remove(file) {
      if (files.delete(file)) documents = undefined;
    },
    documents() {
      documents ??= collect(files);
      return documents;
    },
  };
}

function collect(files: ReadonlyMap<string, FileDocument>): Documents {
  const inOrder = [...files].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, document]) => document);
  return {
    collections: inOrder.flatMap(({ collections }) => collections ?? []),
    environments: inOrder.flatMap(({ environments }) => environments ?? []),
    problems: inOrder.flatMap(({ problems }) => problems ?? []),
  };
}
