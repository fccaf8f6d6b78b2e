import type { JsonObject } from '../../collection/narrow.ts';
import type { Resource } from './read-v4.ts';
import type { Workspace } from './workspace.ts';

/**
 * The environments of the workspaces of an export: of each the first that stands directly under it always holds, the others
 * are to choose from. Those that have lost their parent belong to the first workspace; those that `admits` refuses are left out.
 */
export function createEnvironments(
  resources: readonly Resource[],
  workspaces: readonly Resource[],
  admits: (environment: Resource) => boolean,
): (workspaceId: string) => Pick<Workspace, 'base' | 'environments'> {
  const all = resources.filter(({ type }) => type === 'environment');
  const byId = new Map(all.map((each) => [each.id, each]));
  const known = new Set(workspaces.map(({ id }) => id));
  const owners = new Map<Resource, string>();
  const owned = new Map<string, Resource[]>();
  for (const each of all) {
    const stated = ownerOf(each, byId, owners);
    const owner = known.has(stated) ? stated : (workspaces[0]?.id ?? '');
    const others = owned.get(owner);
    if (others) others.push(each);
    else owned.set(owner, [each]);
  }
  return (workspaceId) => {
    const own = owned.get(workspaceId) ?? [];
    const base = own.find(({ parentId }) => !byId.has(parentId));
    const held = base && admits(base) ? base.object : undefined;
    const others = own.filter((each) => each !== base && admits(each));
    return { base: held, environments: others.map(({ object }): JsonObject => object) };
  };
}

/** The id that the chain of parents ends with; `owners` keeps it for every environment on the way. */
function ownerOf(environment: Resource, byId: ReadonlyMap<string, Resource>, owners: Map<Resource, string>): string {
  const way = new Set<Resource>();
  let top = environment;
  for (;;) {
    const known = owners.get(top);
    const parent = byId.get(top.parentId);
    way.add(top);
    if (known === undefined && parent && !way.has(parent)) {
      top = parent;
      continue;
    }
    const owner = known ?? top.parentId;
    for (const each of way) owners.set(each, owner);
    return owner;
  }
}
