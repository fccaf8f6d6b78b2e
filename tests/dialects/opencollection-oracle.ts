// The published JSON schema, applied to each file of a folder form.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import type { Written } from '../../shared/dialects/writer.ts';

const schema: object = JSON.parse(
  readFileSync(join(import.meta.dirname, 'opencollection-schema', 'schema.json'), 'utf8'),
);
const ajv = new Ajv({ strict: false, schemas: { schema } });

const DEFINITIONS = ['HttpRequest', 'GraphQLRequest', 'GrpcRequest', 'WebSocketRequest', 'ScriptFile', 'App'] as const;
const BLOCKS: readonly (readonly [string, (typeof DEFINITIONS)[number]])[] = [
  ['http', 'HttpRequest'],
  ['graphql', 'GraphQLRequest'],
  ['grpc', 'GrpcRequest'],
  ['websocket', 'WebSocketRequest'],
  ['script', 'ScriptFile'],
  ['code', 'App'],
];

/** What the schema has against the files, each with its path. */
export function schemaErrors(files: Written['files']): string[] {
  return files.flatMap(({ path, text }) => {
    const value: unknown = parse(text);
    const validate = ajv.getSchema(definitionOf(path, value));
    if (!validate) throw new Error('no such definition');
    if (validate(value)) return [];
    return (validate.errors ?? []).map((error) => `${path}${error.instancePath} ${error.message}`);
  });
}

function definitionOf(path: string, value: unknown): string {
  if (path === 'opencollection.yml') return 'schema';
  if (path.startsWith('environments/')) return 'schema#/$defs/Environment';
  if (path.endsWith('/folder.yml')) return 'schema#/$defs/Folder';
  const keys = new Set(Object.keys(value ?? {}));
  return `schema#/$defs/${BLOCKS.find(([key]) => keys.has(key))?.[1] ?? 'Item'}`;
}
