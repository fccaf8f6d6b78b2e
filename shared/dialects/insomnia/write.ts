// One Insomnia 5 file (schema 5.1) that Insomnia imports and this dialect reads back as the same.
import type { AuthTemplate, Environment, Script, Variable } from '../../collection/model.ts';
import { childKey, createOrdinals, stableId } from '../../collection/stable-id.ts';
import { writeYaml } from '../../collection/yaml.ts';
import { createFileNames } from '../postman/write-file-name.ts';
import { buildTree, isFolder, type WriteFolder, type WriteLeaf } from '../postman/write-tree.ts';
import { createLosses, type Losses, requestPath } from '../write-losses.ts';
import type { WritableCollection, WritableRequest, Writer, Written } from '../writer.ts';
import { writeAuth } from './write-auth.ts';
import { type FolderVariables, placeVariables } from './write-folders.ts';
import { writeConnection, writeHttp, writeScripts } from './write-request.ts';
import type { Lose } from './write-template.ts';
import { writeData } from './write-variables.ts';

/** Writes `<name>.insomnia.yaml`: environments as sub-environments, the collection's variables as the base environment. */
export const insomniaWriter: Writer = { format: 'insomnia', write: writeCollection };

function writeCollection(source: WritableCollection): Written {
  const { losses, lose } = createLosses();
  const writable = source.requests.filter((request) => hasPlace(request, lose));
  const root = buildTree(writable);
  const variables = placeVariables(root, (name, { request }) =>
    lose(`The variable ${name} of the request is left out.`, requestPath(request)),
  );
  const walk: Walk = { root, variables, lose };
  const text = writeYaml({
    type: 'collection.insomnia.rest/5.0',
    schema_version: '5.1',
    name: source.name,
    meta: {
      id: idOf('wrk', source.name),
      ...(source.description !== undefined && { description: source.description }),
    },
    collection: writeChildren(root, source.name, walk),
    environments: writeEnvironments(source, lose),
  });
  return { files: [{ path: createFileNames()(source.name, '.insomnia.yaml'), text }], losses };
}

/** Insomnia tells what a resource is by the start of its id. */
function idOf(prefix: string, key: string): string {
  return stableId('', prefix, key).replace(/-([^-]*)$/, '_$1');
}

type Item = Record<string, unknown>;

interface Walk {
  readonly root: WriteFolder;
  readonly variables: FolderVariables;
  readonly lose: Losses['lose'];
}

const PROTOCOLS: Readonly<Record<string, { readonly prefix: string; readonly fields: Item }>> = {
  GRPC: { prefix: 'greq', fields: { reflectionApi: { enabled: false, url: '', apiKey: '', module: '' } } },
  WEBSOCKET: { prefix: 'ws-req', fields: {} },
  SOCKETIO: { prefix: 'socketio-req', fields: { eventListeners: [] } },
};

function hasPlace(request: WritableRequest, lose: Losses['lose']): boolean {
  const { notExecutable, method } = request.entry;
  if (notExecutable === undefined || Object.hasOwn(PROTOCOLS, method)) return true;
  lose(`The request is left out: Insomnia has no place for ${method}.`, requestPath(request));
  return false;
}

function writeChildren(folder: WriteFolder, key: string, walk: Walk): Item[] {
  const ordinal = createOrdinals();
  return folder.children.map((child, sortKey) => {
    const kind = isFolder(child) ? 'folder' : 'request';
    const name = isFolder(child) ? child.name : child.request.entry.name;
    const place: Place = {
      key: childKey(key, kind, name, ordinal(kind, name)),
      sortKey,
      outer: outerScripts(folder, walk),
    };
    return isFolder(child) ? writeFolder(child, place, walk) : writeRequest(child, place, walk);
  });
}

interface Place {
  readonly key: string;
  readonly sortKey: number;
  /** Scripts that stand further out and have no place there. */
  readonly outer: readonly Script[];
}

/** Insomnia has no scripts of a collection: what stands at its top runs them first. */
function outerScripts(folder: WriteFolder, { root }: Walk): readonly Script[] {
  return folder === root ? root.scripts : [];
}

function writeFolder(folder: WriteFolder, { key, sortKey, outer }: Place, walk: Walk): Item {
  const lose: Lose = (what) => walk.lose(what);
  const environment = writeData(walk.variables.get(folder) ?? [], lose);
  return {
    name: folder.name,
    meta: { id: idOf('fld', key), sortKey },
    children: writeChildren(folder, key, walk),
    ...(folder.auth && { authentication: writeAuth(folder.auth, lose) }),
    ...(environment && { environment }),
    ...writeScripts([...outer, ...folder.scripts]),
  };
}

function writeRequest(leaf: WriteLeaf, { key, sortKey, outer }: Place, walk: Walk): Item {
  const { entry, template } = leaf.request;
  const lose: Lose = (what) => walk.lose(what, requestPath(leaf.request));
  if ((entry.tags ?? []).length > 0) lose('Tags are left out.');
  const protocol = entry.notExecutable === undefined ? undefined : PROTOCOLS[entry.method];
  const { description } = template;
  const auth = authOf(leaf);
  return {
    name: entry.name,
    meta: { id: idOf(protocol?.prefix ?? 'req', key), sortKey, ...(description !== undefined && { description }) },
    ...(protocol ? { ...writeConnection(template, lose), ...protocol.fields } : writeHttp(template, lose)),
    ...(auth && { authentication: writeAuth(auth, lose) }),
    ...writeScripts([...outer, ...leaf.scripts]),
  };
}

/** Insomnia has no auth of a collection: each request below it states it. */
function authOf({ auth, request }: WriteLeaf): AuthTemplate | undefined {
  const stated = auth ?? (request.template.auth.from === 'collection' ? request.template.auth : undefined);
  return stated?.from === 'none' ? undefined : stated;
}

function writeEnvironments({ name, variables, environments }: WritableCollection, lose: Losses['lose']): Item {
  const globals = environments.filter(({ kind }) => kind === 'globals').flatMap((each) => each.variables);
  const own = new Set(variables.filter(({ enabled }) => enabled).map((variable) => variable.name));
  const base: readonly Variable[] = [...globals.filter((each) => !own.has(each.name)).reverse(), ...variables];
  const data = writeData(base, lose);
  const chosen = environments.filter(({ kind }) => kind === 'environment');
  const subEnvironments = chosen.map((environment, index) => writeEnvironment(environment, `${name}\n${index}`, lose));
  return {
    name: 'Base Environment',
    meta: { id: idOf('env', name) },
    ...(data && { data }),
    ...(subEnvironments.length > 0 && { subEnvironments }),
  };
}

function writeEnvironment({ name, variables }: Environment, key: string, lose: Losses['lose']): Item {
  const data = writeData(variables, lose);
  return { name, meta: { id: idOf('env', key) }, ...(data && { data }) };
}
