import { type OpenedCollection, openCollection } from '../../shared/export/take-secrets.ts';
import type { Workspace } from '../execute/ports.ts';

/** All collections of a workspace with their requests opened, each with the environments that apply to it. */
export function openCollections(workspace: Workspace): readonly OpenedCollection[] {
  const all = workspace.environments();
  return workspace.collections().map((collection) =>
    openCollection(
      collection,
      all.filter(({ collections: ids }) => ids?.includes(collection.id) ?? true),
    ),
  );
}
