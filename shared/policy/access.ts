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

const strictness: Readonly<Record<AccessLevel, number>> = { hidden: 0, 'read-only': 1, safe: 2, full: 3 };

/** The access level of a collection; where its id and its name are both listed, the stricter one holds. */
export function collectionAccess(policy: Policy, collection: Named): AccessFinding {
  return accessOf(policy, 'collections', collection);
}

/** The access level of an environment; where its id and its name are both listed, the stricter one holds. */
export function environmentAccess(policy: Policy, environment: Named): AccessFinding {
  return accessOf(policy, 'environments', environment);
}

export function stricter(a: AccessFinding, b: AccessFinding): AccessFinding {
  return strictness[b.level] < strictness[a.level] ? b : a;
}

function accessOf(policy: Policy, kind: 'collections' | 'environments', { id, name }: Named): AccessFinding {
  const listed = policy.access[kind];
  const findings = [...new Set([id, name])].flatMap((key): AccessFinding[] => {
    // Object.hasOwn: a collection called "constructor" must not find what every object inherits.
    const level = Object.hasOwn(listed, key) ? listed[key] : undefined;
    return level === undefined ? [] : [{ level, rule: `access.${kind}.${key}` }];
  });
  const [first, ...rest] = findings;
  if (first === undefined) return { level: policy.access.default, rule: 'access.default' };
  return rest.reduce(stricter, first);
}
