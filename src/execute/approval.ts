// What a person is asked before a request that changes data is sent, and what binds the answer to exactly that request.
import type { Environment, Variable } from '../../shared/collection/model.ts';
import { limits } from '../../shared/limits.ts';
import type { Decision } from '../../shared/policy/policy.ts';
import type { AgentOverrides } from '../../shared/request/overrides.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import { displayRendered } from '../../shared/template/render.ts';
import type { FoundRequest } from './ports.ts';
import { planSecrets } from './secrets-of.ts';

/** Facts to show. Names are other people's words; nothing here is a secret. */
export interface Approval {
  /** Covers everything the answer is given for; the second pass recomputes it. */
  readonly digest: string;
  readonly reason: string;
  readonly method: string;
  readonly origin: string;
  readonly path: string;
  readonly request: string;
  readonly collection: string;
  readonly environment?: string;
  /** Names of the vault secrets that would be sent, and whether one from the files would be. */
  readonly handles: readonly string[];
  readonly inlineSecrets: boolean;
  /** What the agent set itself, such as `body` or `variable id`. */
  readonly supplied: readonly string[];
}

/** What came of asking. `unavailable`: this client has no way to ask. */
export interface ApprovalAnswer {
  readonly digest: string;
  readonly outcome: 'approved' | 'declined' | 'unavailable';
}

export interface ApprovalInput {
  readonly plan: Plan;
  readonly found: FoundRequest;
  readonly environment?: Environment;
  readonly globals: readonly Environment[];
  readonly overrides: AgentOverrides;
  readonly decision: Decision;
}

export function askApproval(input: ApprovalInput, digest: (text: string) => string): Approval {
  const { plan, overrides, decision } = input;
  const { handles, inline } = planSecrets(plan);
  const approval = {
    digest: digest(facts(input)),
    reason: decision.reason,
    method: plan.method,
    origin: plan.url.origin,
    path: displayRendered(plan.url.path),
    request: plan.requestName,
    collection: plan.collectionName,
    handles: handles.map(({ name }) => name),
    inlineSecrets: inline,
    supplied: supplied(overrides),
  };
  return plan.environmentName === undefined ? approval : { ...approval, environment: plan.environmentName };
}

// Templates, not rendered values: a dynamic variable is another one at each pass, and that is no other request. A sealed
// value serialises as its SecretRef.
function facts({ plan, found, environment, globals, overrides }: ApprovalInput): string {
  const { template, collection } = found;
  return JSON.stringify([
    plan.requestId,
    plan.collectionId,
    plan.environmentId ?? null,
    plan.method,
    plan.url.origin,
    planSecrets(plan).handles.map(({ id }) => id),
    canonical(overrides),
    [template.method, template.url, template.headers, template.body, template.auth, template.settings],
    [template.folderVariables, collection.variables(), environment?.variables ?? null].map(bare),
    globals.map(({ variables }) => bare(variables)),
  ]);
}

function bare(variables: readonly (Variable | readonly Variable[])[] | null): unknown {
  return variables;
}

/** The same text for the same overrides, whatever the order of their keys. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value) as [string, unknown][];
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, child]) => [key, canonical(child)]);
}

function supplied(overrides: AgentOverrides): readonly string[] {
  const named = (what: string, values: object | undefined) =>
    Object.keys(values ?? {}).map((name) => `${what} ${name}`);
  return [
    ...named('variable', overrides.variables),
    ...named('query', overrides.query),
    ...named('header', overrides.headers),
    ...(overrides.body === undefined ? [] : ['body']),
  ];
}

const MAX_SUPPLIED = 10;

/** The question to put to a person. Every name is quoted and on one line, so that it cannot pass for the question. */
export function approvalText(approval: Approval): string {
  const shown = approval.supplied.slice(0, MAX_SUPPLIED).map(quoted);
  const more = approval.supplied.length - shown.length;
  const secrets = [...approval.handles.map(quoted), ...(approval.inlineSecrets ? ['one from the files'] : [])];
  const lines = [
    'An AI agent asks to send this request:',
    `${oneLine(approval.method)} ${oneLine(approval.origin)}${oneLine(approval.path)}`,
    `Request: ${quoted(approval.request)} of the collection ${quoted(approval.collection)}`,
    `Environment: ${approval.environment === undefined ? 'none' : quoted(approval.environment)}`,
    `Secrets used: ${secrets.join(', ') || 'none'}`,
    `Set by the agent: ${[...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ') || 'nothing'}`,
    `Why you are asked: ${oneLine(approval.reason)}`,
  ];
  return lines.join('\n');
}

function quoted(name: string): string {
  return `"${oneLine(name).replaceAll('"', "'")}"`;
}

function oneLine(text: string): string {
  const printable = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  return printable.length > limits.shownNameChars ? `${printable.slice(0, limits.shownNameChars)}…` : printable;
}
