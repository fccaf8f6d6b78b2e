// Folders as they are nested in the file, and what their requests have in common stated once for all of them.
import type { AuthTemplate, Script } from '../../collection/model.ts';
import type { WritableRequest } from '../writer.ts';

export interface WriteLeaf {
  readonly request: WritableRequest;
  /** Folders and name, for losses. */
  readonly path: string;
  /** What is still to be stated at the request itself; undefined: it inherits. */
  auth: AuthTemplate | undefined;
  scripts: readonly Script[];
}

export interface WriteFolder {
  readonly name: string;
  readonly children: (WriteFolder | WriteLeaf)[];
  readonly leaves: WriteLeaf[];
  auth: AuthTemplate | undefined;
  scripts: readonly Script[];
}

/** The tree of these requests, in their order; its root is the collection. Auth and scripts stand as far out as they can. */
export function buildTree(requests: readonly WritableRequest[]): WriteFolder {
  const root = createFolder('');
  let open: readonly WriteFolder[] = [root];
  for (const request of requests) {
    const { folders, name } = request.entry;
    open = openFolders(open, folders);
    const { auth, scripts } = request.template;
    const leaf: WriteLeaf = { request, path: [...folders, name].join(' / '), auth, scripts };
    open.at(-1)?.children.push(leaf);
    for (const folder of open) folder.leaves.push(leaf);
  }
  placeCollectionAuth(root);
  placeCollectionScripts(root);
  for (const child of root.children) if (isFolder(child)) placeInFolder(child);
  return root;
}

export function isFolder(node: WriteFolder | WriteLeaf): node is WriteFolder {
  return 'children' in node;
}

function createFolder(name: string): WriteFolder {
  return { name, children: [], leaves: [], auth: undefined, scripts: [] };
}

/** The folders of the next request: those that it shares with the last one stay open. */
function openFolders(open: readonly WriteFolder[], names: readonly string[]): readonly WriteFolder[] {
  let shared = 1;
  while (shared < open.length && open[shared]?.name === names[shared - 1]) shared += 1;
  const folders = open.slice(0, shared);
  for (const name of names.slice(shared - 1)) {
    const folder = createFolder(name);
    folders.at(-1)?.children.push(folder);
    folders.push(folder);
  }
  return folders;
}

function placeCollectionAuth(root: WriteFolder): void {
  root.auth = root.leaves.find(({ auth }) => auth?.from === 'collection')?.auth;
  for (const leaf of root.leaves) {
    const { from } = leaf.auth ?? {};
    if (from === 'collection' || (from === 'none' && !root.auth)) leaf.auth = undefined;
  }
}

/** One folder states the auth for all below it, unless one of those inherits from further out or has another one from a folder. */
function placeFolderAuth(folder: WriteFolder): void {
  const inherited = folder.leaves.filter(({ auth }) => auth?.from !== 'request');
  const [first] = inherited;
  const same = inherited.every(({ auth }) => auth?.from === 'folder' && isSame(auth, first?.auth));
  if (!first || !same) return;
  folder.auth = first.auth;
  for (const leaf of inherited) leaf.auth = undefined;
}

function placeCollectionScripts(root: WriteFolder): void {
  const ofCollection = root.leaves.map(({ scripts }) => scripts.filter(({ from }) => from === 'collection'));
  const [first = []] = ofCollection;
  if (!ofCollection.every((scripts) => isSame(scripts, first))) return;
  root.scripts = first;
  for (const leaf of root.leaves) leaf.scripts = leaf.scripts.filter(({ from }) => from !== 'collection');
}

/** Scripts run from the outside in, so what a folder can state is what all below it have first. */
function placeFolderScripts(folder: WriteFolder): void {
  const placed = (['before', 'after'] as const).flatMap((phase) => {
    const lists = folder.leaves.map(({ scripts }) => scripts.filter((script) => script.phase === phase));
    return commonStart(lists);
  });
  folder.scripts = placed;
  const counts = { before: 0, after: 0 };
  for (const { phase } of placed) counts[phase] += 1;
  for (const leaf of folder.leaves) {
    const left = { ...counts };
    leaf.scripts = leaf.scripts.filter(({ phase }) => {
      left[phase] -= 1;
      return left[phase] < 0;
    });
  }
}

function commonStart([first = [], ...others]: readonly (readonly Script[])[]): readonly Script[] {
  const end = first.findIndex(
    (script, at) => script.from !== 'folder' || others.some((list) => !isSame(list[at], script)),
  );
  return end < 0 ? first : first.slice(0, end);
}

function placeInFolder(folder: WriteFolder): void {
  placeFolderAuth(folder);
  placeFolderScripts(folder);
  for (const child of folder.children) if (isFolder(child)) placeInFolder(child);
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
