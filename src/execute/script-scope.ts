// The variables that the scripts of one execution see and write: those of the files, what the caller's earlier scripts wrote, and what
// these write on the way. Nothing is kept for later before `commit`.
import type { Collection, Variable } from '../../shared/collection/model.ts';
import { ok, type Result } from '../../shared/failure/result.ts';
import type { WrittenVariables } from '../../shared/request/plan-request.ts';
import type { ReadableLayer, ScriptVariable, ScriptWrite, WritableLayer } from '../../shared/script/job.ts';
import type { LiveText } from '../../shared/script/live-text.ts';
import { readWrite, showVariables } from '../../shared/script/variable-text.ts';
import type { Sealed } from '../../shared/secret/seal.ts';
import { precedence } from '../../shared/template/precedence.ts';
import type { SessionPlace, SessionVariable, SessionVariables } from './ports.ts';
import type { Target } from './prepare.ts';
import { checkWritten } from './script-size.ts';
import { NOBODY, withSession } from './session-variables.ts';

export interface ScriptScope {
  /** What planning takes; undefined where no script has written anything. */
  written(): WrittenVariables | undefined;
  /** As a script sees them. `agent` is what the agent supplied: data. */
  shown(agent: Readonly<Record<string, string>>, isCaptured: (name: string) => boolean, live: LiveText): ShownVariables;
  /** Takes what a phase wrote. Failures: SCRIPT/SECRET_TAKEN_APART, OUTPUT_LIMIT; then nothing was taken. */
  take(writes: readonly ScriptWrite[], live: LiveText): Result<void>;
  /** What was sealed of all that scripts wrote, now or earlier, also of what was not taken. */
  sealed(): readonly Sealed[];
  /** Names of what was written in this execution, each once. */
  names(): readonly { readonly layer: WritableLayer; readonly name: string }[];
  /** Keeps what was written for the caller's later calls. Failure: SCRIPT/OUTPUT_LIMIT. */
  commit(): Result<void>;
}

export type ShownVariables = Readonly<Partial<Record<ReadableLayer, readonly ScriptVariable[]>>>;

type Layers = Readonly<Record<WritableLayer, ReadonlyMap<string, SessionVariable>>>;

interface Written {
  readonly layer: WritableLayer;
  readonly variable: SessionVariable;
}

export function createScriptScope(target: Target, caller: string, session: SessionVariables): ScriptScope {
  const places = placesOf(target);
  let layers = openLayers(places, caller, session);
  const files = filesOf(target);
  const written: Written[] = [];
  const sealed = Object.values(layers).flatMap((layer) => [...layer.values()].flatMap(sealedIn));
  const list = (layer: WritableLayer): readonly SessionVariable[] => [...layers[layer].values()];
  return {
    written: () => writtenIn(layers, files),
    shown: (agent, isCaptured, live) => ({
      agent: Object.entries(agent).map(([name, value]) => ({ name, value: live.answer(value, isCaptured) })),
      local: shownLayer([], list('local'), live),
      runtime: shownLayer([], list('runtime'), live),
      environment: shownLayer(files.environment, list('environment'), live),
      folder: shownLayer(files.folder, [], live),
      collection: shownLayer(files.collection, list('collection'), live),
      globals: shownLayer(files.globals, list('globals'), live),
    }),
    take(writes, live) {
      const taken: Written[] = [];
      let refused: Result<never> | undefined;
      for (const write of writes) {
        const variable = readWrite(write, live);
        if (variable.ok) taken.push({ layer: write.layer, variable: variable.value });
        else refused ??= variable;
      }
      for (const { variable } of taken) sealed.push(...sealedIn(variable));
      if (refused) return refused;
      const next = withWrites(layers, taken);
      const fits = checkWritten(Object.values(next).flatMap((layer) => [...layer.values()]));
      if (!fits.ok) return fits;
      layers = next;
      written.push(...taken);
      return ok(undefined);
    },
    sealed: () => sealed,
    names() {
      const seen = new Map(written.map(({ layer, variable: { name } }) => [`${layer} ${name}`, { layer, name }]));
      return [...seen.values()];
    },
    commit() {
      const kept = written.flatMap(({ layer, variable }) =>
        layer === 'local' ? [] : [{ ...places[layer], variable }],
      );
      return kept.length === 0 ? ok(undefined) : session.write(caller, kept);
    },
  };
}

function withWrites(layers: Layers, writes: readonly Written[]): Layers {
  const { local, runtime, environment, collection, globals } = layers;
  const next = {
    local: new Map(local),
    runtime: new Map(runtime),
    environment: new Map(environment),
    collection: new Map(collection),
    globals: new Map(globals),
  };
  for (const { layer, variable } of writes) {
    next[layer].delete(variable.name);
    next[layer].set(variable.name, variable);
  }
  return next;
}

function sealedIn({ value = [], json = [] }: SessionVariable): readonly Sealed[] {
  return [...value, ...json].flatMap((part) => (part.kind === 'sealed' ? [part.value] : []));
}

/** What the caller's earlier scripts wrote of what a request sees. */
export function writtenEarlier(
  target: Target,
  caller: string,
  session: SessionVariables,
): readonly (readonly SessionVariable[])[] {
  return Object.values(placesOf(target)).map((place) => session.read(caller, place));
}

/** What scripts of another execution in the same place wrote, as it is kept now, for those of this one. */
export function writesOf(
  names: ReturnType<ScriptScope['names']>,
  { target, caller, session }: { readonly target: Target; readonly caller: string; readonly session: SessionVariables },
  live: LiveText,
): readonly ScriptWrite[] {
  const places = placesOf(target);
  return names.flatMap(({ layer, name }): readonly ScriptWrite[] => {
    const kept = layer === 'local' ? [] : session.read(caller, places[layer]);
    const written = kept.find((variable) => variable.name === name);
    if (!written) return [];
    const { value, json } = written;
    const shown = value === undefined ? null : live.show(value);
    return [{ layer, name, value: shown, ...(json !== undefined && { json: live.show(json) }) }];
  });
}

/** What planning takes before any script of this execution has run; undefined where no earlier one has written anything. */
export function earlierWrites(target: Target, caller: string, session: SessionVariables): WrittenVariables | undefined {
  return writtenIn(openLayers(placesOf(target), caller, session), filesOf(target));
}

function writtenIn(layers: Layers, files: ReturnType<typeof filesOf>): WrittenVariables | undefined {
  if (Object.values(layers).every(({ size }) => size === 0)) return undefined;
  const list = (layer: WritableLayer): readonly SessionVariable[] => [...layers[layer].values()];
  return {
    local: [...withSession([], list('local')), ...withSession([], list('runtime'))],
    environment: withSession(files.environment, list('environment')),
    collection: withSession(files.collection, list('collection')),
    globals: withSession(files.globals, list('globals')),
  };
}

/** The layers that scripts look a name up in, strongest first. */
export function scriptPrecedence({ dialect }: Collection): readonly ReadableLayer[] {
  return ['agent', 'local', 'runtime', 'data', ...precedence[dialect]];
}

type Places = Readonly<Record<SessionPlace['layer'], SessionPlace>>;

function placesOf({ found, environment }: Target): Places {
  const { id } = found.collection;
  return {
    environment: { layer: 'environment', owner: environment?.id ?? NOBODY },
    collection: { layer: 'collection', owner: id },
    runtime: { layer: 'runtime', owner: id },
    globals: { layer: 'globals', owner: NOBODY },
  };
}

function openLayers(places: Places, caller: string, session: SessionVariables): Layers {
  const read = (place: SessionPlace) =>
    new Map(session.read(caller, place).map((variable) => [variable.name, variable]));
  return {
    local: new Map(),
    runtime: read(places.runtime),
    environment: read(places.environment),
    collection: read(places.collection),
    globals: read(places.globals),
  };
}

function filesOf({ found, environment, globals }: Target) {
  return {
    environment: environment?.variables ?? [],
    // Innermost first in the model; the last of a name wins in a job.
    folder: found.template.folderVariables.toReversed().flat(),
    collection: found.collection.variables(),
    // The first file that knows a name wins.
    globals: globals.toReversed().flatMap(({ variables }) => variables),
  };
}

function shownLayer(
  variables: readonly Variable[],
  session: readonly SessionVariable[],
  live: LiveText,
): readonly ScriptVariable[] {
  const shown = new Map(showVariables(variables, live).map((variable) => [variable.name, variable]));
  for (const { name, value, json } of session) {
    if (value === undefined) shown.delete(name);
    else shown.set(name, { name, value: live.show(value), ...(json !== undefined && { json: live.show(json) }) });
  }
  return [...shown.values()];
}
