import { textOf } from '../../collection/narrow.ts';
import { RESOURCES } from './file-role.ts';
import type { ExampleContent, RequestContent } from './pieces.ts';
import { compareListed } from './tree-order.ts';

/** Examples by the folder that they lie in. */
export type ExamplesByFolder = ReadonlyMap<string, readonly ExampleContent[]>;

export interface FoundExamples {
  readonly examples: readonly ExampleContent[];
  readonly notes: readonly string[];
}

const OUTSIDE = 'Its examples are outside of its folder and are not read.';

/** The examples of a request: from the folder that it names, which must be inside its own, else from the usual one. */
export function findExamples({ folder, stem, keys }: RequestContent, all: ExamplesByFolder): FoundExamples {
  const stated = textOf(keys().examples);
  const path = resolveInside(folder, stated === '' ? `${RESOURCES}/${stem}.resources/examples` : stated);
  if (path === undefined) return { examples: [], notes: [OUTSIDE] };
  return { examples: [...(all.get(path) ?? [])].sort(compareListed), notes: [] };
}

/** undefined: the path is absolute or leads out of the folder. */
function resolveInside(folder: string, path: string): string | undefined {
  if (path.startsWith('/')) return undefined;
  const inside: string[] = [];
  for (const segment of path.split('/')) {
    if (segment === '' || segment === '.') continue;
    if (segment !== '..') inside.push(segment);
    else if (inside.pop() === undefined) return undefined;
  }
  return [...(folder === '' ? [] : [folder]), ...inside].join('/');
}
