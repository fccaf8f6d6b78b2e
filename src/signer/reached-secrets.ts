import type { SecretSource } from '../vault/resolve.ts';

/** The secrets of these names or ids: any other can be neither described nor resolved. What is bound to an origin is all of it still. */
export function reachedOf(secrets: SecretSource, handles: readonly string[]): SecretSource {
  return {
    describe: (nameOrId, tier) => secrets.describe(nameOrId, tier, handles),
    resolve: (id, use, signal) => secrets.resolve(id, { ...use, handles }, signal),
    boundTo: (origin, tier) => secrets.boundTo(origin, tier),
    revision: () => secrets.revision(),
  };
}
