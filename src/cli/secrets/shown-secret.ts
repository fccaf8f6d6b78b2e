// A secret as the commands print it: everything but its value, and but what a provider calls it.
import { placesOf } from '../../../shared/secret/handle-policy.ts';
import type { HandleInfo } from '../../../shared/secret/secret-ref.ts';

/** Fields in the order in which they are printed. */
export function shownSecret(info: HandleInfo): Readonly<Record<string, unknown>> {
  const { id, name, label, methods, maxUses } = info;
  return {
    id,
    name,
    tier: info.tier ?? 'reading',
    ...(label !== undefined && { label }),
    origins: info.origins,
    places: placesOf(info),
    path_allowed: info.pathAllowed,
    ...(methods && { methods }),
    source: info.source ?? 'value',
    created: dateOf(info.createdAt),
    updated: dateOf(info.updatedAt),
    ...(info.rotatedAt !== undefined && { rotated: dateOf(info.rotatedAt) }),
    ...(info.expiresAt !== undefined && { expires: dateOf(info.expiresAt) }),
    ...(info.lastUsedAt !== undefined && { last_used: dateOf(info.lastUsedAt) }),
    use_count: info.useCount,
    ...(maxUses !== undefined && { max_uses: maxUses }),
    ...(info.writingId !== undefined && { writing_id: info.writingId }),
  };
}

/** What limits a secret, in words; its origins first. */
export function rulesInWords(info: HandleInfo): readonly string[] {
  const { origins, methods, maxUses, expiresAt } = info;
  const isAnywhere = info.places === undefined && !info.pathAllowed;
  return [
    `for ${origins.join(' and ')}`,
    ...(isAnywhere ? [] : [`in ${placesOf(info).join(', ')} only`]),
    ...(methods ? [`with ${methods.join(', ')} only`] : []),
    ...(maxUses === undefined ? [] : [`${maxUses} uses at most`]),
    ...(expiresAt === undefined ? [] : [`until ${dateOf(expiresAt)}`]),
  ];
}

/** How a secret is called where its tier matters. */
export function nameOf({ name, tier }: HandleInfo): string {
  return tier === 'writing' ? `${name} (writing)` : name;
}

export function dateOf(at: number | undefined): string | undefined {
  return at === undefined ? undefined : new Date(at).toISOString();
}
