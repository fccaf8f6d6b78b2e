// What a person is asked before a request that changes data is sent.
import { shownName } from '../../shared/collection/shown-name.ts';
import { limits } from '../../shared/limits.ts';
import type { Decision } from '../../shared/policy/policy.ts';
import { redactHeader } from '../../shared/redact/redact-fields.ts';
import type { AgentOverrides } from '../../shared/request/overrides.ts';
import { changedTokenFields, tokenEndpoints } from '../../shared/request/token-request.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import { type Asked, type Digests, digestByScript, digestSent } from './approval-digest.ts';
import { shownBody, shownHeaders, shownUrl } from './plan-view.ts';
import type { Scripted } from './prepare.ts';
import { planSecrets } from './secrets-of.ts';
import { urlText } from './template-view.ts';
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
  /** Where a script has a part in them, such as `X-Mode: fast`. */
  readonly headers: readonly string[];
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
  /** The saved request whose script sends it. */
  readonly sentFor?: SentFor;
}

/** As its file has it: it may not be planned yet, and is asked about by itself. */
export interface SentFor extends NamedSecrets {
  readonly method: string;
  readonly url: string;
  readonly request: string;
}

export interface NamedSecrets {
  /** Names of handles. */
  readonly handles: readonly string[];
  /** Whether it holds a secret from the files. */
  readonly inline: boolean;
}

/** What came of asking. `unavailable`: this client has no way to ask. */
export interface ApprovalAnswer {
  readonly digest: string;
  readonly outcome: 'approved' | 'declined' | 'unavailable';
}

export interface ApprovalInput extends Asked {
  readonly plan: Plan;
  readonly scripted?: Scripted;
  readonly decision: Decision;
}

/** The approval of a plan. */
export function askApproval(input: ApprovalInput, digests: Digests): Approval {
  const { plan, scripted } = input;
  const digest = digestSent(input, plan, scripted, digests);
  return { ...shownPlan(plan, input, digests), digest, reason: input.decision.reason };
}

export interface ScriptApprovalInput {
  /** The approval of what the script sends. */
  readonly sent: Approval;
  /** The request whose script it is, and the secrets that it names. */
  readonly asked: Asked;
  readonly secrets: NamedSecrets;
}

/** The same for what a script sends: the agent supplied to the saved request, and scripts may pass it on. */
export function askForScript({ sent, asked, secrets }: ScriptApprovalInput, digests: Digests): Approval {
  const { found, overrides } = asked;
  const headers = Object.entries(overrides.headers ?? {}).map(([name, value]) => ({
    name,
    value: redactHeader(name, value ?? '-').text,
  }));
  return {
    ...sent,
    digest: digestByScript(asked, sent.digest, digests),
    supplied: supplied(overrides, headers),
    sentFor: {
      ...secrets,
      method: found.template.method,
      url: urlText(found.template.url),
      request: shownName(found.entry.name),
    },
  };
}

type Shown = Omit<Approval, 'digest' | 'reason' | 'sentFor'>;

function shownPlan(plan: Plan, { overrides, found, scripted, sentBy }: ApprovalInput, digests: Digests): Shown {
  const body = shownBody(plan.body);
  const byScript = sentBy !== undefined || (scripted && scripted.template.headers !== found.template.headers);
  const approval = {
    method: plan.method,
    url: shownUrl(plan),
    ...(body !== undefined && { body }),
    headers: byScript ? headerLines(plan) : [],
    request: shownName(plan.requestName),
    collection: shownName(plan.collectionName),
    tokenEndpoints: tokenEndpoints(plan.auth),
    tokenFields: changedTokenFields(plan),
    handles: usedHandles(plan, digests).map(({ name }) => name),
    inlineSecrets: planSecrets(plan, digests.handles).inline,
    supplied: supplied(overrides, shownHeaders(plan)),
  };
  return plan.environmentName === undefined ? approval : { ...approval, environment: shownName(plan.environmentName) };
}

/** What may turn a method into another one stands first: a long list is cut. */
function headerLines(plan: Plan): readonly string[] {
  const shown = shownHeaders(plan);
  const turning = shown.filter(({ name }) => /method/i.test(name));
  return [...new Set([...turning, ...shown])].map(({ name, value }) => `${name}: ${value}`);
}

function supplied(
  overrides: AgentOverrides,
  shown: readonly { readonly name: string; readonly value: string }[],
): readonly string[] {
  const named = (what: string, values: object | undefined) =>
    Object.keys(values ?? {}).map((name) => `${what} ${name}`);
  const headers = new Map(shown.map(({ name, value }) => [name.toLowerCase(), value]));
  const sent = Object.keys(overrides.headers ?? {}).map((name) => `${name}: ${headers.get(name.toLowerCase()) ?? '-'}`);
  return [
    ...sent.map((header) => `header ${header}`),
    ...named('variable', overrides.variables),
    ...named('query', overrides.query),
    ...(overrides.body === undefined ? [] : ['body']),
  ];
}

const MAX_LISTED = 10;
const MAX_URL = 400;
const MAX_BODY = 600;

/** The question to put to a person. Every name is quoted and on one line, so that it cannot pass for the question. */
export function approvalText(approval: Approval): string {
  const lines = [
    'An AI agent asks to send this request:',
    `${oneLine(approval.method)} ${middleCut(approval.url, MAX_URL)}`,
    ...(approval.body === undefined ? [] : [`Body: ${middleCut(approval.body, MAX_BODY)}`]),
    ...(approval.headers.length === 0 ? [] : [`Headers: ${listed(approval.headers)}`]),
    `Request: ${quoted(approval.request)} of the collection ${quoted(approval.collection)}`,
    `Environment: ${approval.environment === undefined ? 'none' : quoted(approval.environment)}`,
    ...tokenLines(approval),
    `Secrets used: ${secretsText({ handles: approval.handles, inline: approval.inlineSecrets })}`,
    `Set by the agent: ${listed(approval.supplied) || 'nothing'}`,
    ...sentForLines(approval),
    `Why you are asked: ${oneLine(approval.reason)}`,
  ];
  return lines.join('\n');
}

function listed(all: readonly string[]): string {
  const shown = all.slice(0, MAX_LISTED).map(quoted);
  const more = all.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

function sentForLines({ sentFor }: Approval): readonly string[] {
  if (!sentFor) return [];
  const { method, url, request } = sentFor;
  const saved = `${quoted(request)}, ${oneLine(method)} ${middleCut(url, MAX_URL)}`;
  return [`Sent, once or more, by a script of: ${saved}`, `Secrets that it names: ${secretsText(sentFor)}`];
}

function secretsText({ handles, inline }: NamedSecrets): string {
  return [...handles.map(quoted), ...(inline ? ['one from the files'] : [])].join(', ') || 'none';
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
