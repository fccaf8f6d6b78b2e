// Which problems of the workspace may be told. Hidden and missing must not differ, whatever is wrong in a hidden file.
import type { Collection, Environment } from '../../shared/collection/model.ts';
import type { Failure } from '../../shared/failure/failure.ts';
import { type Seen, visibleCollections, visibleEnvironments } from '../execute/visible.ts';
import { filesOf } from '../execute/withheld-files.ts';

/** Folders of formats that keep what belongs to the folder around them. */
const INNER_FOLDERS: ReadonlySet<string> = new Set(['.resources', 'environments']);

/**
 * The problems but those that name a file of hidden collections or environments only, or a file that belongs where such files
 * are: of the nearest folder above it that holds any, the files are all hidden. To a caller whose reach names collections or
 * environments only those of their files: what a file that did not load would have been, nobody can tell.
 */
export function visibleProblems(seen: Seen): readonly Failure[] {
  const shown = allFiles(visibleCollections(seen), visibleEnvironments(seen));
  const { reach } = seen.policy;
  if (reach?.collections || reach?.environments) {
    return seen.workspace.problems().filter((problem) => {
      const files = filesNamed(problem);
      return files.length > 0 && files.every((file) => shown.has(file));
    });
  }
  const all = allFiles(seen.workspace.collections(), seen.workspace.environments());
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
  return seen.workspace.problems().filter((problem) => !filesNamed(problem).some(isHidden));
}

function filesNamed({ facts, where }: Failure): readonly string[] {
  return [where?.file, facts.file].flatMap((file) => (file === undefined ? [] : [String(file)]));
}

function allFiles(collections: readonly Collection[], environments: readonly Environment[]): Set<string> {
  return new Set([...environments.map(({ file }) => file), ...collections.flatMap(filesOf)]);
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
