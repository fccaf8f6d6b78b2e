// Insomnia 4 exports: a flat list of resources, each with the id of its parent. Every workspace is a collection.
import { isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';
import { limits } from '../../limits.ts';
import { createEnvironmentLimits } from './environment-limits.ts';
import { createEnvironments } from './environments-v4.ts';
import {
  type Export,
  type Item,
  malformed,
  notesOf,
  type Problem,
  type Protocol,
  protocols,
  tooDeep,
  type Workspace,
} from './workspace.ts';

export interface Resource {
  readonly object: JsonObject;
  readonly index: number;
  /** In the singular, as `_type` says: `request_group`. */
  readonly type: string;
  readonly id: string;
  readonly parentId: string;
}

const ITEM_TYPES: Readonly<Record<string, 'folder' | 'http' | Protocol>> = {
  request_group: 'folder',
  request: 'http',
  grpc_request: protocols.grpc,
  websocket_request: protocols.websocket,
  socketio_request: protocols.socketio,
  socket_io_request: protocols.socketio,
  mcp_request: protocols.mcp,
};

/** Reads an export. What has lost its parent, or is its own, is served at the top of the first workspace. */
export function readV4(root: JsonObject, file: string): Export {
  const resources = listOr(root.resources).flatMap((object, index) =>
    isObject(object) ? [resource(object, index)] : [],
  );
  const workspaces = workspacesOf(resources);
  const walk = startWalk(resources, workspaces, file);
  const roots = workspaces.map(({ id }) => walkChildren(walk, id, 0));
  const cut = walkCycles(walk);
  const admits = createEnvironmentLimits(file, walk.problems);
  const environments = createEnvironments(resources, workspaces, (each) => admits(each.object, pathOf(each)));
  const jars = new Map(resources.filter(({ type }) => type === 'cookie_jar').map((jar) => [jar.parentId, jar.object]));
  return {
    format: 'insomnia-4',
    workspaces: workspaces.flatMap((workspace, at) => {
      const items = [...(roots[at] ?? []), ...(at === 0 ? cut : [])];
      // A mock server answers requests and has none itself.
      const isMock = workspace.object.scope === 'mock-server' && items.length === 0;
      return isMock
        ? []
        : [
            {
              ...toWorkspace(workspace, items),
              ...environments(workspace.id),
              notes: notesOf(jars.get(workspace.id), []),
            },
          ];
    }),
    problems: walk.problems,
  };
}

function resource(object: JsonObject, index: number): Resource {
  const { _type, _id, parentId } = object;
  return { object, index, type: textOf(_type), id: textOf(_id), parentId: textOf(parentId) };
}

/** An export of single requests may have no workspace: then they are in one without a name. */
function workspacesOf(resources: readonly Resource[]): Resource[] {
  const stated = resources.filter(({ type }) => type === 'workspace');
  const served = resources.some(({ type }) => Object.hasOwn(ITEM_TYPES, type) || type === 'environment');
  return stated.length > 0 || !served ? stated : [resource({ _type: 'workspace' }, -1)];
}

interface Walk {
  readonly file: string;
  readonly problems: Problem[];
  readonly items: readonly Resource[];
  /** By the id of the parent, in Insomnia's order. */
  readonly children: ReadonlyMap<string, readonly Resource[]>;
  readonly seen: Set<Resource>;
}

function startWalk(resources: readonly Resource[], workspaces: readonly Resource[], file: string): Walk {
  const items = resources.filter(({ type }) => Object.hasOwn(ITEM_TYPES, type)).sort(inOrder);
  const parents = new Set([...workspaces, ...items.filter(({ type }) => type === 'request_group')].map(({ id }) => id));
  const problems: Problem[] = [];
  const children = new Map<string, Resource[]>();
  for (const item of items) {
    const known = parents.has(item.parentId);
    if (!known && !PLACEHOLDER.test(item.parentId)) {
      problems.push(malformed(file, 'the folder that an item is in is not in the file', pathOf(item)));
    }
    const parent = known ? item.parentId : (workspaces[0]?.id ?? '');
    const siblings = children.get(parent);
    if (siblings) siblings.push(item);
    else children.set(parent, [item]);
  }
  return { file, problems, items, children, seen: new Set() };
}

// What generators of exports put where Insomnia fills in the workspace that it imports into.
const PLACEHOLDER = /^(?:__.*__)?$/;

/** Insomnia sorts by metaSortKey, and by the id where that is the same. */
function inOrder(one: Resource, other: Resource): number {
  const byKey = sortKey(one) - sortKey(other);
  if (byKey !== 0) return byKey;
  if (one.id === other.id) return one.index - other.index;
  return one.id < other.id ? -1 : 1;
}

function sortKey({ object }: Resource): number {
  const key = object.metaSortKey;
  return typeof key === 'number' && Number.isFinite(key) ? key : 0;
}

function pathOf({ index }: Resource): readonly (string | number)[] {
  return ['resources', index];
}

function walkChildren(walk: Walk, parent: string, depth: number): Item[] {
  const found: Item[] = [];
  for (const child of walk.children.get(parent) ?? []) {
    if (walk.seen.has(child)) continue;
    walk.seen.add(child);
    found.push(toItem(walk, child, depth));
  }
  return found;
}

function toItem(walk: Walk, child: Resource, depth: number): Item {
  const type = Object.hasOwn(ITEM_TYPES, child.type) ? ITEM_TYPES[child.type] : undefined;
  const named = { name: textOf(child.object.name), object: child.object, path: pathOf(child) };
  if (type !== 'folder') {
    return { kind: 'request', ...named, children: [], ...(typeof type === 'object' && { protocol: type }) };
  }
  if (depth < limits.itemDepth) return { kind: 'folder', ...named, children: walkChildren(walk, child.id, depth + 1) };
  walk.problems.push(tooDeep(walk.file, named.path));
  skipChildren(walk, child.id);
  return { kind: 'folder', ...named, children: [] };
}

function skipChildren(walk: Walk, id: string): void {
  const open = [id];
  for (let parent = open.pop(); parent !== undefined; parent = open.pop()) {
    for (const child of walk.children.get(parent) ?? []) {
      if (walk.seen.has(child)) continue;
      walk.seen.add(child);
      open.push(child.id);
    }
  }
}

/** What no workspace leads to is in a folder that is inside itself: it is cut out at its first one. */
function walkCycles(walk: Walk): Item[] {
  const cut: Item[] = [];
  for (const item of walk.items) {
    if (walk.seen.has(item) || item.type !== 'request_group') continue;
    walk.seen.add(item);
    walk.problems.push(malformed(walk.file, 'a folder is inside itself', pathOf(item)));
    cut.push(toItem(walk, item, 0));
  }
  return cut;
}

function toWorkspace(
  { object }: Resource,
  items: readonly Item[],
): Pick<Workspace, 'name' | 'description' | 'scope' | 'items'> {
  return {
    name: textOf(object.name),
    description: object.description,
    scope: object.scope === 'environment' && items.length === 0 ? 'environment' : 'collection',
    items,
  };
}
