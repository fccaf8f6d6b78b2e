// From a saved request to a Plan: everything rendered, every secret still a piece. Pure; the only maker of a Plan.
import type { Collection, Environment, RequestEntry, RequestTemplate, Variable } from '../collection/model.ts';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import type { Sealed } from '../secret/seal.ts';
import type { HandleLookup } from '../secret/secret-ref.ts';
import { markPlan, type Plan } from '../stages/stages.ts';
import type { DynamicValues } from '../template/dynamic-names.ts';
import { lexTemplate } from '../template/lex.ts';
import { precedence } from '../template/precedence.ts';
import {
  createScope,
  displayRendered,
  renderedText,
  renderTemplate,
  renderTraced,
  type Scope,
  type ScopeInput,
} from '../template/render.ts';
import type { Rendered, Template } from '../template/template.ts';
import type { CapturedLookup } from './agent-text.ts';
import { judgeKeyName } from './api-key-name.ts';
import { judgeNamesBesideClaim } from './beside-claim.ts';
import { isToken } from './header-policy.ts';
import { escapeJsonString, planJsonText } from './json-text.ts';
import { JSON_FIELDS, judgeParsed } from './judge-parsed.ts';
import { type AgentOverrides, judgeVariables, overrideQuery } from './overrides.ts';
import { parseUrl } from './parse-url.ts';
import type { PlanFields, PlannedAuth, PlannedQuery, PlannedUrl } from './plan.ts';
import { type Attachment, fitHeaders, planBody } from './plan-body.ts';
import { planHeaders } from './plan-headers.ts';
import { claimIn, claimMisplaced, hasClaim, originOf, planUrl } from './plan-url.ts';
import { renderPlain } from './render-plain.ts';
import { scopeSecrets } from './scope-secrets.ts';
import { endpointFields } from './token-request.ts';

export interface PlanInput {
  readonly found: {
    readonly collection: Collection;
    readonly entry: RequestEntry;
    readonly template: RequestTemplate;
  };
  readonly environment?: Environment;
  readonly globals: readonly Environment[];
  /** The request as the files have it, where scripts changed the one that was found. */
  readonly saved?: RequestTemplate;
  /** The variables as scripts left them, which take the place of those of the files. They state no origin. */
  readonly written?: WrittenVariables;
  /** Where scripts have a part in the request: whether the files alone name an origin (shared/script/stated-origins.ts). */
  readonly statedOrigins?: (origin: string) => boolean;
  readonly handles: HandleLookup;
  /** Names of handles, for "did you mean". */
  readonly secretNames?: readonly string[];
  readonly overrides: AgentOverrides;
  /** Patterns of the headers that an agent may add; the defaults where absent. */
  readonly agentHeaders?: readonly string[];
  /** Variables that are filled from the caller's claims; undefined where it has no such claim. */
  readonly claims?: Readonly<Record<string, string | undefined>>;
  readonly dynamic: DynamicValues;
  /** What the agent's own values may refer to; nothing where absent. */
  readonly captured?: CapturedLookup;
  /** Reads a file that the body names; never one outside the workspace. */
  readonly readAttachment: (path: string) => Result<Attachment>;
}

export interface WrittenVariables {
  /** Stronger than those of every file. */
  readonly local: readonly Variable[];
  readonly environment: readonly Variable[];
  readonly collection: readonly Variable[];
  readonly globals: readonly Variable[];
}

/**
 * Renders a saved request with its environment and the agent's changes. Failures, all before anything is sent: TEMPLATE/*,
 * SECRET/NOT_FOUND, SECRET/PLACE_NOT_ALLOWED, REQUEST/URL_INVALID, METHOD_INVALID, HEADER_INVALID, BODY_INVALID,
 * BODY_TOO_LARGE, FILE_UNAVAILABLE, NETWORK/SCHEME_DENIED, INPUT/INVALID, SCRIPT/NOT_COMPUTED. A claim goes, like an inline secret, to an
 * origin alone that the files name: TEMPLATE/CLAIM_MISPLACED.
 */
export function planRequest(input: PlanInput): Result<Plan> {
  const { found, environment, overrides } = input;
  const { template, collection, entry } = found;
  if (entry.notExecutable !== undefined) {
    return err(failure('REQUEST/NOT_EXECUTABLE', { reason: entry.notExecutable }));
  }
  const judged = judgeVariables(overrides.variables, input.claims);
  if (!judged.ok) return judged;
  const scope = createScope(scopeInput(input, overrides.variables));
  const parts = planParts(template, input, scope);
  if (!parts.ok) return parts;
  const statedOrigin = stateOrigin(input, parts.value);
  const claim = claimIn(parts.value.url);
  if (claim && statedOrigin !== parts.value.url.origin) {
    return err(claimMisplaced(claim, 'the files alone do not name the origin that the URL has'));
  }
  return ok(
    markPlan({
      requestId: entry.id,
      requestName: entry.name,
      collectionId: collection.id,
      collectionName: collection.name,
      ...(environment && { environmentId: environment.id, environmentName: environment.name }),
      ...parts.value,
      settings: template.settings,
      ...(statedOrigin !== undefined && { statedOrigin }),
      scopeSecrets: inlineSecrets(input),
    }),
  );
}

/** The next hop of a redirect chain: the same request with what the redirect rules changed. */
export function replan(plan: Plan, changes: Pick<PlanFields, 'method' | 'url' | 'headers' | 'body' | 'auth'>): Plan {
  return markPlan({ ...plan, ...changes });
}

type Ahead = Pick<PlanFields, 'method' | 'url' | 'headers' | 'body' | 'auth' | 'statedOrigin' | 'scopeSecrets'>;

/** A request that has to be made before a plan's own, such as one for a token: nothing of the plan goes along but its names. */
export function planAhead({ statedOrigin: _, ...plan }: Plan, request: Ahead): Plan {
  return markPlan({ ...plan, ...request, settings: {} });
}

/** The scope that planRequest renders in; describing a request uses the same one, without the agent's variables. */
export function scopeInput(
  input: Pick<
    PlanInput,
    'found' | 'environment' | 'globals' | 'written' | 'handles' | 'secretNames' | 'dynamic' | 'captured' | 'claims'
  >,
  agent?: Readonly<Record<string, string>>,
): ScopeInput {
  const { found, environment, globals, written, handles, secretNames, dynamic, captured, claims } = input;
  return {
    ...(claims && { claims }),
    ...(agent && { agent }),
    ...(environment && { environment: environment.variables }),
    folders: found.template.folderVariables,
    collection: found.collection.variables(),
    globals: globals.map(({ variables }) => variables),
    ...(written && { ...written, globals: [written.globals] }),
    order: precedence[found.collection.dialect],
    handles,
    ...(secretNames && { secretNames }),
    dynamic,
    ...(captured && { captured }),
  };
}

type Parts = Pick<PlanFields, 'method' | 'url' | 'headers' | 'body' | 'auth'>;

function planParts(template: RequestTemplate, input: PlanInput, scope: Scope): Result<Parts> {
  const { overrides, readAttachment } = input;
  const method = planMethod(template.method, scope);
  if (!method.ok) return method;
  const url = planWholeUrl(template, overrides, scope);
  if (!url.ok) return url;
  const headers = planHeaders(template.headers, overrides.headers, scope, input.agentHeaders);
  if (!headers.ok) return headers;
  const context = { method: method.value, headers: headers.value, settings: template.settings, scope, readAttachment };
  const body = planBody(template.body, overrides.body, context);
  if (!body.ok) return body;
  const auth = planAuth(template, scope, input, url.value.query);
  if (!auth.ok) return auth;
  const fitting = fitHeaders(headers.value, body.value);
  const parts = { method: method.value, url: url.value, headers: fitting, body: body.value, auth: auth.value };
  const judged = judgeParsed(parts);
  return judged.ok ? ok(parts) : judged;
}

// Postman upper-cases every method and takes an empty one for GET.
function planMethod(text: string, scope: Scope): Result<string> {
  const rendered = renderPlain(lexTemplate(text), scope, 'method');
  if (!rendered.ok) return rendered;
  const method = rendered.value === '' ? 'GET' : rendered.value.toUpperCase();
  return isToken(method) ? ok(method) : err(failure('REQUEST/METHOD_INVALID', { method }));
}

// Servers decode and fold these at different stages; `..;x` is one of Java's containers (RFC 3986 section 3.3 parameters).
const SEPARATOR = /[/\\]|%2f|%5c/i;
const DOTS = /^(?:\.|%2e){1,2}(?:;|%3b|$)/i;

function planWholeUrl(template: RequestTemplate, overrides: AgentOverrides, scope: Scope): Result<PlannedUrl> {
  const url = planUrl(template.url, scope);
  if (!url.ok) return url;
  // Servers fold such segments: with a value of its own the agent, or a claim, would leave the saved path.
  if (
    (overrides.variables || hasClaim(url.value.path)) &&
    displayRendered(url.value.path)
      .split(SEPARATOR)
      .some((segment) => DOTS.test(segment))
  ) {
    return err(failure('REQUEST/URL_INVALID', { problem: 'its path has a "." or ".." segment' }));
  }
  const judged = overrides.variables ? judgeNamesBesideClaim(template.url, scope, url.value.query) : ok(undefined);
  if (!judged.ok) return judged;
  const query = overrideQuery(url.value.query, overrides.query, scope.captured);
  return query.ok ? ok({ ...url.value, query: query.value }) : query;
}

function planAuth(
  { auth }: RequestTemplate,
  scope: Scope,
  input: PlanInput,
  query: readonly PlannedQuery[],
): Result<PlannedAuth> {
  if (auth.type === 'none' || auth.type === 'noauth') return ok({ type: 'none', fields: {} });
  const fields: [string, Rendered][] = [];
  const agents: string[] = [];
  const moved: string[] = [];
  for (const [name, template] of Object.entries(auth.fields)) {
    const isJson = JSON_FIELDS.get(auth.type)?.has(name) === true;
    const traced = renderTraced(template, isJson ? withinJson(scope) : scope);
    if (!traced.ok) return traced;
    const { rendered, fromAgent } = traced.value;
    fields.push([name, isJson ? planJsonText(rendered) : rendered]);
    if (fromAgent) agents.push(name);
    if (auth.type === 'oauth2' && fromAgent && !isAsStated(rendered, template, input)) moved.push(name);
  }
  // Where the credentials of a token go is the files' word alone, whatever they are bound to.
  const endpoint = endpointFields.find((name) => moved.includes(name));
  if (endpoint !== undefined) {
    const problem = `a variable given takes part in the ${endpoint} of its OAuth 2 auth, which stays as saved`;
    return err(failure('INPUT/INVALID', { problem }));
  }
  const planned = {
    type: auth.type,
    fields: Object.fromEntries(fields),
    ...(agents.length > 0 && { fromAgent: agents }),
    ...(moved.length > 0 && { moved }),
  };
  const judged = judgeKeyName(planned, agents.includes('key'), { query, addable: input.agentHeaders });
  return judged.ok ? ok(planned) : judged;
}

/** The scope in which what the agent supplies stays inside of the string that it stands in: it must not add a claim. */
function withinJson(scope: Scope): Scope {
  return {
    ...scope,
    find(name) {
      const found = scope.find(name);
      return found?.layer === 'agent' ? { ...found, text: escapeJsonString(found.text) } : found;
    },
  };
}

/** Whether the files alone give the same text. Of a secret that cannot be told here, so it never is. */
function isAsStated(rendered: Rendered, template: Template, input: PlanInput): boolean {
  const alone = renderTemplate(template, createScope(scopeInput(input)));
  const text = renderedText(rendered);
  return alone.ok && text !== undefined && renderedText(alone.value) === text;
}

// An inline secret goes where the files alone send it: nothing that the agent supplied may take part in this origin.
function stateOrigin(input: PlanInput, { url, auth }: Parts): string | undefined {
  const { origin: planned } = url;
  if (input.statedOrigins) return [planned, ...tokenOrigins(auth)].every(input.statedOrigins) ? planned : undefined;
  if (Object.keys(input.overrides.variables ?? {}).length === 0) return planned;
  return originOf(input.found.template.url, createScope(scopeInput(input)));
}

/** Where an OAuth 2 auth takes credentials to beside the request's own origin. */
function tokenOrigins({ type, fields }: PlannedAuth): readonly string[] {
  if (type !== 'oauth2') return [];
  return endpointFields.flatMap((name) => parseUrl(displayRendered(fields[name] ?? []).trim())?.origin ?? []);
}

/** Those of the request as saved too: its server knows them from earlier, whatever scripts made of it now. */
function inlineSecrets(input: PlanInput): readonly Sealed[] {
  const variables = variablesInScope(input);
  const secrets = scopeSecrets(input.found.template, variables);
  return input.saved ? [...new Set([...secrets, ...scopeSecrets(input.saved, variables)])] : secrets;
}

function variablesInScope({ found, environment, globals, written }: PlanInput) {
  return [
    ...(written ? [written.local, written.environment, written.collection, written.globals].flat() : []),
    ...(environment?.variables ?? []),
    ...found.template.folderVariables.flat(),
    ...found.collection.variables(),
    ...globals.flatMap(({ variables }) => variables),
  ];
}
