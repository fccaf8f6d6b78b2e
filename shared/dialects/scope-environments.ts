import type { DialectName } from '../collection/dialect-name.ts';
import type { Environment } from '../collection/model.ts';
import type { Documents } from './dialect.ts';

/** One client's formats: an environment that names no collection is for all collections of these. */
const families: readonly (readonly DialectName[])[] = [['postman', 'postman-v3']];

/**
 * Binds the environments that name no collection to those of their own client. An environment of another one must not apply:
 * it would move the secrets of a collection to origins that its own files do not know.
 */
export function scopeEnvironments(all: ReadonlyMap<DialectName, Documents>): Documents[] {
  return [...all].map(([name, documents]) => {
    const { environments } = documents;
    if (environments.every(({ collections }) => collections !== undefined)) return documents;
    const family = families.find((names) => names.includes(name)) ?? [name];
    const ids = family.flatMap((each) => all.get(each)?.collections ?? []).map(({ id }) => id);
    const bind = (environment: Environment): Environment =>
      environment.collections === undefined ? { ...environment, collections: ids } : environment;
    return { ...documents, environments: environments.map(bind) };
  });
}
