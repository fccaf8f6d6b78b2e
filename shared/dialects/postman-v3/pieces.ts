import type { Environment } from '../../collection/model.ts';
import { descriptionOf, type JsonObject, textOf } from '../../collection/narrow.ts';
import { stableId } from '../../collection/stable-id.ts';
import { ok, type Result } from '../../failure/result.ts';
import type { Look } from '../look.ts';
import { readVariables } from '../postman/variables.ts';
import { entriesOf } from './entries.ts';
import { type FileRole, roleOf } from './file-role.ts';
import { kindOf } from './kinds.ts';
import { type ReadDocument, readDocument } from './read-document.ts';

/** What a listing needs of a file, and the rest on demand. */
export type Content = RequestContent | DefinitionContent | ExampleContent | ValuesContent;

interface Listed extends Pick<FileRole, 'folder' | 'stem'> {
  readonly name: string;
  /** Infinity where the file states none: such ones come last. */
  readonly order: number;
  keys(): JsonObject;
}

export interface RequestContent extends Listed {
  readonly role: 'request';
  readonly method: string;
  readonly notExecutable?: string;
}

export interface DefinitionContent extends Listed {
  readonly role: 'definition';
  readonly description?: string;
  /** It cannot be read: whatever stands here is not what it says. */
  readonly isBroken?: boolean;
}

export interface ExampleContent extends Listed {
  readonly role: 'example';
}

export interface ValuesContent {
  readonly role: 'environment' | 'globals';
  readonly environment: Environment;
}

/** Reads one file. Fails with COLLECTION/MALFORMED; undefined for a file of another format. */
export function readPiece(look: Look): Result<Content | undefined> {
  const role = roleOf(look.file);
  if (!role) return ok(undefined);
  const document = readDocument(look);
  return document.ok ? ok(toContent(role, document.value, look.file)) : document;
}

/** What stands for a definition that cannot be read; undefined for any other file. */
export function brokenPiece(file: string): Content | undefined {
  const role = roleOf(file);
  if (role?.role !== 'definition') return undefined;
  const { folder, stem } = role;
  return {
    role: 'definition',
    folder,
    stem,
    name: '',
    order: Number.POSITIVE_INFINITY,
    keys: () => ({}),
    isBroken: true,
  };
}

function toContent(of: FileRole, { keys, reopen }: ReadDocument, file: string): Content {
  const { role, folder, stem } = of;
  const listed = { folder, stem, name: textOf(keys.name), order: orderOf(keys.order), keys: reopen };
  switch (role) {
    case 'request': {
      const { method, notExecutable } = kindOf(keys);
      return { role, ...listed, name: listed.name || stem, method, ...(notExecutable && { notExecutable }) };
    }
    case 'example':
      return { role, ...listed, name: listed.name || stem };
    case 'definition':
      return { role, ...listed, ...descriptionOf(keys.description) };
    case 'environment':
    case 'globals':
      return { role, environment: readEnvironment({ ...of, role }, keys, file) };
  }
}

function readEnvironment(
  { role, stem }: FileRole & { readonly role: Environment['kind'] },
  keys: JsonObject,
  file: string,
): Environment {
  const name = textOf(keys.name) || stem || role;
  const variables = readVariables(entriesOf(keys.values ?? keys.variables));
  return { id: stableId(name, 'environment', file), name, kind: role, file, variables };
}

function orderOf(order: unknown): number {
  const number = typeof order === 'string' && order.trim() !== '' ? Number(order) : order;
  return typeof number === 'number' && Number.isFinite(number) ? number : Number.POSITIVE_INFINITY;
}
