import type { Environment, Variable } from '../../collection/model.ts';
import { type JsonObject, textOf } from '../../collection/narrow.ts';
import { sealVariable } from '../../collection/seal-literals.ts';
import { childKey, createOrdinals, stableId } from '../../collection/stable-id.ts';
import { type Failure, failure, type SourceSpan } from '../../failure/failure.ts';
import { limits } from '../../limits.ts';
import { createSealer, processEnvName } from './sealer.ts';
import { readExternalSecrets, readVariables } from './variables.ts';

export interface StatedEnvironment {
  readonly file: string;
  /** Where it has no file of its own: the document's. */
  readonly inDocument: boolean;
  readonly name: string;
  readonly stated: JsonObject;
  readonly where: () => SourceSpan;
}

export type DotEnv = ReadonlyMap<string, string>;

export interface EnvironmentsInput {
  readonly environments: readonly StatedEnvironment[];
  /** The `.env` beside the document, which holds for every request. */
  readonly dotEnv: DotEnv;
  /** The `.env` file that an environment names; undefined where there is none inside the collection's folder. */
  readonly dotEnvAt: (path: string) => DotEnv | undefined;
  readonly collection: string;
}

export interface ReadEnvironments {
  readonly environments: readonly Environment[];
  readonly problems: readonly Failure[];
}

/** The environments of a collection after inheritance: what an environment states wins over what it extends. */
export function readEnvironments(input: EnvironmentsInput): ReadEnvironments {
  const problems: Failure[] = [];
  const byName = new Map<string, StatedEnvironment>();
  for (const each of input.environments) if (!byName.has(each.name)) byName.set(each.name, each);
  const own = new Map(input.environments.map((each) => [each, ownVariables(each, input, problems)]));
  const ordinal = createOrdinals();
  const environments = input.environments.map((each): Environment => {
    const key = each.inDocument
      ? childKey(each.file, 'environment', each.name, ordinal(each.file, each.name))
      : each.file;
    const chain = extensionChain(each, byName, problems);
    return {
      id: stableId(each.name, 'environment', key),
      name: each.name,
      kind: 'environment',
      file: each.file,
      collections: [input.collection],
      variables: mergeVariables(chain.map((link) => own.get(link) ?? [])),
    };
  });
  return { environments, problems: problems.slice(0, limits.fileProblems) };
}

/** The environment and those that it extends, nearest first. */
function extensionChain(
  start: StatedEnvironment,
  byName: ReadonlyMap<string, StatedEnvironment>,
  problems: Failure[],
): StatedEnvironment[] {
  const chain = new Set([start]);
  for (let at = start; ; ) {
    const wanted = textOf(at.stated.extends);
    if (wanted === '') break;
    const base = byName.get(wanted);
    if (base === undefined || chain.has(base)) {
      const problem =
        base === undefined
          ? 'it extends an environment that does not exist'
          : 'environments extend each other in a circle';
      // Reported where it stands, not by each that extends it.
      if (at === start) problems.push(failure('COLLECTION/MALFORMED', { file: at.file, problem }, at.where()));
      break;
    }
    chain.add(base);
    at = base;
  }
  return [...chain];
}

/** Lists of variables, nearest first: an enabled one hides those of its name that are further out. */
function mergeVariables(lists: readonly (readonly Variable[])[]): Variable[] {
  const hidden = new Set<string>();
  const kept: Variable[][] = [];
  for (const list of lists) {
    kept.unshift(list.filter(({ name }) => !hidden.has(name)));
    for (const { name, enabled } of list) if (enabled) hidden.add(name);
  }
  return kept.flat();
}

function ownVariables(each: StatedEnvironment, input: EnvironmentsInput, problems: Failure[]): Variable[] {
  const { name, stated, file, where } = each;
  const path = textOf(stated.dotEnvFilePath);
  const dotEnv = path === '' ? undefined : input.dotEnvAt(path);
  if (path !== '' && dotEnv === undefined) {
    const problem = 'dotEnvFilePath names no .env file inside the folder of the collection';
    problems.push(failure('COLLECTION/MALFORMED', { file, problem }, where()));
  }
  const sealer = createSealer((variable) => {
    const value = dotEnv?.get(variable) ?? input.dotEnv.get(variable);
    return value === undefined ? undefined : sealVariable(value, 'named');
  });
  return [
    ...(dotEnv === undefined || dotEnv === input.dotEnv ? [] : dotEnvVariables(dotEnv)),
    ...readVariables(stated.variables, sealer, name),
    ...readExternalSecrets(stated.externalSecrets, name),
  ];
}

/** What a `.env` file of an environment's own says, under the names by which requests refer to it. */
export function dotEnvVariables(dotEnv: DotEnv, wanted: (name: string) => boolean = () => true): Variable[] {
  return [...dotEnv].flatMap(([name, value]) =>
    wanted(name)
      ? [{ name: processEnvName(name), value: sealVariable(value, 'named'), enabled: true, secret: true }]
      : [],
  );
}
