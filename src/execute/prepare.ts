import type { Environment } from '../../shared/collection/model.ts';
import { nearestNames } from '../../shared/collection/nearest.ts';
import type { Failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { AgentOverrides } from '../../shared/request/overrides.ts';
import { planRequest } from '../../shared/request/plan-request.ts';
import { isSafeRequest } from '../../shared/request/safe-request.ts';
import { changedTokenFields } from '../../shared/request/token-request.ts';
import type { HandleInfo, HandleLookup } from '../../shared/secret/secret-ref.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import { createDynamicValues } from './dynamic-values.ts';
import type { ExecutionContext, FoundRequest, HandleDirectory } from './ports.ts';
import { readsOnly } from './reads-only.ts';
import { chosenEnvironment, findRequest, visibleGlobals } from './visible.ts';

/** A request found, planned and classified; nothing is decided yet. */
export interface Prepared {
  readonly found: FoundRequest;
  readonly environment?: Environment;
  readonly globals: readonly Environment[];
  readonly plan: Plan;
  /**
   * What access level `safe` sends without asking: a safe method that no header turns into another, whose token, if it takes one, is
   * asked for as the files say.
   */
  readonly safe: boolean;
  /** `safe`, or a GraphQL query: what execute_read_request takes. */
  readonly reads: boolean;
}

export interface PrepareInput {
  readonly requestId: string;
  readonly environmentId?: string;
  readonly overrides: AgentOverrides;
  /** Id of the principal, whose captured tokens may be used. */
  readonly caller: string;
}

/** Finds and plans a request. Failures of finding, of planRequest, and of the vault where a handle is needed. */
export async function prepare(input: PrepareInput, context: ExecutionContext): Promise<Result<Prepared>> {
  const found = findRequest(context, input.requestId);
  if (!found.ok) return found;
  const environment = chosenEnvironment(context, found.value.collection, input.environmentId);
  if (!environment.ok) return environment;
  const chosen = environment.value && { environment: environment.value };
  const globals = visibleGlobals(context, found.value.collection);
  const handles = lookupOf(context.handles);
  const readAttachment = await context.workspace.attachments();
  const planned = planRequest({
    found: found.value,
    ...chosen,
    globals,
    handles: handles.find,
    overrides: input.overrides,
    dynamic: createDynamicValues(context),
    captured: (name) => context.captured.find(input.caller, name),
    readAttachment: (path) => readAttachment(found.value.collection, path),
  });
  if (!planned.ok) return err(handles.problem(planned.failure));
  const plan = planned.value;
  const reads = readsOnly(found.value, plan, input.overrides);
  const safe = isSafeRequest(plan) && changedTokenFields(plan).length === 0;
  return ok({ found: found.value, ...chosen, globals, plan, safe, reads });
}

export interface Handles {
  readonly find: HandleLookup;
  /** SECRET/NOT_FOUND with the nearest names, or the vault's own failure where that, not the name, is the reason. */
  problem(found: Failure): Failure;
}

/** Asks the vault only when a handle is looked up: most requests need none, and a locked vault must not stop them. */
export function lookupOf(directory: HandleDirectory): Handles {
  let asked: Result<HandleInfo | undefined> | undefined;
  return {
    find(nameOrId) {
      const found = directory.find(nameOrId);
      if (asked?.ok !== false) asked = found;
      return found.ok ? found.value : undefined;
    },
    problem(found) {
      if (found.code !== 'SECRET/NOT_FOUND' || asked === undefined) return found;
      const listed = asked.ok ? directory.list() : err(asked.failure);
      if (!listed.ok) return listed.failure.code === 'VAULT/ABSENT' ? found : listed.failure;
      const nearest = nearestNames(
        String(found.facts.name),
        listed.value.map(({ name }) => name),
      );
      return { ...found, facts: { ...found.facts, nearest: nearest.join(', ') || 'none' } };
    },
  };
}
