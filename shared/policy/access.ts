import { isNamed, type Reach } from '../access/reach.ts';
import type { AccessLevel, Policy } from './policy.ts';

/** What the policy can be stated about: a collection or an environment, by id or name. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface AccessFinding {
  readonly level: AccessLevel;
  /** Where the level is stated, as in keyward.yaml. */
  readonly rule: string;
}

/** From the strictest on; a level that is none of these is stricter than all of them. */
const levels: readonly AccessLevel[] = ['hidden', 'read-only', 'safe', 'full'];

const looseness = (level: AccessLevel): number => levels.indexOf(level);

/** The access level of a collection; where its id and its name are both listed, the stricter one holds. */
export function collectionAccess(policy: Policy, collection: Named): AccessFinding {
  if (!isNamed(policy.reach?.collections, collection)) return { level: 'hidden', rule: 'scope' };
  return withinReach(policy, accessOf(policy, 'collections', collection));
}

/** The access level of an environment; where its id and its name are both listed, the stricter one holds. */
export function environmentAccess(policy: Policy, environment: Named & { readonly kind?: string }): AccessFinding {
  // Globals are part of every request, so no scope has to name them.
  const isNameable = environment.kind !== 'globals';
  if (isNameable && !isNamed(policy.reach?.environments, environment)) return { level: 'hidden', rule: 'scope' };
  return withinReach(policy, accessOf(policy, 'environments', environment));
}

/** What a listing tells of a level is what this caller can do of it. */
function withinReach({ reach }: Pick<Policy, 'reach'>, finding: AccessFinding): AccessFinding {
  return reach ? stricter(finding, { level: mostLevel(reach), rule: 'scope' }) : finding;
}

function mostLevel({ tools, unsafe }: Reach): AccessLevel {
  if (!tools.includes('execute')) return 'read-only';
  return unsafe ? 'full' : 'safe';
}

export function stricter(a: AccessFinding, b: AccessFinding): AccessFinding {
  return looseness(b.level) < looseness(a.level) ? b : a;
}

/** Those that a policy lists, by id or name, with a level looser than its default: what trusting it would raise. */
export function listedAbove<T extends Named>(
  { access }: Pick<Policy, 'access'>,
  kind: 'collections' | 'environments',
  things: readonly T[],
): readonly T[] {
  return things.filter((thing) => listedFindings(access, kind, thing).some(({ level }) => isAbove(level, access)));
}

/** The levels looser than the default count only where the operator's trust covered the very collection or environment. */
function accessOf({ access }: Policy, kind: 'collections' | 'environments', named: Named): AccessFinding {
  const byDefault: AccessFinding = { level: access.default, rule: 'access.default' };
  const isRaised = access.raised?.includes(named.id) === true;
  const findings = listedFindings(access, kind, named).map((finding) =>
    isRaised || !isAbove(finding.level, access) ? finding : byDefault,
  );
  const [first, ...rest] = findings;
  return first === undefined ? byDefault : rest.reduce(stricter, first);
}

function listedFindings(
  access: Policy['access'],
  kind: 'collections' | 'environments',
  { id, name }: Named,
): AccessFinding[] {
  const listed = access[kind];
  // Object.hasOwn: a collection called "constructor" must not find what every object inherits.
  const keys = [id, name].filter((key, at) => Object.hasOwn(listed, key) && (at === 0 || key !== id));
  return keys.flatMap((key) => {
    const level = listed[key];
    return level === undefined ? [] : [{ level, rule: `access.${kind}.${key}` }];
  });
}

function isAbove(level: AccessLevel, { default: byDefault }: Policy['access']): boolean {
  return looseness(level) > looseness(byDefault);
}
