import type { Variable } from '../collection/model.ts';
import { originOf } from '../request/plan-url.ts';
import { templatesOf } from '../request/scope-secrets.ts';
import { secretsOf } from '../request/secret-pieces.ts';
import type { Sealed } from '../secret/seal.ts';
import type { HandleInfo } from '../secret/secret-ref.ts';
import { precedence } from '../template/precedence.ts';
import { createScope, renderTemplate, type Scope } from '../template/render.ts';
import type { LeafSecret, Template } from '../template/template.ts';
import type { OpenedCollection, TakenSecret } from './take-secrets.ts';

/**
 * The origins to which the files alone send each secret, with no environment and with each of them: what its handle is to
 * be bound to. Sorted; none for a secret that no request with a complete address uses.
 */
export function secretOrigins(
  opened: readonly OpenedCollection[],
  secrets: readonly TakenSecret[],
): ReadonlyMap<TakenSecret, readonly string[]> {
  const owners = new Map(secrets.flatMap((secret) => secret.values.map((value) => [value, secret] as const)));
  const origins = new Map(secrets.map((secret) => [secret, new Set<string>()]));
  for (const { origin, piece } of opened.flatMap((each) => sentSecrets(each))) {
    const secret = piece.kind === 'inline' ? owners.get(piece.value) : undefined;
    if (secret) origins.get(secret)?.add(origin);
  }
  return new Map([...origins].map(([secret, found]) => [secret, [...found].sort()]));
}

/** Where the files send what a name stands for. */
export interface NameUse {
  /** Sorted. */
  readonly origins: readonly string[];
  /** It stands in the path of a URL. */
  readonly inPath: boolean;
}

/** A variable from outside of the collections, and what it renders to. */
export interface OutsideVariable {
  readonly name: string;
  /** The handle that it is to become; collections may refer to that already. */
  readonly handle: string;
  readonly value: Sealed;
  /** What it renders to while the address of a request is made. */
  readonly template: Template;
}

/**
 * The same for variables that collections name and another file states: to where each goes, with no environment and with each of the
 * collections' own.
 */
export function variableOrigins(
  opened: readonly OpenedCollection[],
  variables: readonly OutsideVariable[],
): ReadonlyMap<string, NameUse> {
  const byValue = new Map(variables.map(({ value, name }) => [value, name]));
  const byHandle = new Map(variables.map(({ handle, name }) => [handle, name]));
  const uses = new Map(variables.map(({ name }) => [name, { origins: new Set<string>(), inPath: false }]));
  for (const { origin, piece, inPath } of opened.flatMap((each) => sentSecrets(each, variables))) {
    const name = piece.kind === 'inline' ? byValue.get(piece.value) : byHandle.get(piece.id);
    const use = name === undefined ? undefined : uses.get(name);
    if (!use) continue;
    use.origins.add(origin);
    use.inPath ||= inPath;
  }
  return new Map([...uses].map(([name, { origins, inPath }]) => [name, { origins: [...origins].sort(), inPath }]));
}

interface Sent {
  readonly origin: string;
  readonly piece: LeafSecret;
  readonly inPath: boolean;
}

function sentSecrets(opened: OpenedCollection, outside: readonly OutsideVariable[] = []): Sent[] {
  const choices = opened.environments.filter(({ kind }) => kind === 'environment');
  const known = outside.map(
    ({ name, template }): Variable => ({ name, value: template, enabled: true, secret: false }),
  );
  const sealed = outside.map(
    ({ name, value }): Variable => ({ name, value: [{ kind: 'sealed', value }], enabled: true, secret: true }),
  );
  const handles = new Set(outside.map(({ handle }) => handle));
  return [undefined, ...choices].flatMap((environment) =>
    opened.requests.flatMap(({ template }) => {
      const own = environment?.variables ?? [];
      const origin = originOf(template.url, scopeOf(opened, template, [...own, ...known], handles));
      if (origin === undefined) return [];
      const scope = scopeOf(opened, template, [...own, ...sealed], handles);
      const inPath = new Set([template.url.address, ...template.url.pathVariables.map(({ value }) => value)]);
      return templatesOf(template).flatMap((each) =>
        secretsIn(each, scope).map((piece) => ({ origin, piece, inPath: inPath.has(each) })),
      );
    }),
  );
}

type Variables = OpenedCollection['variables'];
type Request = OpenedCollection['requests'][number]['template'];

function scopeOf(
  opened: OpenedCollection,
  { folderVariables }: Request,
  environment: Variables,
  handles: ReadonlySet<string>,
): Scope {
  return createScope({
    environment,
    folders: folderVariables,
    collection: opened.variables,
    globals: opened.environments.filter(({ kind }) => kind === 'globals').map(({ variables }) => variables),
    order: precedence[opened.collection.dialect],
    handles: (name) => (handles.has(name) ? namedHandle(name) : undefined),
    dynamic: () => undefined,
  });
}

/** A handle that is yet to be: only its name is asked for. */
function namedHandle(name: string): HandleInfo {
  return { id: name, name, origins: [], pathAllowed: false, createdAt: 0, updatedAt: 0, useCount: 0 };
}

/** Part by part: what is missing beside a secret does not matter. */
function secretsIn(template: Template, scope: Scope): LeafSecret[] {
  return template.flatMap((part) => {
    const rendered = renderTemplate([part], scope);
    return rendered.ok ? secretsOf(rendered.value) : [];
  });
}
