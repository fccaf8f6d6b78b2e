// What the configuration says of the files that are served, asked by path relative to a root.
import { createGlob } from './glob.ts';

export interface Selection {
  /** Whether the globs let a file through. */
  admits(file: string): boolean;
  /** Whether a glob names exactly this file or folder: then no ignore file above it counts. */
  names(file: string): boolean;
  /** Whether something below this folder is named so. */
  leadsToNamed(folder: string): boolean;
}

/** `include` is the list that names; of every list a file has to match one glob. */
export function createSelection(
  include: readonly string[] | undefined,
  alsoWithin: readonly (readonly string[])[],
): Selection {
  const lists = include === undefined ? alsoWithin : [include, ...alsoWithin];
  const matchers = lists.map((list) => list.map(createGlob));
  const exact = (include ?? []).filter((glob) => !/[*?]/.test(glob)).map(normal);
  const named = new Set(exact);
  return {
    admits: (file) => matchers.every((list) => list.some((matches) => matches(file))),
    names: (file) => named.has(file),
    leadsToNamed: (folder) => exact.some((path) => path.startsWith(`${folder}/`)),
  };
}

function normal(glob: string): string {
  return glob
    .split('/')
    .filter((segment) => segment !== '' && segment !== '.')
    .join('/');
}
