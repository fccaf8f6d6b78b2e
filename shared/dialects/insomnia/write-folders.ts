// Variables of folders: the requests say which they see, and each stands as far out as all below it see the same.
import type { Variable } from '../../collection/model.ts';
import { isFolder, type WriteFolder, type WriteLeaf } from '../postman/write-tree.ts';

/** The variables that each folder states. */
export type FolderVariables = ReadonlyMap<WriteFolder, readonly Variable[]>;

type Seen = ReadonlyMap<string, Variable>;

/**
 * Places the variables of the folders below the root. `lose` gets those of a request that no folder can state, because its
 * neighbours do not see them: Insomnia has no variables of a request.
 */
export function placeVariables(root: WriteFolder, lose: (name: string, leaf: WriteLeaf) => void): FolderVariables {
  const seen = new Map(root.leaves.map((leaf) => [leaf, seenBy(leaf)]));
  const placed = new Map<WriteFolder, readonly Variable[]>();
  const visit = (node: WriteFolder | WriteLeaf, inherited: Seen): void => {
    if (!isFolder(node)) {
      for (const [name, variable] of seen.get(node) ?? []) {
        if (!isSame(inherited.get(name), variable)) lose(name, node);
      }
      return;
    }
    const own =
      node === root ? [] : statedBy(node, seen).filter((variable) => !isSame(inherited.get(variable.name), variable));
    placed.set(node, own);
    const here = new Map([...inherited, ...own.map((variable) => [variable.name, variable] as const)]);
    for (const child of node.children) visit(child, here);
  };
  visit(root, new Map());
  return placed;
}

/** Innermost first, so the first of a name wins; in a list the last. */
function seenBy({ request }: WriteLeaf): Seen {
  const outermostFirst = [...request.template.folderVariables].reverse().flat();
  return new Map(outermostFirst.filter(({ enabled }) => enabled).map((variable) => [variable.name, variable]));
}

/** What its own requests see alike, where all further in see a variable of the name: a folder in between can state another. */
function statedBy(folder: WriteFolder, seen: ReadonlyMap<WriteLeaf, Seen>): Variable[] {
  const seenBelow = folder.leaves.map((leaf) => seen.get(leaf) ?? new Map());
  const direct = folder.children.flatMap((child) => (isFolder(child) ? [] : [seen.get(child) ?? new Map()]));
  return commonTo(direct.length > 0 ? direct : seenBelow).filter(({ name }) =>
    seenBelow.every((each) => each.has(name)),
  );
}

function commonTo([first = new Map(), ...others]: readonly Seen[]): Variable[] {
  return [...first.values()].filter((variable) => others.every((seen) => isSame(seen.get(variable.name), variable)));
}

function isSame(one: Variable | undefined, other: Variable): boolean {
  return one !== undefined && JSON.stringify(one) === JSON.stringify(other);
}
