import type { Collection, RequestEntry } from '../../collection/model.ts';
import { stableId } from '../../collection/stable-id.ts';
import { locateYaml } from '../../collection/yaml.ts';
import type { Failure } from '../../failure/failure.ts';
import { failure } from '../../failure/failure.ts';
import { belowBroken } from '../broken-definition.ts';
import type { Piece } from '../folder-reader.ts';
import { fileName, folderOf } from '../look.ts';
import { readVariables } from '../postman/variables.ts';
import { entriesOf } from './entries.ts';
import { type ExamplesByFolder, findExamples } from './examples.ts';
import { RESOURCES } from './file-role.ts';
import { openRequest } from './open-request.ts';
import type { DefinitionContent, ExampleContent, RequestContent } from './pieces.ts';
import { comparePlaced, type Placed } from './tree-order.ts';

/** A file of a collection. */
export type MemberPiece = Piece<RequestContent | DefinitionContent | ExampleContent>;

interface Build {
  readonly root: string;
  readonly definitions: ReadonlyMap<string, Piece<DefinitionContent>>;
  readonly examples: ExamplesByFolder;
}

/** The collection of one folder, its requests in the order of Postman's sidebar; undefined where there is nothing to list. */
export function assembleCollection(root: string, pieces: readonly MemberPiece[]): Collection | undefined {
  const build = sortOut(root, pieces);
  const requests = pieces.flatMap(({ file, content }) => (content.role === 'request' ? [{ file, content }] : []));
  const [inside, misplaced] = [requests.filter((each) => !isResource(each)), requests.filter(isResource)];
  const definition = build.definitions.get(root);
  const file = definition?.file ?? inside[0]?.file;
  if (file === undefined) return undefined;
  const name = definition?.content.name || fileName(root) || 'Postman collection';
  const { description } = definition?.content ?? {};
  return {
    id: stableId(name, 'collection', `${root}/${RESOURCES}`),
    name,
    dialect: 'postman-v3',
    format: 'postman-3.0',
    file,
    ...(description !== undefined && { description }),
    requests: listRequests(build, inside),
    problems: misplaced.map(toProblem),
    variables: () => readVariables(entriesOf(definition?.content.keys().variables)),
  };
}

function sortOut(root: string, pieces: readonly MemberPiece[]): Build {
  const definitions = new Map<string, Piece<DefinitionContent>>();
  const examples = new Map<string, ExampleContent[]>();
  for (const { file, content } of pieces) {
    if (content.role === 'definition' && (content.isBroken || !definitions.has(content.folder))) {
      definitions.set(content.folder, { file, content });
    }
    if (content.role !== 'example') continue;
    const beside = examples.get(content.folder);
    if (beside) beside.push(content);
    else examples.set(content.folder, [content]);
  }
  return { root, definitions, examples };
}

function isResource({ file }: Piece<RequestContent>): boolean {
  return folderOf(file).split('/').includes(RESOURCES);
}

function toProblem({ file }: Piece<RequestContent>): Failure {
  const problem = `a request in ${RESOURCES} belongs to no collection`;
  return failure('COLLECTION/MALFORMED', { file, problem }, { file, line: 1, column: 1 });
}

function listRequests(build: Build, requests: readonly Piece<RequestContent>[]): RequestEntry[] {
  const places = createPlaces(build);
  return requests
    .map(({ file, content }) => ({ file, content, place: [...places(content.folder), { ...content, path: file }] }))
    .sort((a, b) => comparePlaced(a.place, b.place))
    .map(({ file, content, place }) => {
      const folders = place.slice(0, -1);
      const entry = toEntry(build, { file, content }, folders);
      return isBelowBroken(build, folders) ? belowBroken(entry) : entry;
    });
}

function isBelowBroken({ root, definitions }: Build, folders: readonly Placed[]): boolean {
  return [root, ...folders.map(({ path }) => path)].some(
    (folder) => definitions.get(folder)?.content.isBroken === true,
  );
}

/** The folders from below the root to a folder. */
function createPlaces({ root, definitions }: Build): (folder: string) => readonly Placed[] {
  const known = new Map<string, readonly Placed[]>([[root, []]]);
  return (folder) => {
    const missing: string[] = [];
    let above = folder;
    for (; !known.has(above) && above !== ''; above = folderOf(above)) missing.push(above);
    let places = known.get(above) ?? [];
    for (const path of missing.reverse()) {
      const definition = definitions.get(path)?.content;
      const order = definition?.order ?? Number.POSITIVE_INFINITY;
      places = [...places, { path, order, name: definition?.name || fileName(path) }];
      known.set(path, places);
    }
    return places;
  };
}

function toEntry(build: Build, { file, content }: Piece<RequestContent>, folders: readonly Placed[]): RequestEntry {
  const { name, method, notExecutable } = content;
  return {
    id: stableId(name, 'request', file),
    name,
    folders: folders.map((folder) => folder.name),
    method,
    file,
    ...(notExecutable !== undefined && { notExecutable }),
    open() {
      const { examples, notes } = findExamples(content, build.examples);
      return openRequest({
        request: content.keys(),
        folders: folders.map(({ path }) => keysOf(build, path)),
        collection: keysOf(build, build.root),
        examples: examples.map((example) => ({ name: example.name, keys: example.keys() })),
        notes,
      });
    },
    locate: (fileText) => ({ file, line: 1, column: 1, ...locateYaml(fileText, []) }),
  };
}

function keysOf({ definitions }: Build, folder: string) {
  return definitions.get(folder)?.content.keys() ?? {};
}
