import { ok, type Result } from '../../shared/failure/result.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import type { SecretSource } from '../vault/resolve.ts';

type BoundValues = Result<readonly KnownSecret[]>;

const REMEMBERED_ORIGINS = 64;

/** Decrypting every secret of an origin for each call would cost more than the call. */
export function rememberBound(secrets: SecretSource): (origin: string) => BoundValues {
  let revision: number | undefined;
  const remembered = new Map<string, BoundValues>();
  return (origin) => {
    const current = secrets.revision();
    if (current !== revision || remembered.size >= REMEMBERED_ORIGINS) remembered.clear();
    revision = current;
    const found = remembered.get(origin) ?? asLeaves(secrets.boundTo(origin));
    if (found.ok) remembered.set(origin, found);
    return found;
  };
}

/** Not remembered: they are opened for one answer. */
export function writingValues(secrets: SecretSource, origins: Iterable<string>): BoundValues {
  const values: KnownSecret[] = [];
  for (const origin of new Set(origins)) {
    const bound = asLeaves(secrets.boundTo(origin, 'writing'));
    if (!bound.ok) return bound;
    values.push(...bound.value);
  }
  return ok(values);
}

function asLeaves(bound: BoundValues): BoundValues {
  return bound.ok ? ok(bound.value.map((secret) => ({ ...secret, leaf: true }))) : bound;
}
