// Postman's collections of schema version 3.0.0: a folder of YAML files (learning.postman.com, "Collections schemas"). What
// `.postman/resources.yaml` says of files elsewhere is not read: collections are where their files are in the workspace.
import type { Collection, Environment } from '../../collection/model.ts';
import type { Dialect, Documents } from '../dialect.ts';
import { createFolderReader, type FolderDialect, type Piece } from '../folder-reader.ts';
import { assembleCollection, type MemberPiece } from './assemble.ts';
import { homeOf, postmanFolderOf } from './file-role.ts';
import { brokenPiece, type Content, readPiece } from './pieces.ts';
import { looksLikePostmanV3 } from './recognise.ts';
import { rootOf } from './roots.ts';

export const postmanV3: Dialect = {
  name: 'postman-v3',
  recognise: looksLikePostmanV3,
  createReader: () => createFolderReader(createFolders()),
};

/** One group is what a folder `postman` holds, because its environments belong to all of its collections; the rest is one too. */
function createFolders(): FolderDialect<Content> {
  const before = new Map<string, ReadonlyMap<string, Made>>();
  return {
    read: readPiece,
    broken: brokenPiece,
    rootMarkedBy: () => undefined,
    rootWithout: ({ file }) => postmanFolderOf(file),
    assemble(folder, pieces) {
      const made = assembleAll(membersOf(pieces), before.get(folder) ?? new Map());
      before.set(folder, made);
      const collections = [...made.values()].flatMap(({ collection }) => collection ?? []);
      return { collections, environments: environmentsOf(folder, pieces, collections), problems: [] };
    },
  };
}

interface Made {
  readonly pieces: readonly MemberPiece[];
  readonly collection: Collection | undefined;
}

/** Each collection by its folder; one whose files are the same as before is the same object. */
function assembleAll(members: readonly MemberPiece[], before: ReadonlyMap<string, Made>): ReadonlyMap<string, Made> {
  const landmarks = new Set(
    members.flatMap(({ content }) => (content.role === 'example' ? [] : [homeOf(content.folder)])),
  );
  const roots = new Map<string, string>();
  const groups = new Map<string, MemberPiece[]>();
  for (const piece of members) {
    const home = homeOf(piece.content.folder);
    const root = roots.get(home) ?? rootOf(home, landmarks);
    roots.set(home, root);
    const group = groups.get(root);
    if (group) group.push(piece);
    else groups.set(root, [piece]);
  }
  return new Map([...groups].map(([root, pieces]) => [root, remake(root, pieces, before.get(root))]));
}

function remake(root: string, pieces: readonly MemberPiece[], old: Made | undefined): Made {
  const same = old?.pieces.length === pieces.length && pieces.every((piece, at) => piece === old.pieces[at]);
  return old && same ? old : { pieces, collection: assembleCollection(root, pieces) };
}

function membersOf(pieces: readonly Piece<Content>[]): MemberPiece[] {
  return pieces.filter(isMember);
}

function isMember(piece: Piece<Content>): piece is MemberPiece {
  return piece.content.role !== 'environment' && piece.content.role !== 'globals';
}

function environmentsOf(
  folder: string,
  pieces: readonly Piece<Content>[],
  collections: readonly Collection[],
): Documents['environments'] {
  const all: Environment[] = pieces.flatMap(({ content }) => ('environment' in content ? [content.environment] : []));
  if (folder === '' || collections.length === 0) return all;
  const ids = collections.map(({ id }) => id);
  return all.map((environment) => ({ ...environment, collections: ids }));
}
