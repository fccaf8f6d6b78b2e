import type { Variable } from '../../collection/model.ts';
import type { JsonObject } from '../../collection/narrow.ts';
import type { LexContext } from './lex.ts';
import {
  baseData,
  type EnvironmentData,
  environmentData,
  folderData,
  readVariables,
  secretReferrers,
  vaultContext,
  vaultVariable,
} from './variables.ts';
import type { Item, Workspace } from './workspace.ts';

/** What the environments of a workspace mean for its requests. */
export interface Surroundings {
  readonly context: LexContext;
  /** The base environment, and the secrets that others state. */
  readonly variables: readonly Variable[];
  /** Variables in whose value a reference to a secret stays text, or that refer to one of those. */
  readonly inert: ReadonlySet<string>;
}

/** A workspace with its surroundings, ready to open requests. */
export interface Opened {
  readonly workspace: Workspace;
  readonly surroundings: Surroundings;
}

/** All that the environments of a workspace mean. */
export function surroundingsOf(workspace: Workspace): Surroundings {
  const data = dataOf(workspace);
  const context = vaultContext(data);
  return { context, variables: baseVariables(workspace, context), inert: secretReferrers(data, context) };
}

/** What listing the environments of a workspace takes of that. */
export function contextOf(workspace: Workspace): LexContext {
  return vaultContext(dataOf(workspace));
}

/** The variables of the base environment, and of each secret that only others state the handle of its name. */
export function baseVariables({ base }: Workspace, context: LexContext): readonly Variable[] {
  const own = base ? readVariables(baseData(base), context) : [];
  const stated = new Set(own.map(({ name }) => name));
  const others = [...context.vault].map(vaultVariable).filter(({ name }) => !stated.has(name));
  return [...own, ...others];
}

function dataOf({ base, environments, items }: Workspace): EnvironmentData[] {
  return [...(base ? [baseData(base)] : []), ...environments.map(environmentData), ...foldersIn(items).map(folderData)];
}

function foldersIn(items: readonly Item[]): JsonObject[] {
  return items.flatMap((item) => (item.kind === 'folder' ? [item.object, ...foldersIn(item.children)] : []));
}
