// http-client.env.json with http-client.private.env.json (JetBrains) and http-client.env.json.user (Visual Studio) beside it.
import { handlePart } from '../../collection/handle-part.ts';
import type { Environment, Variable } from '../../collection/model.ts';
import { isObject, type JsonObject, textOf } from '../../collection/narrow.ts';
import { readJson } from '../../collection/read-json.ts';
import { sealPlain, sealText, sealVariable } from '../../collection/seal-literals.ts';
import { childKey, stableId } from '../../collection/stable-id.ts';
import { type Failure, failure } from '../../failure/failure.ts';
import { err, ok, type Result } from '../../failure/result.ts';
import { limits } from '../../limits.ts';
import { nestsWithin } from '../../nests-within.ts';
import { isSensitiveName } from '../../redact/names.ts';
import { fileName, type Look } from '../look.ts';
import { giveMeaning } from './meaning.ts';

/** The variables of each environment, nested ones by the names on the way: `deep.nested.var`. */
type Environments = ReadonlyMap<string, ReadonlyMap<string, unknown>>;

export interface EnvironmentFile {
  readonly environments: Environments;
  /** Whether variables are left out for the length of their names. */
  readonly hasLongNames: boolean;
}

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
  const parsed = readJson(text, file);
  if (!parsed.ok) return parsed;
  const root = parsed.value;
  if (!isObject(root) || !nestsWithin(root, limits.valueDepth)) {
    const problem = isObject(root)
      ? `it nests deeper than ${limits.valueDepth} levels`
      : 'an object of environments should stand here';
    return err(failure('COLLECTION/MALFORMED', { file, problem }, { file, line: 1 }));
  }
  let hasLongNames = false;
  const tell = (): void => {
    hasLongNames = true;
  };
  const environments = Object.entries(root).flatMap(([name, values]): [string, ReadonlyMap<string, unknown>][] =>
    isObject(values) ? [[name, flatten(values, tell)]] : [],
  );
  return ok({ environments: new Map(environments), hasLongNames });
}

function flatten(values: JsonObject, leaveOut: () => void): ReadonlyMap<string, unknown> {
  const found = new Map<string, unknown>();
  const walk = (object: JsonObject, prefix: string): void => {
    for (const [name, value] of Object.entries(object)) {
      if (prefix === '' && (SETTINGS.has(name) || name.startsWith('$'))) continue;
      if (prefix.length + name.length > limits.variableNameChars) leaveOut();
      else if (isObject(value) && typeof value.provider !== 'string') walk(value, `${prefix}${name}.`);
      else found.set(`${prefix}${name}`, value);
    }
  };
  walk(values, '');
  return found;
}

/** Weakest first. */
const LAYERS = [/^http-client\.env\.json$/i, /^http-client\.env\.json\.user$/i, /^http-client\.private\.env\.json$/i];

interface Layer extends NamedFile {
  readonly isPrivate: boolean;
}

/**
 * The environments that the files of one folder make together, for these collections. A private value is a secret whatever
 * its name: the vault's if it knows the name, else the file's. Environments beyond those that `$shared` may be copied into
 * are left out, with a problem.
 */
export function mergeEnvironments(
  root: string,
  files: readonly NamedFile[],
  collections: readonly string[],
): { readonly environments: Environment[]; readonly problems: Failure[] } {
  const layers = LAYERS.flatMap((pattern, rank) =>
    files.filter(({ file }) => pattern.test(fileName(file))).map((file) => ({ ...file, isPrivate: rank === 2 })),
  );
  const names = new Set(layers.flatMap(({ content }) => [...content.environments.keys()]));
  names.delete(SHARED);
  const most = copiesOf(layers);
  const environments = [...names].slice(0, most).map((name): Environment => {
    const first = layers.find(({ content }) => content.environments.has(name));
    return {
      id: stableId(name, 'environment', childKey(root, 'environment', name, 0)),
      name,
      kind: 'environment',
      file: first?.file ?? root,
      collections,
      variables: variablesOf(name, layers),
    };
  });
  return { environments, problems: problemsOf(layers, names.size, most) };
}

/** A variable that is copied, beside its characters. */
const VARIABLE_CHARS = 64;

/** How many environments may have copies of what they share: one at the least. */
function copiesOf(layers: readonly Layer[]): number {
  let chars = 0;
  for (const { content } of layers) {
    for (const [name, value] of content.environments.get(SHARED) ?? [])
      chars += VARIABLE_CHARS + name.length + textOf(value).length;
  }
  return Math.max(1, Math.floor(limits.sharedEnvironmentChars / Math.max(chars, 1)));
}

const LONG_NAMES = `variables with names of more than ${limits.variableNameChars} characters are left out`;

function problemsOf(layers: readonly Layer[], count: number, most: number): Failure[] {
  const named = layers
    .filter(({ content }) => content.hasLongNames)
    .map(({ file }) => failure('COLLECTION/MALFORMED', { file, problem: LONG_NAMES }, { file, line: 1 }));
  const sharing = layers.find(({ content }) => content.environments.has(SHARED));
  if (count <= most || !sharing) return named;
  const what = `environments with the ${SHARED} variables of ${sharing.file}`;
  return [...named, failure('COLLECTION/TOO_MANY', { limit: most, what }, { file: sharing.file, line: 1 })];
}

function variablesOf(environment: string, layers: readonly Layer[]): Variable[] {
  const variables = new Map<string, Variable>();
  // No handle has a name that long.
  const scope = environment.length < limits.secretNameChars ? environment : undefined;
  for (const level of [SHARED, environment]) {
    for (const { content, isPrivate } of layers) {
      for (const [key, value] of content.environments.get(level) ?? [])
        variables.set(key, toVariable(key, value, scope, isPrivate));
    }
  }
  return [...variables.values()];
}

function toVariable(name: string, value: unknown, environment: string | undefined, isPrivate: boolean): Variable {
  const scope = environment === undefined ? {} : { scope: environment };
  // Visual Studio's reference to a store of secrets: `{ provider, secretName }`.
  if (isObject(value)) return { name, value: [handlePart(name, scope)], enabled: true, secret: true };
  const text = textOf(value);
  if (isPrivate) {
    const part = handlePart(name, { ...scope, otherwise: giveMeaning(sealText(text)) });
    return { name, value: [part], enabled: true, secret: true };
  }
  const secret = isSensitiveName(name);
  const template = secret ? sealVariable(text, 'named') : sealPlain(text);
  return { name, value: giveMeaning(template), enabled: true, secret };
}
