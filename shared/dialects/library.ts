// All files of a workspace by what they say, whatever their formats.
import type { DialectName } from '../collection/dialect-name.ts';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import type { Dialect, DialectReader, Documents } from './dialect.ts';
import { type Look, lookAt } from './look.ts';
import { scopeEnvironments } from './scope-environments.ts';

export interface Library {
  /**
   * Takes in a file's text, in place of what the file said before. `other`: no dialect knows it. Fails as the dialect that
   * recognised it does; what the file said before then stays.
   */
  put(file: string, text: string): Result<'taken' | 'other'>;
  /** Notes that a file cannot be read; what it said before stays, and what needs it and never had it is not executed. */
  fail(file: string): void;
  remove(file: string): void;
  /** Whether any text of this file was taken. */
  holds(file: string): boolean;
  /** Whether a dialect recognises a text; nothing is taken in. */
  knows(file: string, text: string): boolean;
  documents(): Documents;
}

/** An empty library of these dialects, asked in their order. */
export function createLibrary(dialects: readonly Dialect[]): Library {
  const readers = new Map(dialects.map((dialect) => [dialect.name, dialect.createReader()]));
  const owners = new Map<string, readonly DialectName[]>();
  const own = (file: string, takers: readonly DialectName[]): void => {
    // Each, because a reader also remembers files that it failed to read and never took.
    for (const [name, reader] of readers) if (!takers.includes(name)) reader.remove(file);
    if (takers.length > 0) owners.set(file, takers);
    else owners.delete(file);
  };
  return {
    put(file, text) {
      const look = lookAt(file, text);
      const takers: DialectName[] = [];
      for (const dialect of dialects) {
        if (!dialect.recognise(look)) continue;
        const taken = take(dialect, readers.get(dialect.name), look);
        if (!taken.ok) return taken;
        if (taken.value === 'other') continue;
        takers.push(dialect.name);
        if (!dialect.shares?.(look)) break;
      }
      own(file, takers);
      return ok(takers.length > 0 ? 'taken' : 'other');
    },
    fail(file) {
      for (const reader of readers.values()) reader.fail?.(file);
    },
    remove: (file) => own(file, []),
    holds: (file) => owners.has(file),
    knows(file, text) {
      const look = lookAt(file, text);
      return dialects.some((dialect) => dialect.recognise(look));
    },
    documents: () => join(scopeEnvironments(new Map([...readers].map(([name, reader]) => [name, reader.documents()])))),
  };
}

/** A dialect that throws is a bug, and still one file must not keep the others from being served. */
function take(dialect: Dialect, reader: DialectReader | undefined, look: Look): Result<'taken' | 'other'> {
  try {
    return reader?.put(look) ?? ok('other');
  } catch {
    const { file } = look;
    reader?.fail?.(file);
    return err(failure('COLLECTION/MALFORMED', { file, problem: `it cannot be read as ${dialect.name}` }, { file }));
  }
}

function join(all: readonly Documents[]): Documents {
  return {
    collections: all.flatMap(({ collections }) => collections),
    environments: all.flatMap(({ environments }) => environments),
    problems: all.flatMap(({ problems }) => problems),
  };
}
