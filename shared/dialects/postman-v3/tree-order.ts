/** A folder or a file among its neighbours. */
export interface Listed {
  readonly order: number;
  readonly name: string;
}

export interface Placed extends Listed {
  readonly path: string;
}

/** By `order`, then by name, in code units: the same on every machine. */
export function compareListed(a: Listed, b: Listed): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  if (a.name === b.name) return 0;
  return a.name < b.name ? -1 : 1;
}

/** Compares two requests by the folders that lead to them and themselves; folders and requests of one folder are mixed. */
export function comparePlaced(a: readonly Placed[], b: readonly Placed[]): number {
  for (const [index, mine] of a.entries()) {
    const other = b[index];
    if (!other) return 1;
    if (mine.path === other.path) continue;
    return compareListed(mine, other) || (mine.path < other.path ? -1 : 1);
  }
  return -1;
}
