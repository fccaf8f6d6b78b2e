// What a person is asked before a request that changes data is sent.
import { shownName } from '../../shared/collection/shown-name.ts';
import type { Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { Decision } from '../../shared/policy/policy.ts';
import { redactAsked } from '../../shared/redact/redact-asked.ts';
import { redactHeader } from '../../shared/redact/redact-fields.ts';
import type { AgentOverrides } from '../../shared/request/overrides.ts';
import { changedTokenFields, tokenEndpoints } from '../../shared/request/token-request.ts';
import { displayRendered } from '../../shared/template/render.ts';
import { type Asked, type Digests, digestByScript, digestSent } from './approval-digest.ts';
import { shownBody, shownUrl } from './plan-view.ts';
import type { Prepared } from './prepare.ts';
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
  /** Whether the agent wrote all of the body. */
  readonly isBodyAgents: boolean;
  /** Those of the files in which the agent's variables or a script have a part; values redacted, as those of `supplied`. */
  readonly headers: readonly ShownField[];
  /** The same of the fields of its auth. */
  readonly authFields: readonly ShownField[];
  readonly request: string;
  readonly collection: string;
  readonly environment?: string;
  /** Where a token may be asked for first, and which fields of that request the agent's variables change. */
  readonly tokenEndpoints: readonly string[];
  readonly tokenFields: readonly string[];
  /** Names of the vault secrets that would be sent, and whether one from the files would be. */
  readonly handles: readonly string[];
  readonly inlineSecrets: boolean;
  /** What the agent set itself. */
  readonly supplied: readonly Supplied[];
  /** The saved request whose script sends it. */
  readonly sentFor?: SentFor;
}

export interface ShownField {
  readonly name: string;
  readonly value: string;
}

export type Supplied =
  | { readonly what: 'body' }
  | {
      readonly what: 'header' | 'query' | 'variable';
      readonly name: string;
      /** Undefined: it was left out. */
      readonly value?: string;
    };

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

/** What is put to a person, and what records it where the call ends with that. */
export interface Question {
  readonly approval: Approval;
  /**
   * Gives the correlation id of the entry that says who was asked about what. Failures: JOURNAL/NOT_WRITABLE, JOURNAL/BROKEN; then nobody
   * may be asked.
   */
  readonly note: () => Result<string>;
}

export interface ApprovalAnswer extends Said {
  readonly digest: string;
}

/**
 * What came of asking. `unavailable`: this client has no way to ask; `crowded`: too many wait for the operator already; `too-much`: more
 * than a person can be shown.
 */
export interface Said {
  readonly outcome: 'approved' | 'declined' | 'unavailable' | 'expired' | 'crowded' | 'too-much';
  /** Who said it; absent: the person at the client. `standing`: the operator, earlier and for more than one call. */
  readonly by?: 'operator' | 'standing';
  /** What `Question.note` gave, where the call that asked ended with the question. */
  readonly askedIn?: string;
}

export interface ApprovalInput extends Asked, Pick<Prepared, 'plan' | 'steady' | 'scripted'> {
  readonly decision: Decision;
}

/** The approval of a plan. */
export function askApproval(input: ApprovalInput, digests: Digests): Approval {
  return { ...shownPlan(input, digests), digest: digestSent(input, digests), reason: input.decision.reason };
}

/** Whether the agent set more than a person can be shown: then nobody is asked. */
export function isTooMuch({ supplied }: Pick<Approval, 'supplied'>): boolean {
  return supplied.length > limits.askedEntries;
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
  return {
    ...sent,
    digest: digestByScript(asked, sent.digest, digests),
    supplied: suppliedBy(overrides),
    sentFor: {
      ...secrets,
      method: found.template.method,
      url: urlText(found.template.url),
      request: shownName(found.entry.name),
    },
  };
}

type Shown = Omit<Approval, 'digest' | 'reason' | 'sentFor'>;

function shownPlan(input: ApprovalInput, digests: Digests): Shown {
  const { plan, overrides, scripted } = input;
  const body = shownBody(plan.body, redactAsked);
  const approval = {
    method: plan.method,
    url: shownUrl(plan, redactAsked),
    ...(body !== undefined && { body }),
    isBodyAgents: overrides.body !== undefined && scripted?.bodyChanged !== true,
    headers: shownHeaders(input),
    authFields: shownAuth(input),
    request: shownName(plan.requestName),
    collection: shownName(plan.collectionName),
    tokenEndpoints: tokenEndpoints(plan.auth),
    tokenFields: changedTokenFields(plan),
    handles: usedHandles(plan, digests).map(({ name }) => name),
    inlineSecrets: planSecrets(plan, digests.handles).inline,
    supplied: suppliedBy(overrides),
  };
  return plan.environmentName === undefined ? approval : { ...approval, environment: shownName(plan.environmentName) };
}

/** What scripts wrote may come from the agent, and cannot be told from what the files say. */
function isByScript({ found, scripted, sentBy }: ApprovalInput, part: 'headers' | 'auth'): boolean {
  if (sentBy) return true;
  return scripted !== undefined && (scripted.written !== undefined || scripted.template[part] !== found.template[part]);
}

/** What may turn a method into another one stands first. */
function shownHeaders(input: ApprovalInput): readonly ShownField[] {
  const { plan, overrides } = input;
  const set = Object.keys(overrides.headers ?? {}).map((name) => name.toLowerCase());
  const saved = plan.headers.filter(({ name }) => !set.includes(name.toLowerCase()));
  const shown = isByScript(input, 'headers') ? saved : saved.filter(({ fromAgent }) => fromAgent);
  const turning = shown.filter(({ name }) => /method/i.test(name));
  return [...new Set([...turning, ...shown])].map(({ name, value }) => shownField(name, displayRendered(value)));
}

function shownAuth(input: ApprovalInput): readonly ShownField[] {
  const { fields, fromAgent = [] } = input.plan.auth;
  const all = Object.entries(fields).filter(([, value]) => value.length > 0);
  const shown = isByScript(input, 'auth') ? all : all.filter(([name]) => fromAgent.includes(name));
  return shown.map(([name, value]) => shownField(name, displayRendered(value)));
}

function suppliedBy({ headers, query, variables, body }: AgentOverrides): readonly Supplied[] {
  return [
    ...entriesOf('header', headers),
    ...entriesOf('variable', variables),
    ...entriesOf('query', query),
    ...(body === undefined ? [] : [{ what: 'body' as const }]),
  ];
}

function entriesOf(what: 'header' | 'query' | 'variable', values: Readonly<Record<string, string | null>> = {}) {
  return Object.entries(values).map(([name, value]) => ({
    what,
    ...(value === null ? { name } : shownField(name, value)),
  }));
}

function shownField(name: string, value: string): ShownField {
  return { name, value: redactHeader(name, redactAsked(value).text).text };
}
