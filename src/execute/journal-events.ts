// What the journal is told of an execution: before the first byte leaves, and when it has ended.
import { shownName } from '../../shared/collection/shown-name.ts';
import { withoutSlug } from '../../shared/collection/stable-id.ts';
import type { FailureCode } from '../../shared/failure/catalogue.ts';
import type { Result } from '../../shared/failure/result.ts';
import type { BeginEvent, EndEvent } from '../../shared/journal/event.ts';
import { limits } from '../../shared/limits.ts';
import type { CallerFacts, Decision, JournalDetail, Principal } from '../../shared/policy/policy.ts';
import { redactText, redactUrl } from '../../shared/redact/redact-fields.ts';
import { parseUrl } from '../../shared/request/parse-url.ts';
import type { Plan, SafeExchange } from '../../shared/stages/stages.ts';
import { displayRendered } from '../../shared/template/render.ts';
import type { PlanCredential } from './secrets-of.ts';

export interface Caller {
  readonly principal: Principal;
  readonly correlationId: string;
  /** Of what a script sends: the execution whose script it is. */
  readonly parent?: string;
  readonly approvedBy?: NonNullable<BeginEvent['approvedBy']>;
  readonly askedIn?: string;
  readonly askedInVain?: true;
  readonly detail: JournalDetail;
}

/**
 * What is about to be sent, or was refused. With less detail it still says who, when, which request of which collection by the hashes of
 * their ids, the method and origin, the handles, and what was decided: what it takes to find out what a credential was used for, and by
 * whom. It leaves out what tells of the content of the work or of a person: names, also in ids and rules, the path with its values, the
 * client and its address.
 */
export function begunBy(
  plan: Plan,
  handles: readonly PlanCredential[],
  decision: Decision,
  { principal, correlationId, parent, approvedBy, askedIn, askedInVain, detail }: Caller,
): BeginEvent {
  const isFull = detail === 'full';
  const idOf = isFull ? (id: string) => id : withoutSlug;
  const event = {
    type: 'begin' as const,
    correlationId,
    ...(parent !== undefined && { parent }),
    principal: principal.id,
    ...(principal.about && { caller: shownCaller(principal.about, isFull) }),
    ...(approvedBy && { approvedBy }),
    ...(askedIn !== undefined && { askedIn }),
    ...(askedInVain && { askedInVain }),
    ...(!isFull && { detail: 'minimal' as const }),
    requestId: idOf(plan.requestId),
    ...(isFull && { requestName: shortName(plan.requestName) }),
    collectionId: idOf(plan.collectionId),
    method: shortName(plan.method),
    origin: plan.url.origin,
    ...(isFull && { path: redactText(redactUrl(displayRendered(plan.url.path)).text).text }),
    handles: handles.map(({ id }) => id),
    decision: {
      ...decision,
      rule: shortName(isFull ? decision.rule : withoutListed(decision.rule)),
      reason: shortName(decision.reason),
    },
  };
  return plan.environmentId === undefined ? event : { ...event, environmentId: idOf(plan.environmentId) };
}

/** A rule as in `AccessFinding`, without the collection or environment that it is listed for. */
function withoutListed(rule: string): string {
  return rule.replace(/^(access\.(?:collections|environments))\..*$/s, '$1');
}

/** Names of callers and clients are what they call themselves. */
function shownCaller({ name, keyId, client, address }: CallerFacts, isFull: boolean): CallerFacts {
  return {
    name: shortName(name),
    ...(keyId !== undefined && { keyId }),
    ...(isFull && client !== undefined && { client: shortName(client) }),
    ...(isFull && address !== undefined && { address }),
  };
}

/** Names come from files, may hold a secret and have any length; the journal is kept for ever. */
function shortName(name: string): string {
  const shown = shownName(name);
  const chars = limits.journalNameChars;
  return shown.length > chars ? `${shown.slice(0, chars - 1).replace(/[\ud800-\udbff]$/, '')}…` : shown;
}

/** What came of it. */
export function endedBy(delivered: Result<SafeExchange>, correlationId: string, elapsedMs: number): EndEvent {
  const durationMs = Math.max(0, Math.round(elapsedMs));
  if (!delivered.ok) {
    const code: FailureCode = delivered.failure.code;
    return { type: 'end', correlationId, failure: code, durationMs, responseBytes: 0, redactions: 0, redirects: [] };
  }
  const { status, body, redactions, redirects } = delivered.value;
  return {
    type: 'end',
    correlationId,
    status,
    durationMs,
    responseBytes: body.bytes,
    redactions: redactions.count,
    redirects: redirects.map((hop) => `${hop.status} ${originOf(hop.url)}`),
  };
}

function originOf(url: string): string {
  return parseUrl(url)?.origin ?? 'unknown';
}
