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
  const { environments: stated, collection } = input;
  const problems = createProblems();
  const levelOf = createLevels(input, problems);
  const chainOf = createChains(stated, problems);
  const ordinal = createOrdinals();
  let room: number = limits.environmentVariables;
  const environments = stated.slice(0, limits.collectionEnvironments).flatMap((each): Environment[] => {
    const { file, name } = each;
    const key = each.inDocument ? childKey(file, 'environment', name, ordinal(file, name)) : file;
    const lists = chainOf(each).flatMap(levelOf);
    const count = lists.reduce((sum, { length }) => sum + length, 0);
    if (count > room) {
      problems.tooMany(each, limits.environmentVariables, 'variables in the environments of a collection');
      return [];
    }
    room -= count;
    const id = stableId(name, 'environment', key);
    return [{ id, name, kind: 'environment', file, collections: [collection], variables: mergeVariables(lists) }];
  });
  const more = stated[limits.collectionEnvironments];
  if (more) problems.tooMany(more, limits.collectionEnvironments, 'environments in a collection');
  return { environments, problems: problems.located() };
}

/** Finds where a problem stands for those only that are told: the others are counted. */
function createProblems() {
  const told: Failure[] = [];
  let more: StatedEnvironment | undefined;
  let count = 0;
  const note = (each: StatedEnvironment, toFailure: () => Failure): void => {
    count += 1;
    if (told.length < limits.fileProblems) told.push(toFailure());
    else more ??= each;
  };
  return {
    malformed(each: StatedEnvironment, problem: string): void {
      note(each, () => failure('COLLECTION/MALFORMED', { file: each.file, problem }, each.where()));
    },
    tooMany(each: StatedEnvironment, limit: number, what: string): void {
      note(each, () => failure('COLLECTION/TOO_MANY', { limit, what: `${what}: ${each.file}` }, each.where()));
    },
    located(): Failure[] {
      if (more === undefined) return told;
      const { file } = more;
      const problem = `and ${count - told.length} more problems`;
      return [...told, failure('COLLECTION/MALFORMED', { file, problem }, { file })];
    },
  };
}

type Problems = ReturnType<typeof createProblems>;

/** Gives the environment and those that it extends, nearest first. */
function createChains(all: readonly StatedEnvironment[], problems: Problems) {
  const byName = new Map<string, StatedEnvironment>();
  for (const each of all) if (!byName.has(each.name)) byName.set(each.name, each);
  return (start: StatedEnvironment): StatedEnvironment[] => {
    const chain = new Set([start]);
    for (let at = start; textOf(at.stated.extends) !== ''; ) {
      const base = byName.get(textOf(at.stated.extends));
      if (base === undefined || chain.has(base)) {
        const problem = base ? 'environments extend each other in a circle' : MISSING_BASE;
        // Reported where it stands, not by each that extends it.
        if (at === start) problems.malformed(at, problem);
        break;
      }
      if (chain.size >= limits.environmentDepth) {
        problems.tooMany(start, limits.environmentDepth, 'levels of environments that extend each other');
        break;
      }
      chain.add(base);
      at = base;
    }
    return [...chain];
  };
}

const MISSING_BASE = 'it extends an environment that does not exist';

/** Lists of variables, nearest first: an enabled one hides those of its name that are further out. */
function mergeVariables(lists: readonly (readonly Variable[])[]): readonly Variable[] {
  const stated = lists.filter(({ length }) => length > 0);
  const [first, ...others] = stated;
  if (first === undefined || others.length === 0) return first ?? [];
  const hidden = new Set<string>();
  const kept: Variable[][] = [];
  for (const list of stated) {
    kept.unshift(list.filter(({ name }) => !hidden.has(name)));
    if (list !== stated.at(-1)) for (const { name, enabled } of list) if (enabled) hidden.add(name);
  }
  return kept.flat();
}

/** Gives what an environment states itself, then what its own `.env` does; each is read once, whoever extends or names it. */
function createLevels(input: EnvironmentsInput, problems: Problems) {
  const levels = new Map<StatedEnvironment, readonly (readonly Variable[])[]>();
  const ofFiles = new Map<DotEnv, readonly Variable[]>();
  return (each: StatedEnvironment): readonly (readonly Variable[])[] => {
    const known = levels.get(each);
    if (known) return known;
    const dotEnv = ownDotEnv(each, input, problems);
    const level: (readonly Variable[])[] = [ownVariables(each, dotEnv, input)];
    if (dotEnv !== undefined && dotEnv !== input.dotEnv) {
      const variables = ofFiles.get(dotEnv) ?? dotEnvVariables(dotEnv);
      ofFiles.set(dotEnv, variables);
      level.push(variables);
    }
    levels.set(each, level);
    return level;
  };
}

function ownDotEnv(each: StatedEnvironment, { dotEnvAt }: EnvironmentsInput, problems: Problems): DotEnv | undefined {
  const path = textOf(each.stated.dotEnvFilePath);
  if (path === '') return undefined;
  const dotEnv = dotEnvAt(path);
  if (!dotEnv) problems.malformed(each, 'dotEnvFilePath names no .env file inside the folder of the collection');
  return dotEnv;
}

function ownVariables(each: StatedEnvironment, own: DotEnv | undefined, { dotEnv }: EnvironmentsInput): Variable[] {
  const { name, stated } = each;
  const sealer = createSealer((variable) => {
    const value = own?.get(variable) ?? dotEnv.get(variable);
    return value === undefined ? undefined : sealVariable(value, 'named');
  });
  return [...readVariables(stated.variables, sealer, name), ...readExternalSecrets(stated.externalSecrets, name)];
}

/** What a `.env` file of an environment's own says, under the names by which requests refer to it. */
export function dotEnvVariables(dotEnv: DotEnv, wanted: (name: string) => boolean = () => true): Variable[] {
  return [...dotEnv].flatMap(([name, value]) =>
    wanted(name)
      ? [{ name: processEnvName(name), value: sealVariable(value, 'named'), enabled: true, secret: true }]
      : [],
  );
}
