// Which problems of the workspace may be told. Hidden and missing must not differ, whatever is wrong in a hidden file.
import type { Collection } from '../../shared/collection/model.ts';
import type { Failure } from '../../shared/failure/failure.ts';
import { type Seen, visibleCollections, visibleEnvironments } from '../execute/visible.ts';

/** Folders of formats that keep what belongs to the folder around them. */
const INNER_FOLDERS: ReadonlySet<string> = new Set(['.resources', 'environments']);

/**
 * The problems but those that name a file of hidden collections or environments only, or a file that belongs where such files
 * are: of the nearest folder above it that holds any, the files are all hidden.
 */
export function visibleProblems(seen: Seen): readonly Failure[] {
  const shown = filesOf(visibleCollections(seen), visibleOnes(seen));
  const all = filesOf(seen.workspace.collections(), seen.workspace.environments());
  const hidden = new Set([...all].filter((file) => !shown.has(file)));
  if (hidden.size === 0) return seen.workspace.problems();
  const shownFolders = foldersOf(shown);
  const hiddenFolders = foldersOf(hidden);
  const isHidden = (file: string) => {
    if (shown.has(file) || hidden.has(file)) return hidden.has(file);
    for (let folder: string | undefined = file; folder !== undefined; folder = above(folder)) {
      if (shownFolders.has(folder)) return false;
      if (hiddenFolders.has(folder)) return true;
    }
    return false;
  };
  return seen.workspace
    .problems()
    .filter(
      ({ facts, where }) => ![where?.file, facts.file].some((file) => file !== undefined && isHidden(String(file))),
    );
}

/** An environment of hidden collections only is as hidden as they are. */
function visibleOnes(seen: Seen) {
  const ids = new Set(visibleCollections(seen).map(({ id }) => id));
  return visibleEnvironments(seen).filter(({ collections }) => collections?.some((id) => ids.has(id)) ?? true);
}

function filesOf(collections: readonly Collection[], environments: readonly { readonly file: string }[]): Set<string> {
  const files = new Set(environments.map(({ file }) => file));
  for (const { file, requests } of collections) {
    files.add(file);
    for (const entry of requests) if (entry.file !== undefined) files.add(entry.file);
  }
  return files;
}

function foldersOf(files: ReadonlySet<string>): Set<string> {
  const folders = new Set<string>();
  for (const file of files) {
    let folder = above(file) ?? '';
    folders.add(folder);
    while (INNER_FOLDERS.has(folder.slice(folder.lastIndexOf('/') + 1))) {
      folder = above(folder) ?? '';
      folders.add(folder);
    }
  }
  return folders;
}

/** The folder that a path stands in, '' for the top; undefined for that itself. */
function above(path: string): string | undefined {
  if (path === '') return undefined;
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, slash);
}
