import type { Collection } from '../../shared/collection/model.ts';
import type { WithheldFiles } from './ports.ts';
import { type Seen, visibleCollections, visibleEnvironments } from './visible.ts';

/** The files of hidden collections and environments, and the folders of hidden collections that are folders; undefined for none. */
export function withheldFiles(seen: Seen): WithheldFiles | undefined {
  const { workspace } = seen;
  const shown = visibleCollections(seen);
  const [shownOnes, environments] = [new Set(shown), new Set(visibleEnvironments(seen))];
  const hidden = workspace.collections().filter((collection) => !shownOnes.has(collection));
  const others = workspace.environments().filter((environment) => !environments.has(environment));
  if (hidden.length === 0 && others.length === 0) return undefined;
  const told = new Set([...shown.flatMap(filesOf), ...[...environments].map(({ file }) => file)]);
  const files = [...hidden.flatMap(filesOf), ...others.map(({ file }) => file)];
  return {
    files: files.filter((file) => !told.has(file)),
    folders: hidden.filter(isFolder).map(({ file }) => file),
    shown: shown.filter(isFolder).map(({ file }) => file),
  };
}

/** The file of a collection, and those that its requests have of their own. */
export function filesOf({ file, requests }: Collection): readonly string[] {
  return [file, ...requests.flatMap((entry) => entry.file ?? [])];
}

function isFolder({ requests }: Collection): boolean {
  return requests.some(({ file }) => file !== undefined);
}
