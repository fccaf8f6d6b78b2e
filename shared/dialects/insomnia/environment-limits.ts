import type { JsonObject } from '../../collection/narrow.ts';
import { listOr } from '../../collection/narrow.ts';
import type { Facts } from '../../failure/failure.ts';
import { limits } from '../../limits.ts';
import type { Path, Problem } from './workspace.ts';

/** Whether an environment is served; one that is not is left out as a whole. */
export type Admits = (environment: JsonObject, path: Path) => boolean;

/** Counts the environments of a file and their variables; of each limit the first that goes beyond it becomes a problem. */
export function createEnvironmentLimits(file: string, problems: Problem[]): Admits {
  const told = new Set<number>();
  let environments = 0;
  let variables = 0;
  const refuse = (path: Path, facts: Facts & { readonly limit: number }): false => {
    if (!told.has(facts.limit)) problems.push({ code: 'COLLECTION/TOO_MANY', facts, path });
    told.add(facts.limit);
    return false;
  };
  return ({ data, kvPairData }, path) => {
    if (environments >= limits.collectionEnvironments) {
      return refuse(path, { limit: limits.collectionEnvironments, what: `environments in ${file}` });
    }
    const count = leafCount(data, 0) + listOr(kvPairData).length;
    if (variables + count > limits.exportedVariables) {
      return refuse(path, { limit: limits.exportedVariables, what: `variables in the environments of ${file}` });
    }
    environments += 1;
    variables += count;
    return true;
  };
}

function leafCount(value: unknown, depth: number): number {
  if (typeof value !== 'object' || value === null) return depth === 0 ? 0 : 1;
  if (depth >= limits.itemDepth) return 0;
  return Object.values(value).reduce<number>((sum, inner) => sum + leafCount(inner, depth + 1), 0);
}
