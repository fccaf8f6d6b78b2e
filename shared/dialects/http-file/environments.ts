// http-client.env.json with http-client.private.env.json (JetBrains) and http-client.env.json.user (Visual Studio) beside it.
import { handlePart } from '../../collection/handle-part.ts';
import { findJsonError } from '../../collection/json-error.ts';
import type { Environment, Variable } from '../../collection/model.ts';
import { isObject, type JsonObject, textOf } from '../../collection/narrow.ts';
import { sealText, sealVariable } from '../../collection/seal-literals.ts';
import { childKey, stableId } from '../../collection/stable-id.ts';
import { failure } from '../../failure/failure.ts';
import { err, ok, type Result } from '../../failure/result.ts';
import { limits } from '../../limits.ts';
import { nestsWithin } from '../../nests-within.ts';
import { isSensitiveName } from '../../redact/names.ts';
import { lexTemplate } from '../../template/lex.ts';
import { fileName, type Look } from '../look.ts';
import { giveMeaning } from './meaning.ts';

/** The variables of each environment, nested ones by the names on the way: `deep.nested.var`. */
export type EnvironmentFile = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

export interface NamedFile {
  readonly file: string;
  readonly content: EnvironmentFile;
}

/** The values that all environments have (Visual Studio). */
const SHARED = '$shared';
/** What configures the client and is no variable. */
const SETTINGS: ReadonlySet<string> = new Set(['Security', 'SSLConfiguration']);

/** Reads one file of environments. Fails with COLLECTION/MALFORMED. */
export function readEnvironmentFile({ file, text }: Look): Result<EnvironmentFile> {
  const parsed = parseJson(text, file);
  if (!parsed.ok) return parsed;
  const root = parsed.value;
  if (!isObject(root) || !nestsWithin(root, limits.valueDepth)) {
    const problem = isObject(root)
      ? `it nests deeper than ${limits.valueDepth} levels`
      : 'an object of environments should stand here';
    return err(failure('COLLECTION/MALFORMED', { file, problem }, { file, line: 1 }));
  }
  const environments = Object.entries(root).flatMap(([name, values]): [string, ReadonlyMap<string, unknown>][] =>
    isObject(values) ? [[name, flatten(values)]] : [],
  );
  return ok(new Map(environments));
}

function parseJson(text: string, file: string): Result<unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return ok(value);
  } catch {
    const { problem = 'not JSON', ...place } = findJsonError(text) ?? {};
    return err(failure('COLLECTION/MALFORMED', { file, problem }, { file, ...place }));
  }
}

function flatten(values: JsonObject): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  const walk = (object: JsonObject, prefix: string): void => {
    for (const [name, value] of Object.entries(object)) {
      if (prefix === '' && (SETTINGS.has(name) || name.startsWith('$'))) continue;
      if (isObject(value) && typeof value.provider !== 'string') walk(value, `${prefix}${name}.`);
      else found.set(`${prefix}${name}`, value);
    }
  };
  walk(values, '');
  return found;
}

/** Weakest first. */
const LAYERS = [/^http-client\.env\.json$/i, /^http-client\.env\.json\.user$/i, /^http-client\.private\.env\.json$/i];

/**
 * The environments that the files of one folder make together, for these collections. A private value is a secret whatever
 * its name: the vault's if it knows the name, else the file's.
 */
export function mergeEnvironments(
  root: string,
  files: readonly NamedFile[],
  collections: readonly string[],
): Environment[] {
  const layers = LAYERS.flatMap((pattern, rank) =>
    files.filter(({ file }) => pattern.test(fileName(file))).map((file) => ({ ...file, isPrivate: rank === 2 })),
  );
  const names = new Set(layers.flatMap(({ content }) => [...content.keys()]));
  names.delete(SHARED);
  return [...names].map((name) => {
    const [first] = layers.filter(({ content }) => content.has(name));
    const variables = new Map<string, Variable>();
    for (const level of [SHARED, name]) {
      for (const { content, isPrivate } of layers) {
        for (const [key, value] of content.get(level) ?? [])
          variables.set(key, toVariable(key, value, name, isPrivate));
      }
    }
    return {
      id: stableId(name, 'environment', childKey(root, 'environment', name, 0)),
      name,
      kind: 'environment',
      file: first?.file ?? root,
      collections,
      variables: [...variables.values()],
    };
  });
}

function toVariable(name: string, value: unknown, environment: string, isPrivate: boolean): Variable {
  // Visual Studio's reference to a store of secrets: `{ provider, secretName }`.
  if (isObject(value)) return { name, value: [handlePart(name, { scope: environment })], enabled: true, secret: true };
  const text = textOf(value);
  if (isPrivate) {
    const part = handlePart(name, { scope: environment, otherwise: giveMeaning(sealText(text)) });
    return { name, value: [part], enabled: true, secret: true };
  }
  const secret = isSensitiveName(name);
  const template = secret ? sealVariable(text, 'named') : lexTemplate(text);
  return { name, value: giveMeaning(template), enabled: true, secret };
}
