// Postman 2.1.0 (schema.getpostman.com/json/collection/v2.1.0), environments and globals as Postman exports them.
import type { JsonObject } from '../../collection/narrow.ts';
import type { WritableCollection, WritableRequest, Writer, Written } from '../writer.ts';
import { writeAuth } from './write-auth.ts';
import { createWriteContext, type WriteContext } from './write-context.ts';
import { writeVariable } from './write-fields.ts';
import { createFileNames } from './write-file-name.ts';
import { ownVariables, writeItem } from './write-request.ts';
import { writeEvents } from './write-scripts.ts';
import { buildTree, isFolder, type WriteFolder, type WriteLeaf } from './write-tree.ts';
import { type LiftedVariables, liftVariables, writeEnvironment } from './write-variables.ts';

/** One `<name>.postman_collection.json`, and `<name>.postman_environment.json` or `.postman_globals.json` for each set of variables. */
export const postmanWriter: Writer = { format: 'postman', write };

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

function write(source: WritableCollection): Written {
  const context = createWriteContext();
  const nameFile = createFileNames();
  const collection = writeCollection(source, context);
  const environments = source.environments.map((environment) => ({
    path: nameFile(environment.name, `.postman_${environment.kind}.json`),
    text: toText(writeEnvironment(environment, context)),
  }));
  const path = nameFile(source.name, '.postman_collection.json');
  return { files: [{ path, text: toText(collection) }, ...environments], losses: context.losses };
}

function toText(value: JsonObject): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function writeCollection({ name, description, variables, requests }: WritableCollection, context: WriteContext) {
  const sent = requests.filter(({ entry }) => entry.notExecutable === undefined);
  const lifted = liftVariables(sent, variables);
  loseOf(requests, lifted, context);
  const tree = buildTree(sent);
  const all = [...variables, ...lifted.lifted].map((variable) => writeVariable(variable, context.text));
  return {
    info: { name, ...(description !== undefined && { description }), schema: SCHEMA },
    item: writeChildren(tree, context),
    ...writeShared(tree, context),
    ...(all.length > 0 && { variable: all }),
  };
}

function writeChildren({ children }: WriteFolder, context: WriteContext): JsonObject[] {
  return children.map((child) => (isFolder(child) ? writeFolder(child, context) : writeLeaf(child, context)));
}

function writeFolder(folder: WriteFolder, context: WriteContext): JsonObject {
  return { name: folder.name, item: writeChildren(folder, context), ...writeShared(folder, context) };
}

function writeShared({ auth, scripts }: WriteFolder, context: WriteContext): JsonObject {
  const written = auth && (writeAuth(auth, context.text) ?? leaveOutAuth(context, auth.type));
  return { ...(written && { auth: written }), ...writeEvents(scripts) };
}

function writeLeaf({ request, path, auth, scripts }: WriteLeaf, context: WriteContext): JsonObject {
  const { entry, template } = request;
  const text: WriteContext['text'] = (each) => context.text(each, path);
  const item = writeItem(entry.name, template, text);
  const written = auth && (writeAuth(auth, text) ?? leaveOutAuth(context, auth.type, path));
  return {
    ...item,
    ...writeEvents(scripts),
    request: { ...item.request, ...(written && { auth: written }) },
  };
}

/** No other auth may take the place of one that the schema has not. */
function leaveOutAuth(context: WriteContext, type: string, path?: string): JsonObject {
  const known = /^[\w.-]{1,40}$/.test(type) ? ` of type ${type}` : '';
  context.lose(`The authentication${known} has no place in the schema; none is written.`, path);
  return { type: 'noauth' };
}

function loseOf(requests: readonly WritableRequest[], lifted: LiftedVariables, context: WriteContext): void {
  for (const { entry, template } of requests) {
    const path = [...entry.folders, entry.name].join(' / ');
    if (entry.notExecutable !== undefined) {
      context.lose(`The request is left out: ${entry.notExecutable}.`, path);
      continue;
    }
    if (entry.tags && entry.tags.length > 0) context.lose('Its tags are left out.', path);
    if (template.assertions && template.assertions.length > 0) context.lose('Its assertions are left out.', path);
    if (template.answerVariables) context.lose('Its variables that are set from the answer are left out.', path);
    if (template.settings.timeoutMs !== undefined) context.lose('Its time limit is left out.', path);
    for (const note of template.notes ?? []) context.lose(note, path);
    if (ownVariables(template).some(({ name, enabled }) => enabled && !lifted.isLifted(name))) {
      context.lose(
        'Variables of the request or its folders are written, but Postman resolves only the collection’s.',
        path,
      );
    }
  }
}
