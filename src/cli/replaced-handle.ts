// What the operator is told where a file's value goes to a handle: a file gives values, and no rules.
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';

/** Why a handle cannot be given a value out of a file. */
export function replacementProblem({ name, source = 'value' }: HandleInfo): string | undefined {
  if (source === 'value') return undefined;
  return `its value is kept outside (${source}): keyward secrets set ${name} --replace keeps one here in its stead`;
}

/** What a handle allows less than the collections ask for, or not as before. `now` in milliseconds since the epoch. */
export function replacementHints(
  before: HandleInfo,
  after: HandleInfo,
  { sentTo, inPath }: { readonly sentTo: readonly string[]; readonly inPath: boolean },
  now: number,
): readonly string[] {
  const { name, origins, expiresAt } = after;
  const others = sentTo.filter((origin) => !origins.includes(origin));
  const more = others.map((origin) => ` --origin ${origin}`).join('');
  const isOver = expiresAt !== undefined && expiresAt <= now;
  return [
    ...(others.length > 0
      ? [`collections send it to ${others.join(' and ')}, where it may not go: keyward secrets bind ${name}${more}`]
      : []),
    ...pathHints(after, inPath),
    ...(isOver ? [`it expired, and is not used: keyward secrets bind ${name} --expires 90d`] : []),
    ...(before.maxUses !== undefined && before.useCount > 0 ? ['its count of uses begins anew'] : []),
  ];
}

/** What a handle that collections put into a path needs. */
export function pathHints({ name, pathAllowed }: HandleInfo, inPath: boolean): readonly string[] {
  return inPath && !pathAllowed
    ? [`collections put it into a path, where it may not stand: keyward secrets bind ${name} --place path`]
    : [];
}
