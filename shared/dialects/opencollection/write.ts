// The folder form of OpenCollection 1.0, valid by its schema: `opencollection.yml`, `folder.yml` in each folder, a file for
// each request and each environment. Every member is written as the reader takes it in.

import type { Environment } from '../../collection/model.ts';
import { writeYaml } from '../../collection/yaml.ts';
import { collectionScripts, withGlobals } from '../write-inherited.ts';
import type { Loss, WritableCollection, WritableRequest, Writer, Written } from '../writer.ts';
import { createSafeNames, type SafeNames } from './safe-name.ts';
import { writeAuth } from './write-auth.ts';
import { writeEnvironment } from './write-environment.ts';
import { type Block, blockOf, writeVariables } from './write-fields.ts';
import { writeRequest } from './write-request.ts';
import { runsInward, writeScripts } from './write-scripts.ts';

export const opencollectionWriter: Writer = { format: 'opencollection', write: writeCollection };

type File = Written['files'][number];

function writeCollection(source: WritableCollection): Written {
  const losses: Loss[] = [];
  const environments = source.environments.filter(({ kind }) => kind === 'environment');
  const globals = source.environments.filter(({ kind }) => kind === 'globals');
  if (globals.length > 0)
    losses.push({ what: 'globals as such: their variables are written as those of the collection' });
  const auth = collectionAuth(source, losses);
  const document = writeDocument(source, { globals, auth });
  const files = [
    { path: 'opencollection.yml', text: writeYaml(document) },
    ...writeEnvironments(environments),
    ...writeFolder(treeOf(source.requests), { path: '', losses, inherits: auth !== undefined }),
  ];
  return { files, losses };
}

/** Names that mean something where a request or a folder would have them, or that a search does not look into. */
const TAKEN = ['folder.yml', 'opencollection.yml', 'environments', 'node_modules'] as const;

/** What the requests inherit, where the format has it; undefined where there is nothing to inherit. */
function collectionAuth({ requests }: WritableCollection, losses: Loss[]): Block | undefined {
  const stated = requests.find(({ template }) => template.auth.from === 'collection')?.template.auth;
  return stated && writeAuth(stated, (what) => losses.push({ what }));
}

interface Shared {
  readonly globals: readonly Environment[];
  readonly auth: Block | undefined;
}

function writeDocument(source: WritableCollection, { globals, auth }: Shared): Block {
  const scripts = collectionScripts(source);
  const request = blockOf({
    auth,
    variables: writeVariables(withGlobals(source.variables, globals)),
    scripts: writeScripts(scripts),
  });
  return {
    opencollection: '1.0.0',
    info: { name: source.name },
    ...(request && { request }),
    ...(source.description !== undefined && { docs: { content: source.description, type: 'text/markdown' } }),
    bundled: false,
    ...(source.requests.some(({ template }) => runsInward(template.scripts)) && {
      extensions: { bruno: { scripts: { flow: 'sequential' } } },
    }),
  };
}

function writeEnvironments(environments: readonly Environment[]): File[] {
  const names = createSafeNames(TAKEN);
  return environments.map((environment) => ({
    path: `environments/${names(environment.name, 'environment', '.yml')}`,
    text: writeYaml(writeEnvironment(environment)),
  }));
}

type Child = { readonly request: WritableRequest } | { readonly name: string; readonly folder: Tree };

/** A folder's children in the order in which they were first met. */
interface Tree {
  readonly children: Child[];
  readonly folders: Map<string, Tree>;
}

function treeOf(requests: readonly WritableRequest[]): Tree {
  const root: Tree = { children: [], folders: new Map() };
  for (const request of requests) {
    let at = root;
    for (const name of shallow(request.entry.folders)) {
      let folder = at.folders.get(name);
      if (!folder) {
        folder = { children: [], folders: new Map() };
        at.folders.set(name, folder);
        at.children.push({ name, folder });
      }
      at = folder;
    }
    at.children.push({ request });
  }
  return root;
}

const MAX_FOLDERS = 16;

/** Deeper folders than file systems and searches bear become one whose name tells them all. */
function shallow(folders: readonly string[]): readonly string[] {
  if (folders.length <= MAX_FOLDERS) return folders;
  return [...folders.slice(0, MAX_FOLDERS - 1), folders.slice(MAX_FOLDERS - 1).join(' / ')];
}

interface Target {
  /** Where the children are written: '' or a path that ends in a slash. */
  readonly path: string;
  readonly losses: Loss[];
  readonly inherits: boolean;
}

function writeFolder({ children }: Tree, { path, losses, inherits }: Target): File[] {
  const names = createSafeNames(TAKEN);
  // A script has no place in the order, so that it is read behind all that have one.
  const inOrder = [...children.filter((child) => !isScript(child)), ...children.filter(isScript)];
  return inOrder.flatMap((child, index): File[] => {
    const seq = index + 1;
    if ('request' in child) return writeItem(child.request, { seq, path, names, losses, inherits });
    const folder = `${path}${names(child.name, 'unnamed', '')}/`;
    const info = { name: child.name, type: 'folder', seq };
    return [
      { path: `${folder}folder.yml`, text: writeYaml({ info }) },
      ...writeFolder(child.folder, { path: folder, losses, inherits }),
    ];
  });
}

function isScript(child: Child): boolean {
  return (
    'request' in child && child.request.entry.notExecutable !== undefined && child.request.entry.method === 'SCRIPT'
  );
}

interface Slot {
  readonly seq: number;
  readonly path: string;
  readonly names: SafeNames;
  readonly losses: Loss[];
  readonly inherits: boolean;
}

function writeItem(request: WritableRequest, { seq, path, names, losses, inherits }: Slot): File[] {
  const { folders, name } = request.entry;
  const shown = [...folders, name].join(' / ');
  if (folders.length > MAX_FOLDERS)
    losses.push({ request: shown, what: 'folders this deep: the innermost become one' });
  const item = writeRequest(request, { seq, inherits, lose: (what) => losses.push({ request: shown, what }) });
  return item ? [{ path: `${path}${names(name, 'request', '.yml')}`, text: writeYaml(item) }] : [];
}
