// Dialects whose code is loaded when the first file needs it, behind the face of loaded ones.
import type { DialectName } from '../../shared/collection/dialect-name.ts';
import type { Dialect, DialectReader, Documents } from '../../shared/dialects/dialect.ts';
import type { DialectEntry } from '../../shared/dialects/dialects.ts';
import { fileName } from '../../shared/dialects/look.ts';
import { ok } from '../../shared/failure/result.ts';
import { dialectsBeside, dialectsOf } from './interest.ts';

export interface LateDialects {
  /** In their order. Each is asked of files with its own names only, or with names that are nobody's; and once it is loaded. */
  readonly dialects: readonly Dialect[];
  /** Loads those that are not yet. */
  load(entries: Iterable<DialectEntry>): Promise<void>;
  /** Every dialect, to be asked of any file. */
  loadAll(): Promise<readonly Dialect[]>;
}

export function createLateDialects(entries: readonly DialectEntry[]): LateDialects {
  const loading = new Map<DialectName, Promise<Dialect>>();
  const loaded = new Map<DialectName, Dialect>();
  const begin = async (entry: DialectEntry): Promise<Dialect> => {
    const dialect = await entry.load();
    loaded.set(entry.name, dialect);
    return dialect;
  };
  const loadEach = (wanted: Iterable<DialectEntry>): Promise<Dialect[]> =>
    Promise.all(
      [...wanted].map((entry) => {
        const dialect = loading.get(entry.name) ?? begin(entry);
        loading.set(entry.name, dialect);
        return dialect;
      }),
    );
  return {
    dialects: entries.map((entry) => ({
      name: entry.name,
      recognise: (look) => isAsked(entry, look.file) && (loaded.get(entry.name)?.recognise(look) ?? false),
      shares: (look) => loaded.get(entry.name)?.shares?.(look) ?? false,
      createReader: () => lateReader(() => loaded.get(entry.name)),
    })),
    async load(wanted) {
      await loadEach(wanted);
    },
    loadAll: () => loadEach(entries),
  };
}

function isAsked(entry: DialectEntry, file: string): boolean {
  const name = fileName(file);
  const known = [...dialectsOf(name), ...dialectsBeside(name)];
  return known.length === 0 || known.includes(entry);
}

const NOTHING: Documents = { collections: [], environments: [], problems: [] };

function lateReader(dialect: () => Dialect | undefined): DialectReader {
  let reader: DialectReader | undefined;
  const open = (): DialectReader | undefined => (reader ??= dialect()?.createReader());
  return {
    put: (look) => open()?.put(look) ?? ok('other'),
    fail: (file) => open()?.fail?.(file),
    remove: (file) => reader?.remove(file),
    documents: () => reader?.documents() ?? NOTHING,
  };
}
