// A collection written by one of our writers and read again.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type {
  BodyTemplate,
  Collection,
  Environment,
  Field,
  PartTemplate,
  RequestTemplate,
} from '../../shared/collection/model.ts';
import type { Dialect } from '../../shared/dialects/dialect.ts';
import { dialects } from '../../shared/dialects/dialects.ts';
import { createLibrary } from '../../shared/dialects/library.ts';
import { lookAt } from '../../shared/dialects/look.ts';
import type { WritableCollection, Writer, Written } from '../../shared/dialects/writer.ts';
import { openCollection, takeSecrets } from '../../shared/export/take-secrets.ts';
import { templateText } from '../../shared/template/lex.ts';
import type { Template } from '../../shared/template/template.ts';
import { inputsOf } from './inputs.ts';

export interface Source {
  /** The folder of its golden case. */
  readonly from: string;
  readonly writable: WritableCollection;
}

/** The collections of the golden cases of some dialects, as they are exported. */
export async function goldenSources(names: readonly string[]): Promise<Source[]> {
  const library = await Promise.all(dialects.filter(({ name }) => names.includes(name)).map(({ load }) => load()));
  return names.flatMap((name) =>
    readdirSync(join(import.meta.dirname, name)).flatMap((each) => {
      const reader = createLibrary(library);
      for (const [file, text] of inputsOf(join(import.meta.dirname, name, each))) reader.put(file, text);
      const { collections, environments } = reader.documents();
      return collections.map((collection) => ({
        from: `${name}/${each}`,
        writable: toWritable(collection, environments),
      }));
    }),
  );
}

function toWritable(collection: Collection, environments: readonly Environment[]): WritableCollection {
  const own = environments.filter(({ collections }) => collections?.includes(collection.id) ?? true);
  const [writable] = takeSecrets([openCollection(collection, own)]).writable;
  if (!writable) throw new Error('one collection gives one to write');
  return writable;
}

/** What was written, read back by a dialect. */
export function readBack(dialect: Dialect, { files }: Written): WritableCollection {
  const reader = dialect.createReader();
  for (const { path, text } of files) {
    const put = reader.put(lookAt(path, text));
    if (!put.ok || put.value === 'other') throw new Error(`${path} is not read: ${JSON.stringify(put)}`);
  }
  const { collections, environments } = reader.documents();
  const [collection] = collections;
  if (!collection || collection.problems.length > 0) throw new Error(JSON.stringify(collection?.problems));
  return toWritable(collection, environments);
}

export function writeAgain(writer: Writer, dialect: Dialect, source: WritableCollection): readonly [Written, Written] {
  const first = writer.write(source);
  return [first, writer.write(readBack(dialect, first))];
}

/** Whether there is anything to write that is executed. */
export function isWritten({ writable }: Source): boolean {
  return writable.requests.some(({ entry }) => entry.notExecutable === undefined);
}

/** A request as it is sent, with references and handles by name. */
export function sentText(request: RequestTemplate): unknown {
  const { method, url, headers, body, auth, settings } = request;
  const enabled = <Each extends { readonly enabled: boolean }>(fields: readonly Each[]) =>
    fields.filter((field) => field.enabled);
  return plain({
    method,
    // A blank is no character of a URL.
    url: { ...url, address: templateText(url.address).replaceAll(' ', '%20'), query: enabled(url.query) },
    headers: enabled(headers).filter((header) => !isOwnType(header, body)),
    body: oneFileEach(body),
    auth: { type: auth.type, fields: auth.fields },
    settings,
  });
}

/** A part with several files is a part for each. */
function oneFileEach(body: BodyTemplate): BodyTemplate {
  return body.kind === 'multipart' ? { ...body, parts: body.parts.flatMap(onePath) } : body;
}

function onePath(part: PartTemplate): PartTemplate[] {
  return part.kind === 'file' && part.paths.length > 1
    ? part.paths.map((path) => ({ ...part, paths: [path] }))
    : [part];
}

/** Whether a Content-Type says what the body would be sent as without it. */
function isOwnType({ name, value }: Field, body: BodyTemplate): boolean {
  if (templateText(name).toLowerCase() !== 'content-type') return false;
  const own = { raw: 'text/plain', graphql: 'application/json', urlencoded: 'application/x-www-form-urlencoded' };
  return body.kind in own && templateText(value) === own[body.kind as keyof typeof own];
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return isTemplate(list) ? templateText(list) : list.map(plain);
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}

const KINDS = new Set(['text', 'sealed', 'reference', 'handle', 'unsupported']);

function isTemplate(value: readonly unknown[]): value is Template {
  return value.every(
    (part) =>
      typeof part === 'object' &&
      part !== null &&
      'kind' in part &&
      KINDS.has(String(part.kind)) &&
      !('enabled' in part),
  );
}
