import type { Environment, RequestTemplate } from '../../shared/collection/model.ts';
import { nearestNames } from '../../shared/collection/nearest.ts';
import type { Failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import type { AgentOverrides } from '../../shared/request/overrides.ts';
import { namesFiles } from '../../shared/request/plan-body.ts';
import { planRequest, type WrittenVariables } from '../../shared/request/plan-request.ts';
import { isSafeRequest } from '../../shared/request/safe-request.ts';
import { changedTokenFields } from '../../shared/request/token-request.ts';
import { type StatedOrigins, statedOrigins } from '../../shared/script/stated-origins.ts';
import type { HandleInfo, HandleLookup } from '../../shared/secret/secret-ref.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import type { DynamicValues } from '../../shared/template/dynamic-names.ts';
import type { Calling } from './calling.ts';
import { createDynamicValues } from './dynamic-values.ts';
import type { AttachmentReader, ExecutionContext, FoundRequest, HandleDirectory } from './ports.ts';
import { readsOnly } from './reads-only.ts';
import { chosenEnvironment, findRequest, visibleGlobals } from './visible.ts';
import { withheldFiles } from './withheld-files.ts';

/** A request and what it is sent with, as the files have them; nothing is planned yet. */
export interface Target {
  readonly found: FoundRequest;
  readonly environment?: Environment;
  readonly globals: readonly Environment[];
  readonly sentBy?: SentBy;
}

/** Of what a script sends: the request whose script it is, as the files have it, and the origins that they state for it. */
export interface SentBy {
  readonly saved: RequestTemplate;
  readonly states: StatedOrigins;
}

/** What scripts made of a request before it is planned. */
export interface Scripted {
  readonly template: RequestTemplate;
  /** The agent's text for the body is in the template already. */
  readonly bodyChanged: boolean;
  readonly written?: WrittenVariables;
}

/** A request found, planned and classified; nothing is decided yet. */
export interface Prepared extends Target {
  readonly plan: Plan;
  /** The plan with one and the same value for every dynamic variable; undefined where it cannot be planned so. */
  readonly steady: () => Plan | undefined;
  /**
   * What access level `safe` sends without asking: a safe method that no header turns into another, whose token, if it takes one, is
   * asked for as the files say.
   */
  readonly safe: boolean;
  /** `safe`, or a GraphQL query: what execute_read_request takes. */
  readonly reads: boolean;
  readonly scripted?: Scripted;
}

export interface TargetInput {
  /** Id, or unambiguous name. */
  readonly requestId: string;
  readonly environmentId?: string;
}

export interface PlanTargetInput extends Calling {
  readonly overrides: AgentOverrides;
  readonly scripted?: Scripted;
}

/** Finds a request and the environment that was chosen for it. */
export function findTarget({ requestId, environmentId }: TargetInput, context: ExecutionContext): Result<Target> {
  const found = findRequest(context, requestId);
  if (!found.ok) return found;
  const environment = chosenEnvironment(context, found.value.collection, environmentId);
  if (!environment.ok) return environment;
  const globals = visibleGlobals(context, found.value.collection);
  return ok({ found: found.value, globals, ...(environment.value && { environment: environment.value }) });
}

/** Plans a request, as scripts left it. Failures of planRequest, and of the vault where a handle is needed. */
export async function planTarget(
  target: Target,
  { overrides, caller, claims, scripted }: PlanTargetInput,
  context: ExecutionContext,
): Promise<Result<Prepared>> {
  const { found, environment, globals, sentBy } = target;
  const fromAgent = Object.keys(overrides.variables ?? {}).length > 0;
  const stated = sentBy?.states ?? (scripted && statedOrigins({ ...target, fromAgent }));
  const saved = sentBy?.saved ?? (scripted && found.template);
  const handles = lookupOf(context.handles);
  const template = scripted ? scripted.template : found.template;
  const readAttachment = await attachmentsOf(template, context);
  const { body: _, ...withoutBody } = overrides;
  const input = {
    found: { ...found, template },
    ...(saved && { saved }),
    ...(stated && { statedOrigins: stated }),
    ...(scripted?.written && { written: scripted.written }),
    ...(environment && { environment }),
    globals,
    handles: handles.find,
    overrides: scripted?.bodyChanged ? withoutBody : overrides,
    agentHeaders: context.policy.agent.headers,
    ...(claims && { claims }),
    captured: (name: string) => context.captured.find(caller, name),
    readAttachment: (path: string) => readAttachment(found.collection, path, withheldFiles(context)),
  };
  const { dynamic, steady } = rememberDynamic(createDynamicValues(context));
  const planned = planRequest({ ...input, dynamic });
  if (!planned.ok) return err(handles.problem(planned.failure));
  const plan = planned.value;
  const reads = readsOnly(found, plan, overrides);
  const safe = isSafeRequest(plan) && changedTokenFields(plan).length === 0;
  const again = () => {
    const dynamic = steady();
    const made = dynamic ? planRequest({ ...input, dynamic }) : planned;
    return made.ok ? made.value : undefined;
  };
  return ok({ ...target, ...(scripted && { scripted }), plan, steady: again, safe, reads });
}

/** What reads them knows every format, so its code is loaded only for a body that names files. */
async function attachmentsOf({ body }: RequestTemplate, { workspace }: ExecutionContext): Promise<AttachmentReader> {
  if (namesFiles(body)) return workspace.attachments();
  return () => {
    throw new Error('this body names no file');
  };
}

/** The values, and what gives one and the same for each name that was taken since; undefined where none was. */
function rememberDynamic(values: DynamicValues) {
  const taken = new Set<string>();
  const dynamic: DynamicValues = (name) => {
    const value = values(name);
    if (value !== undefined) taken.add(name);
    return value;
  };
  const same: DynamicValues = (name) => (taken.has(name) ? '0' : undefined);
  return { dynamic, steady: () => (taken.size === 0 ? undefined : same) };
}

/** Finds and plans a request as it is saved. */
export async function prepare(
  input: TargetInput & PlanTargetInput,
  context: ExecutionContext,
): Promise<Result<Prepared>> {
  const target = findTarget(input, context);
  return target.ok ? planTarget(target.value, input, context) : target;
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
