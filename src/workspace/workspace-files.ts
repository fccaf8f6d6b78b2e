// The folders of a workspace and what their files say, brought up to date together.
import { join } from 'node:path';
import { ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { type Discovery, listCandidates } from './candidates.ts';
import { createFence, type Fence } from './fence.ts';
import { createFileIndex, type FileIndex } from './file-index.ts';
import { createFolderTree, type FolderTree, type TouchedFolder } from './folder-tree.ts';
import { type Root, resolveRoots } from './roots.ts';
import { createSelection } from './selection.ts';
import { createSlices } from './slices.ts';

export interface WorkspaceOptions {
  /** Files and folders to serve. */
  readonly roots: readonly string[];
  /** Globs relative to the folder roots; absent: every supported format below them. */
  readonly include?: readonly string[];
  /** More lists of such globs: a file has to match one of each. */
  readonly alsoWithin?: readonly (readonly string[])[];
  /** Folders that nothing is read from, wherever they lie: the data folder. */
  readonly forbidden: readonly string[];
}

export interface WorkspaceFiles {
  readonly roots: readonly Root[];
  readonly fence: Fence;
  readonly tree: FolderTree;
  readonly index: FileIndex;
  /** Looks at everything: what is there, and what was written since. */
  refreshAll(): Promise<void>;
  /** Looks at these folders, by absolute path. */
  refresh(touched: ReadonlyMap<string, TouchedFolder>): Promise<void>;
}

/** Nothing is read yet. Fails as `resolveRoots` does. */
export function createWorkspaceFiles(
  { roots, include, alsoWithin = [], forbidden }: WorkspaceOptions,
  onFolder?: (path: string, identity: string) => void,
): Result<WorkspaceFiles> {
  const fence = createFence(forbidden);
  const resolved = resolveRoots(roots, fence);
  if (!resolved.ok) return resolved;
  const selection = createSelection(include, alsoWithin);
  const tree = createFolderTree({ roots: resolved.value, selection, fence, ...(onFolder && { onFolder }) });
  const index = createFileIndex();
  const slices = createSlices(limits.sliceMs);
  // As long as no file came or went the list of them is the same object, which spares work on every edit.
  let discovery: Discovery = { candidates: [], problems: [] };
  return ok({
    roots: resolved.value,
    fence,
    tree,
    index,
    async refreshAll() {
      const { reread } = await tree.rescan(slices);
      discovery = listCandidates(tree);
      await index.update(discovery, { files: new Set(), folders: reread }, slices);
    },
    async refresh(touched) {
      const { changed, reread } = await tree.update(touched, slices);
      if (changed) discovery = listCandidates(tree);
      await index.update(discovery, { files: filesIn(touched), folders: reread }, slices);
    },
  });
}

function filesIn(touched: ReadonlyMap<string, TouchedFolder>): ReadonlySet<string> {
  return new Set([...touched].flatMap(([folder, { names }]) => [...names].map((name) => join(folder, name))));
}
