import type { Environment, Script, Variable } from '../collection/model.ts';
import type { WritableCollection } from './writer.ts';

/** Those of the collection win; of globals the first that knows a name, as everywhere. */
export function withGlobals(own: readonly Variable[], globals: readonly Environment[]): readonly Variable[] {
  const known = new Set(own.filter(({ enabled }) => enabled).map(({ name }) => name));
  const added = globals.flatMap(({ variables }) => {
    const kept = variables.filter(({ name, enabled }) => enabled && !known.has(name));
    for (const { name } of kept) known.add(name);
    return kept;
  });
  return [...added, ...own];
}

/** The collection's scripts: they are the same for every request; the longest list has them all. */
export function collectionScripts({ requests }: WritableCollection): readonly Script[] {
  return requests.reduce<readonly Script[]>((longest, { template }) => {
    const scripts = template.scripts.filter(({ from }) => from === 'collection');
    return scripts.length > longest.length ? scripts : longest;
  }, []);
}
