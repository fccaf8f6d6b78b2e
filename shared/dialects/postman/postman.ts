// Postman collections 2.0 and 2.1, environments and globals
// (schema.getpostman.com/json/collection/v2.0.0 and v2.1.0; environments have no published schema).

import type { Collection, Environment } from '../../collection/model.ts';
import { descriptionOf, isObject, type JsonObject, objectOr, textOf } from '../../collection/narrow.ts';
import { readJson } from '../../collection/read-json.ts';
import { createReopen } from '../../collection/reopen.ts';
import { stableId } from '../../collection/stable-id.ts';
import { failure } from '../../failure/failure.ts';
import { err, ok, type Result } from '../../failure/result.ts';
import type { Dialect } from '../dialect.ts';
import { createFileReader, type FileDocument } from '../file-reader.ts';
import type { Look } from '../look.ts';
import { looksLikePostman } from './probe.ts';
import { readVariables } from './variables.ts';
import { walkItems } from './walk-items.ts';

export const postman: Dialect = {
  name: 'postman',
  recognise: looksLikePostman,
  createReader: () => createFileReader(parsePostman),
};

function parsePostman({ text, file }: Look): Result<FileDocument | undefined> {
  const parsed = readJson(text, file);
  if (!parsed.ok) return parsed;
  const { root, path } = unwrap(parsed.value);
  if (isVersion1(root)) return err(failure('COLLECTION/UNSUPPORTED', { file, format: 'postman-1' }, { file }));
  if (Array.isArray(root.item) || isPostmanInfo(root.info)) {
    return ok(looksReal(root) ? { collections: [readCollection({ root, path, text, file })] } : undefined);
  }
  const environment = readEnvironment(root, file);
  return ok(environment ? { environments: [environment] } : undefined);
}

interface Unwrapped {
  readonly root: JsonObject;
  readonly path: readonly string[];
}

/** Postman's API answers with the document under the key of its kind. */
function unwrap(value: unknown): Unwrapped {
  const outer = objectOr(value);
  for (const key of ['collection', 'environment', 'globals']) {
    const inner = outer[key];
    if (isObject(inner) && !outer.item && !outer.values) return { root: inner, path: [key] };
  }
  return { root: outer, path: [] };
}

function isVersion1(root: JsonObject): boolean {
  const listed = Array.isArray(root.order) || Array.isArray(root.folders);
  return Array.isArray(root.requests) && listed && !root.item;
}

function isPostmanInfo(info: unknown): boolean {
  return isObject(info) && (schemaVersion(info) !== undefined || '_postman_id' in info);
}

/** Other formats have an `item` list too; a Postman one says so in `info`, or holds a request or a folder. */
function looksReal(root: JsonObject): boolean {
  if (isPostmanInfo(root.info)) return true;
  const items: readonly unknown[] = Array.isArray(root.item) ? root.item : [];
  return items.some((item) => isObject(item) && ('request' in item || Array.isArray(item.item)));
}

// The pattern takes time in the square of what it reads.
const MAX_SCHEMA_CHARS = 200;

function schemaVersion(info: JsonObject): string | undefined {
  const schema = textOf(info.schema).slice(0, MAX_SCHEMA_CHARS);
  return /schema\.(?:get)?postman\.com\/.*\/v(\d+\.\d+)/.exec(schema)?.[1];
}

interface Source extends Unwrapped {
  readonly text: string;
  readonly file: string;
}

function readCollection({ root, path, text, file }: Source): Collection {
  const info = objectOr(root.info);
  const name = textOf(info.name) || textOf(root.name) || baseName(file);
  const reopen = createReopen(() => unwrap(JSON.parse(text)).root);
  return {
    id: stableId(name, 'collection', file),
    name,
    dialect: 'postman',
    format: `postman-${schemaVersion(info) ?? '2'}`,
    file,
    ...descriptionOf(info.description ?? root.description),
    ...walkItems({ file, text, collection: root, path, reopen }),
    variables: () => {
      const { variable, variables } = reopen();
      return readVariables(variable ?? variables);
    },
  };
}

function readEnvironment(root: JsonObject, file: string): Environment | undefined {
  const scope = root._postman_variable_scope;
  const values = root.values;
  if (!Array.isArray(values) || !values.every((value) => isObject(value) && typeof value.key === 'string'))
    return undefined;
  if (values.length === 0 && scope === undefined && typeof root.name !== 'string') return undefined;
  const name = textOf(root.name) || baseName(file);
  const globals = scope === 'globals' || /\.postman_globals(?:\.json)?$/i.test(file);
  return {
    id: stableId(name, 'environment', file),
    name,
    kind: globals ? 'globals' : 'environment',
    file,
    variables: readVariables(values),
  };
}

/** The file's name without folders and endings. */
function baseName(file: string): string {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return name.replace(/\.json$/i, '').replace(/\.postman_(?:collection|environment|globals)$/i, '') || name;
}
