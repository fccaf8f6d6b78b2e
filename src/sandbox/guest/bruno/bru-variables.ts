// The variables of `bru`: one set of functions for each place that a script may write to.

import type { WritableLayer } from '../../../../shared/script/job.ts';
import type { Run } from '../run.ts';
import { textOf } from './given.ts';
import type { Interpolate } from './interpolate.ts';
import { secretOf } from './secrets.ts';

interface Place {
  readonly layer: WritableLayer;
  /** `EnvVar` of `getEnvVar`. */
  readonly one: string;
  readonly all: string;
  /** What a missing name is called in the error. */
  readonly called: string;
  readonly isNameChecked: boolean;
}

const PLACES: readonly Place[] = [
  { layer: 'runtime', one: 'Var', all: 'Vars', called: 'a variable', isNameChecked: true },
  { layer: 'environment', one: 'EnvVar', all: 'EnvVars', called: 'a env variable', isNameChecked: true },
  { layer: 'collection', one: 'CollectionVar', all: 'CollectionVars', called: 'a variable', isNameChecked: true },
  { layer: 'globals', one: 'GlobalEnvVar', all: 'GlobalEnvVars', called: 'a env variable', isNameChecked: false },
];

const NAME = /^[\w.-]*$/;

export function variableFunctions(run: Run, interpolate: Interpolate): Record<string, unknown> {
  const { variables } = run;
  return {
    ...(Object.assign({}, ...PLACES.map((place) => functionsOf(run, place, interpolate))) as Record<string, unknown>),
    getFolderVar: (name: string) => interpolate(variables.get('folder', name)),
    getRequestVar: (name: string) => interpolate(variables.get('folder', name)),
    getProcessEnv: (name: unknown) => secretOf(run, String(name)),
    getSecretVar: (name: unknown) => secretOf(run, String(name)),
    getOauth2CredentialVar: () => void run.gathered.unsupported.push('bru.getOauth2CredentialVar'),
    resetOauth2Credential: () => void run.gathered.unsupported.push('bru.resetOauth2Credential'),
  };
}

function functionsOf({ variables }: Run, place: Place, interpolate: Interpolate): Record<string, unknown> {
  const { layer, one, all } = place;
  return {
    [`get${one}`]: (name: string) => {
      if (layer === 'runtime') checkName(name);
      return interpolate(variables.get(layer, name));
    },
    [`set${one}`]: (name: unknown, value: unknown) => {
      if (!name) throw new Error(`Creating ${place.called} without specifying a name is not allowed.`);
      if (place.isNameChecked) checkName(name);
      variables.set(layer, textOf(name), value);
    },
    [`has${one}`]: (name: string) => variables.has(layer, name),
    [`delete${one}`]: (name: string) => variables.unset(layer, name),
    [`getAll${all}`]: () => ({ ...variables.all(layer) }),
    [`deleteAll${all}`]: () => variables.clear(layer),
  };
}

function checkName(name: unknown): void {
  if (NAME.test(String(name))) return;
  throw new Error(
    `Variable name: "${String(name)}" contains invalid characters! Names must only contain alpha-numeric characters, "-", "_", "."`,
  );
}
