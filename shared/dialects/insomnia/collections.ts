import type { Collection, Environment, RequestEntry } from '../../collection/model.ts';
import { descriptionOf, type JsonObject, textOf } from '../../collection/narrow.ts';
import { childKey, createOrdinals, stableId } from '../../collection/stable-id.ts';
import type { Failure, SourceSpan } from '../../failure/failure.ts';
import type { FileDocument } from '../file-reader.ts';
import { fileName } from '../look.ts';
import { NO_CONTEXT } from './lex.ts';
import { createLocator, toFailures } from './locate.ts';
import { openRequest, readMethod } from './open-request.ts';
import { baseVariables, contextOf, type Opened } from './surroundings.ts';
import { environmentData, readVariables } from './variables.ts';
import type { Export, Item, Workspace } from './workspace.ts';

export interface FileSource {
  readonly file: string;
  readonly text: string;
  readonly read: Export;
  /** Its workspaces once more, for opening requests: no entry holds on to a part of the first ones. */
  readonly reopen: () => readonly Opened[];
}

/** The collections and environments of a file, each request cheap until it is opened. */
export function createCollections(source: FileSource): FileDocument {
  const { file, text, read } = source;
  const ordinal = createOrdinals();
  const problems = read.problems.length === 0 ? [] : toFailures(read.problems, text, file);
  const documents = read.workspaces.map((workspace, at) => {
    const key = childKey(file, 'workspace', workspace.name, ordinal('workspace', workspace.name));
    const place = { source, at, key, name: workspace.name || baseName(file) };
    if (workspace.scope === 'environment') return globalsOf(workspace, place, at === 0 ? problems : []);
    return collectionOf(workspace, place, at === 0 ? problems : []);
  });
  return {
    collections: documents.flatMap(({ collections }) => collections ?? []),
    environments: documents.flatMap(({ environments }) => environments ?? []),
    problems: documents.flatMap((document) => document.problems ?? []),
  };
}

/** The file's name without folders and endings. */
function baseName(file: string): string {
  return fileName(file).replace(/\.(?:json|ya?ml)$/i, '') || file;
}

interface Place {
  readonly source: FileSource;
  /** Which workspace of the file. */
  readonly at: number;
  readonly key: string;
  readonly name: string;
}

function collectionOf(workspace: Workspace, place: Place, problems: readonly Failure[]): FileDocument {
  const { at, key, name } = place;
  const { file, reopen, read } = place.source;
  const id = stableId(name, 'collection', key);
  const collection: Collection = {
    id,
    name,
    dialect: 'insomnia',
    format: read.format,
    file,
    ...descriptionOf(workspace.description),
    requests: listRequests(workspace.items, place),
    problems,
    variables: () => reopen()[at]?.surroundings.variables ?? [],
  };
  const context = contextOf(workspace);
  const environments = workspace.environments.map((object, index): Unnamed => {
    const variables = readVariables(environmentData(object), context);
    return { ...nameOf(object, index), file, collections: [id], variables };
  });
  return { collections: [collection], environments: identified(environments, key) };
}

/** A global environment applies to all collections: its base always, one of the others where it is chosen. */
function globalsOf(workspace: Workspace, { source, key, name }: Place, problems: readonly Failure[]): FileDocument {
  const { file } = source;
  const context = contextOf(workspace);
  const chosen = workspace.environments.map((object, index): Unnamed => {
    return { ...nameOf(object, index), file, variables: readVariables(environmentData(object), context) };
  });
  const always: Unnamed = { name, kind: 'globals', file, variables: baseVariables(workspace, context) };
  return { environments: identified(workspace.base ? [always, ...chosen] : chosen, key), problems };
}

type Unnamed = Omit<Environment, 'id'>;

function nameOf(environment: JsonObject, index: number): Pick<Environment, 'name' | 'kind'> {
  return { name: textOf(environment.name) || `Environment ${index}`, kind: 'environment' };
}

function identified(environments: readonly Unnamed[], key: string): Environment[] {
  const ordinal = createOrdinals();
  return environments.map((environment) => {
    const { name } = environment;
    const id = stableId(name, 'environment', childKey(key, 'environment', name, ordinal('environment', name)));
    return { id, ...environment };
  });
}

/** An item list on the way: its key, the names above it, and the index at each level. */
interface Level {
  readonly key: string;
  readonly names: readonly string[];
  readonly indexes: readonly number[];
}

function listRequests(items: readonly Item[], place: Place): RequestEntry[] {
  const requests: RequestEntry[] = [];
  listLevel(items, { key: place.key, names: [], indexes: [] }, place, requests);
  return requests;
}

function listLevel(items: readonly Item[], level: Level, place: Place, requests: RequestEntry[]): void {
  const ordinal = createOrdinals();
  items.forEach((item, index) => {
    const { kind, name } = item;
    const key = childKey(level.key, kind, name, ordinal(kind, name));
    const indexes = [...level.indexes, index];
    if (kind === 'folder') listLevel(item.children, { key, names: [...level.names, name], indexes }, place, requests);
    else requests.push(toEntry(item, stableId(name, 'request', key), { ...level, indexes }, place));
  });
}

function toEntry(item: Item, id: string, { names, indexes }: Level, { source, at }: Place): RequestEntry {
  const { name, path, protocol } = item;
  const { file, reopen } = source;
  return {
    id,
    name,
    folders: names,
    method: protocol?.method ?? readMethod(item.object),
    ...(protocol && { notExecutable: protocol.reason }),
    open: () => openAt(reopen()[at], indexes),
    locate: (fileText): SourceSpan => ({ file, ...createLocator(fileText)(path) }),
  };
}

function openAt(opened: Opened | undefined, indexes: readonly number[]): ReturnType<typeof openRequest> {
  const chain: Item[] = [];
  for (const index of indexes) {
    const item: Item | undefined = (chain.at(-1)?.children ?? opened?.workspace.items ?? [])[index];
    if (item) chain.push(item);
  }
  const request = chain.at(-1);
  return openRequest({
    item: request?.object ?? {},
    ...(request?.protocol && { protocol: request.protocol.method }),
    folders: chain.slice(0, -1).map(({ object }) => object),
    context: opened?.surroundings.context ?? NO_CONTEXT,
    inert: opened?.surroundings.inert ?? new Set(),
    notes: opened?.workspace.notes ?? [],
  });
}
