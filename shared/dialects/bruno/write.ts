// A Bruno folder: bruno.json, collection.bru, folder.bru in each folder, a file for each request and each environment.

import type { Environment, Variable } from '../../collection/model.ts';
import { createSafeNames } from '../opencollection/safe-name.ts';
import { runsInward } from '../opencollection/write-scripts.ts';
import { collectionScripts, withGlobals } from '../write-inherited.ts';
import type { Loss, WritableCollection, WritableRequest, Writer, Written } from '../writer.ts';
import { writeAuth } from './write-auth.ts';
import { writeEnvironment } from './write-environment.ts';
import { scriptBlocks, variablesBlock, writeRequest } from './write-request.ts';
import { joinBlocks, type Lose, textBlock, valueText } from './write-text.ts';

export const brunoWriter: Writer = { format: 'bruno', write: writeCollection };

type File = Written['files'][number];

function writeCollection(source: WritableCollection): Written {
  const losses: Loss[] = [];
  const lose: Lose = (what) => losses.push({ what });
  const globals = source.environments.filter(({ kind }) => kind === 'globals');
  if (globals.length > 0) lose('globals as such: their variables are written as those of the collection');
  const files = [
    { path: 'bruno.json', text: configText(source) },
    ...writeLevel(source, withGlobals(source.variables, globals), lose),
    ...writeEnvironments(
      source.environments.filter(({ kind }) => kind === 'environment'),
      lose,
    ),
    ...writeFolder(treeOf(source.requests), { path: '', losses }),
  ];
  return { files, losses };
}

function configText({ name, requests }: WritableCollection): string {
  const isInward = requests.some(({ template }) => runsInward(template.scripts));
  const config = {
    version: '1',
    name,
    type: 'collection',
    ignore: ['node_modules', '.git'],
    ...(isInward && { scripts: { flow: 'sequential' } }),
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

/** collection.bru; no file where it would be empty. */
function writeLevel(source: WritableCollection, variables: readonly Variable[], lose: Lose): File[] {
  const stated = source.requests.find(({ template }) => template.auth.from === 'collection')?.template.auth;
  const auth = stated && writeAuth(stated, lose);
  const text = joinBlocks([
    auth ? `auth {\n  mode: ${auth.mode}\n}\n` : '',
    auth?.block ?? '',
    variablesBlock(variables, lose),
    ...scriptBlocks(collectionScripts(source)),
    textBlock('docs', source.description ?? ''),
  ]);
  return text === '' ? [] : [{ path: 'collection.bru', text }];
}

function writeEnvironments(environments: readonly Environment[], lose: Lose): File[] {
  const names = createSafeNames(TAKEN);
  const files = environments.map((environment) => {
    const file = names(environment.name, 'environment', '.bru');
    if (file !== `${environment.name}.bru`) lose('the name of an environment, which is that of its file');
    return { path: `environments/${file}`, text: writeEnvironment(environment, lose) };
  });
  // In the order in which they are read.
  return files.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** A folder's children in the order in which they were first met. */
interface Tree {
  readonly requests: WritableRequest[];
  readonly folders: Map<string, Tree>;
}

function treeOf(requests: readonly WritableRequest[]): Tree {
  const root: Tree = { requests: [], folders: new Map() };
  for (const request of requests) {
    let at = root;
    for (const name of shallow(request.entry.folders)) {
      const folder = at.folders.get(name) ?? { requests: [], folders: new Map() };
      at.folders.set(name, folder);
      at = folder;
    }
    at.requests.push(request);
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
}

/** Names that mean something where a request or a folder would have them. */
const TAKEN = ['collection.bru', 'folder.bru', 'bruno.bru', 'environments', 'node_modules', 'bruno.json'] as const;

function writeFolder({ requests, folders }: Tree, { path, losses }: Target): File[] {
  const names = createSafeNames(TAKEN);
  const inner = [...folders].flatMap(([name, folder], index): File[] => {
    const below = `${path}${names(name, 'folder-', '')}/`;
    const lose: Lose = (what) => losses.push({ what: `${what} (the name of a folder)` });
    const text = `meta {\n  name: ${valueText(name, lose)}\n  seq: ${index + 1}\n}\n`;
    return [{ path: `${below}folder.bru`, text }, ...writeFolder(folder, { path: below, losses })];
  });
  let seq = 1;
  const own = requests.flatMap((request): File[] => {
    const shown = [...request.entry.folders, request.entry.name].join(' / ');
    const lose: Lose = (what) => losses.push({ request: shown, what });
    if (request.entry.folders.length > MAX_FOLDERS) lose('folders this deep: the innermost become one');
    const text = writeRequest(request, seq, lose);
    if (text === undefined) return [];
    seq += 1;
    return [{ path: `${path}${names(request.entry.name, 'request', '.bru')}`, text }];
  });
  return [...inner, ...own];
}
