import type { Collection } from '../../collection/model.ts';
import { isObject, type JsonObject, listOr, objectOr, textOf } from '../../collection/narrow.ts';
import { sealVariable } from '../../collection/seal-literals.ts';
import { stableId } from '../../collection/stable-id.ts';
import { type Failure, failure } from '../../failure/failure.ts';
import type { Template } from '../../template/template.ts';
import { belowBroken } from '../broken-definition.ts';
import type { Documents } from '../dialect.ts';
import type { Piece } from '../folder-reader.ts';
import { fileName, folderOf } from '../look.ts';
import { readDescription } from './description.ts';
import { type DotEnv, dotEnvVariables, readEnvironments, type StatedEnvironment } from './environments.ts';
import { createLocatorIn, locateIn } from './parse-text.ts';
import { baseName, type Content } from './pieces.ts';
import { isRootFile } from './recognise.ts';
import { createSealer, processEnvName } from './sealer.ts';
import { readVariables } from './variables.ts';
import { walkFolders } from './walk-folders.ts';
import { walkItems } from './walk-items.ts';

type DocumentContent = Extract<Content, { kind: 'document' }>;

/** Whether a document is the root of a folder of files; a bundled one has all in itself, and one that is broken may not have. */
export function isFolderRoot({ file, content }: Piece<Content>): boolean {
  return (content.kind === 'document' && !content.bundled && isRootFile(file)) || isBrokenRoot(content);
}

function isBrokenRoot(content: Content): boolean {
  return content.kind === 'broken' && content.of === 'root';
}

/** Stands for the root of a folder that cannot be read. */
const UNREADABLE: DocumentContent = { kind: 'document', text: '', reopen: () => ({}), bundled: false };

/** The collections of a folder: that of its root, and one for each bundled document. */
export function assemble(root: string, pieces: readonly Piece<Content>[]): Documents {
  const dotEnvs = new Map(
    pieces.flatMap(({ file, content }) => (content.kind === 'dot-env' ? [[file, content.values] as const] : [])),
  );
  const first = pieces.find(isFolderRoot);
  const isBroken = pieces.some(({ content }) => isBrokenRoot(content));
  const all = pieces.flatMap((piece) => {
    const { file, content } = piece;
    if (piece === first) {
      const document = content.kind === 'document' ? content : UNREADABLE;
      const made = readCollection({ file, content: document, dotEnvs, pieces, root, isBroken });
      return isBroken && made.collection.requests.length === 0 ? [] : [made];
    }
    if (content.kind !== 'document' || isFolderRoot(piece)) return [];
    return [readCollection({ file, content, dotEnvs, pieces: [], root, isBroken: false })];
  });
  return {
    collections: all.map(({ collection }) => collection),
    environments: all.flatMap(({ environments }) => environments),
    problems: [],
  };
}

interface Source {
  readonly file: string;
  readonly content: DocumentContent;
  readonly dotEnvs: ReadonlyMap<string, DotEnv>;
  /** The files that belong to the document; none of a bundled one. */
  readonly pieces: readonly Piece<Content>[];
  readonly root: string;
  /** The root of the folder cannot be read: nothing below it is executed. */
  readonly isBroken: boolean;
}

function readCollection(source: Source): { collection: Collection; environments: Documents['environments'] } {
  const { file, content, dotEnvs, pieces, root, isBroken } = source;
  const document = content.reopen();
  const folder = folderOf(file);
  const dotEnv = dotEnvs.get(inFolder(folder, '.env')) ?? new Map<string, string>();
  const name = textOf(objectOr(document.info).name) || nameOf(file);
  const id = stableId(name, 'collection', file);
  const { environments, problems } = readEnvironments({
    environments: [...inlineEnvironments(document, source), ...environmentFiles(pieces, root)],
    dotEnv,
    dotEnvAt: (path) => dotEnvs.get(resolveInside(folder, path) ?? ''),
    collection: id,
  });
  const own = new Set(environments.flatMap(({ variables }) => variables.map((variable) => variable.name)));
  const isOwn = (variable: string): boolean => own.has(processEnvName(variable));
  const sealer = createSealer((variable) => processEnv(variable, dotEnv, isOwn(variable)));
  const requests = walkFolders({ root, pieces, document: content.reopen, sealer });
  const items = walkItems({ file, text: content.text, document, reopen: content.reopen, sealer });
  const collection: Collection = {
    id,
    name,
    dialect: 'opencollection',
    format: `opencollection-${versionOf(document)}`,
    file,
    ...readDescription(document),
    requests: isBroken ? [...items.requests, ...requests].map(belowBroken) : [...items.requests, ...requests],
    problems: [...items.problems, ...problems, ...itemsProblem(document, source)],
    variables: () => [
      ...dotEnvVariables(dotEnv, isOwn),
      ...readVariables(objectOr(content.reopen().request).variables, sealer),
    ],
  };
  return { collection, environments };
}

/** What the files have for a name of `process.env`: where an environment has a `.env` of its own, that is asked first. */
function processEnv(name: string, dotEnv: DotEnv, isOwn: boolean): Template | undefined {
  if (isOwn) return [{ kind: 'reference', name: [{ kind: 'text', text: processEnvName(name) }] }];
  const value = dotEnv.get(name);
  return value === undefined ? undefined : sealVariable(value, 'named');
}

function itemsProblem(document: JsonObject, { file, content }: Source): Failure[] {
  if (document.items === undefined || document.items === null || Array.isArray(document.items)) return [];
  const where = locateIn(content.text, file, ['items']);
  return [failure('COLLECTION/MALFORMED', { file, problem: 'items should be a list' }, where)];
}

function inlineEnvironments(document: JsonObject, { file, content }: Source): StatedEnvironment[] {
  const locate = createLocatorIn(content.text, file);
  return listOr(objectOr(document.config).environments).flatMap((stated, index) => {
    if (!isObject(stated)) return [];
    const where = () => locate(['config', 'environments', index]);
    return [{ file, inDocument: true, name: textOf(stated.name), stated, where }];
  });
}

function environmentFiles(pieces: readonly Piece<Content>[], root: string): StatedEnvironment[] {
  const folder = inFolder(root, 'environments');
  return pieces.flatMap(({ file, content }) => {
    if (content.kind !== 'environment' || folderOf(file) !== folder) return [];
    const stated = content.environment;
    const name = textOf(stated.name) || baseName(file);
    return [{ file, inDocument: false, name, stated, where: () => ({ file, line: 1, column: 1 }) }];
  });
}

function versionOf(document: JsonObject): string {
  const version = textOf(document.opencollection);
  return /^\d{1,3}(?:\.\d{1,3}){0,2}$/.test(version) ? version : '1';
}

function nameOf(file: string): string {
  return isRootFile(file) ? fileName(folderOf(file)) || baseName(file) : baseName(file);
}

function inFolder(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** A path relative to a folder; undefined where it leads out of it. */
function resolveInside(folder: string, path: string): string | undefined {
  if (/^(?:[/\\]|[A-Za-z]:)/.test(path)) return undefined;
  const steps: string[] = [];
  for (const step of path.split(/[/\\]/)) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) return undefined;
  }
  return inFolder(folder, steps.join('/'));
}
