// OpenCollection 1.0 (schema.opencollection.com/opencollection/v1.0.0.json): one bundled file, or a folder of files under
// `opencollection.yml`.
import type { Dialect } from '../dialect.ts';
import { createFolderReader } from '../folder-reader.ts';
import { folderOf } from '../look.ts';
import { assemble, isFolderRoot } from './assemble.ts';
import { brokenPiece, readPiece } from './pieces.ts';
import { fileKind } from './recognise.ts';

export const opencollection: Dialect = {
  name: 'opencollection',
  recognise: (look) => fileKind(look) !== undefined,
  shares: (look) => fileKind(look) === 'dot-env',
  createReader: () =>
    createFolderReader({
      read: readPiece,
      broken: brokenPiece,
      rootMarkedBy: (piece) => (isFolderRoot(piece) ? folderOf(piece.file) : undefined),
      // A document that stands alone needs no root, and the `.env` beside it is its own.
      rootWithout: ({ file, content }) =>
        content.kind === 'document' || content.kind === 'dot-env' ? folderOf(file) : undefined,
      assemble,
    }),
};
