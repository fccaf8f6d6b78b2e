// Bruno collections: a folder with bruno.json, collection.bru, folder.bru, one .bru file for each request, environments/*.bru
// and a `.env` file (@usebruno/lang v2).
import { ok } from '../../failure/result.ts';
import type { Dialect } from '../dialect.ts';
import { createFolderReader, type Piece } from '../folder-reader.ts';
import { fileName, folderOf, type Look } from '../look.ts';
import { assemble } from './assemble.ts';
import { type BrunoPiece, brokenPiece, CONFIG_NAME, DOT_ENV_NAME, readPiece } from './pieces.ts';

export const bruno: Dialect = {
  name: 'bruno',
  recognise: looksLikeBruno,
  shares: ({ file }) => fileName(file) === DOT_ENV_NAME,
  createReader: () =>
    createFolderReader<BrunoPiece>({
      read: (look) => (looksLikeBruno(look) ? readPiece(look) : ok(undefined)),
      broken: brokenPiece,
      rootMarkedBy: ({ file, content }) => (isConfig(content) ? folderOf(file) : undefined),
      rootWithout,
      assemble,
    }),
};

function looksLikeBruno({ file }: Look): boolean {
  if (/\.bru$/i.test(file)) return true;
  const name = fileName(file);
  return name === CONFIG_NAME || name === DOT_ENV_NAME;
}

function isConfig(content: BrunoPiece): boolean {
  return content.kind === 'config' || (content.kind === 'broken' && content.of === 'config');
}

/** Without a bruno.json above it a file makes a collection of its folder. */
function rootWithout({ file, content }: Piece<BrunoPiece>): string | undefined {
  if (content.kind === 'secrets') return undefined;
  return content.kind === 'environment' ? folderOf(folderOf(file)) : folderOf(file);
}
