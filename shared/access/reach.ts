// What a caller over HTTP may do at most, below the policy: parsed from scopes (RFC 6749 section 3.3), which only narrow.
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import type { ToolGroup } from './tool-group.ts';

export interface Reach {
  /** Equal for equal reaches and for no others. */
  readonly key: string;
  readonly tools: readonly ToolGroup[];
  /** Whether requests that may change data can be sent, where the policy lets them. */
  readonly unsafe: boolean;
  /** Names or ids; absent: all that the policy shows. */
  readonly collections?: readonly string[];
  readonly environments?: readonly string[];
  /** Names or ids of secrets; absent: all. */
  readonly handles?: readonly string[];
}

/** What a key without scopes is given: reading, and requests that change nothing. */
export const DEFAULT_SCOPES = ['read', 'execute', 'history', 'secrets'] as const;

/** Every scope that names no thing, for metadata and help. */
export const GROUP_SCOPES = ['read', 'execute', 'execute:unsafe', 'history', 'secrets'] as const;

type GroupScope = (typeof GROUP_SCOPES)[number];
type Named = 'collection' | 'environment' | 'handle';

const isGroupScope = (scope: string): scope is GroupScope => GROUP_SCOPES.some((each) => each === scope);

/**
 * Reads scopes: `read`, `execute` (requests that change nothing), `execute:unsafe` (all), `history`, `secrets`, and
 * `collection:NAME`, `environment:NAME`, `handle:NAME` with percent-encoded names or ids, each of which leaves nothing but those named.
 * Scopes without a group get the default groups. Failure: ACCESS/SCOPE_INVALID.
 */
export function parseScopes(scopes: readonly string[]): Result<Reach> {
  const groups = new Set<GroupScope>();
  const named = new Map<Named, Set<string>>();
  for (const scope of scopes) {
    if (isGroupScope(scope)) groups.add(scope);
    else {
      const thing = parseNamed(scope);
      if (!thing) return err(failure('ACCESS/SCOPE_INVALID', { scope }));
      named.set(thing.kind, (named.get(thing.kind) ?? new Set()).add(thing.name));
    }
  }
  return ok(reachOf(groups.size > 0 ? groups : new Set(DEFAULT_SCOPES), named));
}

/**
 * The same for a token, whose other scopes are not ours; one without a group reaches nothing. A scope that names a thing in a way that
 * cannot be read narrows like any other, to nothing that there is: left out, it would leave everything in reach.
 */
export function reachOfToken(scopes: readonly string[]): Reach {
  const groups = new Set(scopes.filter(isGroupScope));
  const named = new Map<Named, Set<string>>();
  for (const scope of scopes) {
    const thing = parseNamed(scope);
    const kind = thing?.kind ?? kindMeant(scope);
    if (kind === undefined) continue;
    const names = named.get(kind) ?? new Set();
    named.set(kind, thing ? names.add(thing.name) : names);
  }
  return reachOf(groups, named);
}

/** What both allow. A thing counts as allowed where both name it in the same way, or one of them names none. */
export function commonReach(one: Reach, other: Reach): Reach {
  const both = (kind: 'collections' | 'environments' | 'handles') => {
    const [mine, others] = [one[kind], other[kind]];
    return mine && others ? mine.filter((name) => others.includes(name)) : (mine ?? others);
  };
  return withKey({
    tools: one.tools.filter((group) => other.tools.includes(group)),
    unsafe: one.unsafe && other.unsafe,
    collections: both('collections'),
    environments: both('environments'),
    handles: both('handles'),
  });
}

/** Whether something of this id and name is among those that a reach names. */
export function isNamed(
  names: readonly string[] | undefined,
  { id, name }: { readonly id: string; readonly name: string },
): boolean {
  return names === undefined || names.includes(id) || names.includes(name);
}

/** Scopes that give this reach. */
export function scopesOf(reach: Reach): readonly string[] {
  const { tools, unsafe, collections = [], environments = [], handles = [] } = reach;
  const named = (kind: Named, names: readonly string[]) => names.map((name) => `${kind}:${encodeURIComponent(name)}`);
  return [
    ...tools,
    ...(unsafe ? ['execute:unsafe'] : []),
    ...named('collection', collections),
    ...named('environment', environments),
    ...named('handle', handles),
  ];
}

// Without half a character, which has no percent-encoding.
const NAMED = /^(collection|environment|handle):([^\s"\\\p{Cs}]+)$/u;

function parseNamed(scope: string): { readonly kind: Named; readonly name: string } | undefined {
  const [, kind, encoded = ''] = NAMED.exec(scope) ?? [];
  if (kind === undefined) return undefined;
  try {
    return { kind: kind as Named, name: decodeURIComponent(encoded) };
  } catch {
    return undefined;
  }
}

/** The kind that a scope is about, however badly it is written. */
function kindMeant(scope: string): Named | undefined {
  const [, kind] = /^(collection|environment|handle)(?:$|\s|:|%3a)/i.exec(scope) ?? [];
  return kind?.toLowerCase() as Named | undefined;
}

function reachOf(groups: ReadonlySet<GroupScope>, named: ReadonlyMap<Named, ReadonlySet<string>>): Reach {
  const unsafe = groups.has('execute:unsafe');
  const namesOf = (kind: Named) => named.get(kind) && [...(named.get(kind) ?? [])].sort();
  return withKey({
    tools: (['read', 'execute', 'history', 'secrets'] as const).filter(
      (group) => groups.has(group) || (group === 'execute' && unsafe),
    ),
    unsafe,
    collections: namesOf('collection'),
    environments: namesOf('environment'),
    handles: namesOf('handle'),
  });
}

type Parts = { readonly [Name in keyof Omit<Reach, 'key'>]: Reach[Name] | undefined } & Pick<Reach, 'tools' | 'unsafe'>;

function withKey({ tools, unsafe, collections, environments, handles }: Parts): Reach {
  return {
    key: JSON.stringify([tools, unsafe, collections ?? null, environments ?? null, handles ?? null]),
    tools,
    unsafe,
    ...(collections && { collections }),
    ...(environments && { environments }),
    ...(handles && { handles }),
  };
}
