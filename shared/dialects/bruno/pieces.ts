// What the index keeps of each file of a Bruno collection.
import { createReopen } from '../../collection/reopen.ts';
import { stableId } from '../../collection/stable-id.ts';
import { ok, type Result } from '../../failure/result.ts';
import { fileName, folderOf, type Look } from '../look.ts';
import { type BruFileKind, parseBru, reparseBru } from './blocks.ts';
import { type BrunoConfig, parseConfig } from './config.ts';
import { parseDotEnv } from './dot-env.ts';
import { type Listed, listRequest } from './listing.ts';
import { type BruBlock, valueIn } from './syntax.ts';

export type BrunoPiece =
  | { readonly kind: 'config'; readonly config: BrunoConfig }
  | { readonly kind: 'secrets'; readonly read: () => ReadonlyMap<string, string> }
  | (Reopened & { readonly kind: 'request'; readonly id: string; readonly listed: Named })
  | (Reopened & {
      readonly kind: 'collection' | 'folder';
      readonly name: string | undefined;
      readonly seq: number | undefined;
    })
  | (Reopened & { readonly kind: 'environment' })
  | BrokenPiece;

/** A file that others inherit from and that cannot be read. */
export interface BrokenPiece {
  readonly kind: 'broken';
  readonly of: 'config' | 'collection' | 'folder';
}

interface Reopened {
  readonly blocks: () => readonly BruBlock[];
}

export type Named = Listed & { readonly name: string };

/** Files that are read though they are no .bru. */
export const CONFIG_NAME = 'bruno.json';
export const DOT_ENV_NAME = '.env';

const INHERITED: Readonly<Record<string, BrokenPiece['of']>> = {
  [CONFIG_NAME]: 'config',
  'collection.bru': 'collection',
  'folder.bru': 'folder',
};

/** What stands for a file that cannot be read; undefined where no other inherits from it. */
export function brokenPiece(file: string): BrunoPiece | undefined {
  const name = fileName(file);
  const of = Object.hasOwn(INHERITED, name) ? INHERITED[name] : undefined;
  return of && { kind: 'broken', of };
}

/** Reads one file by its name. Fails with COLLECTION/MALFORMED. */
export function readPiece({ file, text }: Look): Result<BrunoPiece> {
  const name = fileName(file);
  if (name === CONFIG_NAME) {
    const config = parseConfig(text, file);
    return config.ok ? ok({ kind: 'config', config: config.value }) : config;
  }
  if (name === DOT_ENV_NAME) return ok({ kind: 'secrets', read: createReopen(() => parseDotEnv(text)) });
  if (name === 'collection.bru' || name === 'folder.bru') return readLevel(file, text, name);
  if (fileName(folderOf(file)) === 'environments' && !/^\s*meta\s*\{/.test(text)) return readEnvironment(file, text);
  return readRequest(file, text);
}

function readLevel(file: string, text: string, name: string): Result<BrunoPiece> {
  const blocks = parseBru(text, file, 'level');
  if (!blocks.ok) return blocks;
  const seq = valueIn(blocks.value, 'meta', 'seq');
  return ok({
    kind: name === 'folder.bru' ? 'folder' : 'collection',
    name: valueIn(blocks.value, 'meta', 'name'),
    seq: seq === undefined ? undefined : Number(seq),
    blocks: reopen(text, 'level'),
  });
}

function readEnvironment(file: string, text: string): Result<BrunoPiece> {
  const blocks = parseBru(text, file, 'environment');
  return blocks.ok ? ok({ kind: 'environment', blocks: reopen(text, 'environment') }) : blocks;
}

function readRequest(file: string, text: string): Result<BrunoPiece> {
  const blocks = parseBru(text, file, 'request');
  if (!blocks.ok) return blocks;
  const listed = listRequest(blocks.value);
  const name = listed.name ?? stemOf(file);
  const id = stableId(name, 'request', file);
  return ok({ kind: 'request', id, listed: { ...listed, name }, blocks: () => reparseBru(text, 'request') });
}

function reopen(text: string, kind: BruFileKind): () => readonly BruBlock[] {
  return createReopen(() => reparseBru(text, kind));
}

/** The name of a file without `.bru`. */
export function stemOf(file: string): string {
  return fileName(file).replace(/\.bru$/i, '');
}
