// What a person is asked before a request that changes data is sent, and what binds the answer to exactly that request.
import type { Environment } from '../../shared/collection/model.ts';
import { shownName } from '../../shared/collection/shown-name.ts';
import { limits } from '../../shared/limits.ts';
import type { Decision } from '../../shared/policy/policy.ts';
import type { AgentOverrides } from '../../shared/request/overrides.ts';
import type { PlannedBody } from '../../shared/request/plan.ts';
import { changedTokenFields, tokenEndpoints } from '../../shared/request/token-request.ts';
import { isSealed } from '../../shared/secret/seal.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import { shownBody, shownHeaders, shownUrl } from './plan-view.ts';
import type { ExecutionContext, FoundRequest } from './ports.ts';
import { planSecrets } from './secrets-of.ts';
import { usedHandles } from './transport-use.ts';

/** Facts to show. Names are other people's words; nothing here is a secret. */
export interface Approval {
  /** Covers everything the answer is given for; the second pass recomputes it. */
  readonly digest: string;
  readonly reason: string;
  readonly method: string;
  /** With its query; secrets masked. */
  readonly url: string;
  readonly body?: string;
  readonly request: string;
  readonly collection: string;
  readonly environment?: string;
  /** Where a token may be asked for first, and which fields of that request the agent's variables change. */
  readonly tokenEndpoints: readonly string[];
  readonly tokenFields: readonly string[];
  /** Names of the vault secrets that would be sent, and whether one from the files would be. */
  readonly handles: readonly string[];
  readonly inlineSecrets: boolean;
  /** What the agent set itself, such as `body`, `variable id` or `header X-Mode: fast`. */
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

/** What the digest is made with, and what tells when the value of a handle was set. */
type Digests = Pick<ExecutionContext, 'digest' | 'sealedDigest' | 'handles' | 'policy'>;

export function askApproval(input: ApprovalInput, digests: Digests): Approval {
  const { plan, overrides, decision } = input;
  const { inline } = planSecrets(plan, digests.handles);
  const body = shownBody(plan.body);
  const approval = {
    digest: digests.digest(facts(input, digests)),
    reason: decision.reason,
    method: plan.method,
    url: shownUrl(plan),
    ...(body !== undefined && { body }),
    request: shownName(plan.requestName),
    collection: shownName(plan.collectionName),
    tokenEndpoints: tokenEndpoints(plan.auth),
    tokenFields: changedTokenFields(plan),
    handles: usedHandles(plan, digests).map(({ name }) => name),
    inlineSecrets: inline,
    supplied: supplied(overrides, plan),
  };
  return plan.environmentName === undefined ? approval : { ...approval, environment: shownName(plan.environmentName) };
}

// Templates, not rendered values: a dynamic variable is another one at each pass, and that is no other request.
function facts({ plan, found, environment, globals, overrides }: ApprovalInput, directory: Digests): string {
  const { digest, sealedDigest } = directory;
  const { template, collection } = found;
  const facts = [
    plan.requestId,
    plan.collectionId,
    plan.environmentId ?? null,
    plan.method,
    plan.url.origin,
    handleVersions(plan, directory),
    overrides,
    [template.method, template.url, template.headers, template.body, template.auth, template.settings],
    [template.folderVariables, collection.variables(), environment?.variables ?? null],
    globals.map(({ variables }) => variables),
    attachedBytes(plan.body).map((bytes) => digest(Buffer.from(bytes).toString('latin1'))),
  ];
  return JSON.stringify(canonical(facts, sealedDigest));
}

/** Each credential with when it was last set: another value under the same name was not approved, nor another tier. */
function handleVersions(plan: Plan, directory: Digests): unknown {
  return usedHandles(plan, directory).map(({ id, name, updatedAt }) => [id, name, updatedAt ?? null]);
}

/** The files that the body sends: a template only names them. */
function attachedBytes(body: PlannedBody): readonly Uint8Array[] {
  if (body.kind === 'bytes') return [body.bytes];
  if (body.kind !== 'multipart') return [];
  return body.parts.flatMap((part) => (part.kind === 'file' ? [part.bytes] : []));
}

/** Serialises the same for equal values, whatever the order of their keys; a sealed value stands as its own digest. */
function canonical(value: unknown, sealedDigest: Digests['sealedDigest']): unknown {
  if (isSealed(value)) return { sealed: sealedDigest(value) };
  if (Array.isArray(value)) return value.map((child) => canonical(child, sealedDigest));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value) as [string, unknown][];
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, child]) => [key, canonical(child, sealedDigest)]);
}

function supplied(overrides: AgentOverrides, plan: Plan): readonly string[] {
  const named = (what: string, values: object | undefined) =>
    Object.keys(values ?? {}).map((name) => `${what} ${name}`);
  const headers = new Map(shownHeaders(plan).map(({ name, value }) => [name.toLowerCase(), value]));
  const sent = Object.keys(overrides.headers ?? {}).map((name) => `${name}: ${headers.get(name.toLowerCase()) ?? '-'}`);
  return [
    ...sent.map((header) => `header ${header}`),
    ...named('variable', overrides.variables),
    ...named('query', overrides.query),
    ...(overrides.body === undefined ? [] : ['body']),
  ];
}

const MAX_SUPPLIED = 10;
const MAX_URL = 400;
const MAX_BODY = 600;

/** The question to put to a person. Every name is quoted and on one line, so that it cannot pass for the question. */
export function approvalText(approval: Approval): string {
  const shown = approval.supplied.slice(0, MAX_SUPPLIED).map(quoted);
  const more = approval.supplied.length - shown.length;
  const secrets = [...approval.handles.map(quoted), ...(approval.inlineSecrets ? ['one from the files'] : [])];
  const lines = [
    'An AI agent asks to send this request:',
    `${oneLine(approval.method)} ${middleCut(approval.url, MAX_URL)}`,
    ...(approval.body === undefined ? [] : [`Body: ${middleCut(approval.body, MAX_BODY)}`]),
    `Request: ${quoted(approval.request)} of the collection ${quoted(approval.collection)}`,
    `Environment: ${approval.environment === undefined ? 'none' : quoted(approval.environment)}`,
    ...tokenLines(approval),
    `Secrets used: ${secrets.join(', ') || 'none'}`,
    `Set by the agent: ${[...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ') || 'nothing'}`,
    `Why you are asked: ${oneLine(approval.reason)}`,
  ];
  return lines.join('\n');
}

function tokenLines({ tokenEndpoints: endpoints, tokenFields }: Approval): readonly string[] {
  if (endpoints.length === 0) return [];
  const changed = tokenFields.length > 0 ? `, with values of the agent for ${tokenFields.map(quoted).join(', ')}` : '';
  return [`Asks for a token first: POST ${endpoints.map((url) => middleCut(url, MAX_URL)).join(' or ')}${changed}`];
}

function quoted(name: string): string {
  return `"${oneLine(name).replaceAll('"', "'")}"`;
}

/** Both ends stay: what a long middle pushes out of sight could be the part that matters. */
function middleCut(text: string, most: number): string {
  const line = printable(text);
  if (line.length <= most) return line;
  const half = most / 2;
  return `${line.slice(0, half)} … ${line.length - most} characters … ${line.slice(-half)}`;
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}

function oneLine(text: string): string {
  const line = printable(text);
  return line.length > limits.shownNameChars ? `${line.slice(0, limits.shownNameChars)}…` : line;
}
