// What binds a person's answer to what it was given for: exactly one plan, of a request as its files have it and with what the agent
// supplied; where a script sends it, also to the request whose script that is.
import type { RequestTemplate, Variable } from '../../shared/collection/model.ts';
import type { Decision } from '../../shared/policy/policy.ts';
import type { AgentOverrides } from '../../shared/request/overrides.ts';
import type { PlannedBody } from '../../shared/request/plan.ts';
import { isSealed } from '../../shared/secret/seal.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import { lexTemplate } from '../../shared/template/lex.ts';
import type { Calling } from './calling.ts';
import type { ExecutionContext } from './ports.ts';
import type { Prepared, Target } from './prepare.ts';
import { writtenEarlier } from './script-scope.ts';
import { handleNames } from './secrets-of.ts';
import { templatesOf } from './template-view.ts';
import { usedHandles } from './transport-use.ts';

/** What the digest is made with, what tells when the value of a handle was set, and what scripts wrote earlier. */
export type Digests = Pick<ExecutionContext, 'digest' | 'sealedDigest' | 'handles' | 'policy' | 'session'>;

/** A request with everything that it is made of before a script runs. */
export interface Asked extends Target, Calling {
  readonly overrides: AgentOverrides;
}

/**
 * The digest of an approval for one plan. It covers all that a person is shown, all that is sent and all that it is made of: the planned
 * request itself, but for its dynamic variables, such as {{$guid}}, which are others at each pass; the request, collection and environment
 * by id and name, method, URL, headers, body and auth as templates, every variable that they can see, of files, scripts and claims,
 * scripts and assertions, what the agent supplied and in which order, bytes of files, each credential with when it was last set, and why
 * a person is asked. Not the caller, who is kept beside it.
 */
export function digestSent(
  asked: Asked & Pick<Prepared, 'plan' | 'steady' | 'scripted'> & { readonly decision: Decision },
  digests: Digests,
): string {
  const { plan, scripted } = asked;
  const { rule, reason } = asked.decision;
  const steady = asked.steady();
  const facts = [
    [plan.requestName, plan.collectionName, plan.environmentName ?? null],
    [rule, reason],
    plan.method,
    plan.url.origin,
    steady ? wireOf(steady) : null,
    usedHandles(plan, digests).map(({ id, name, updatedAt }) => [id, name, updatedAt ?? null]),
    scripted ? [sentParts(scripted.template), scripted.written ?? null] : null,
    attachedBytes(plan.body).map((bytes) => digests.digest(Buffer.from(bytes).toString('latin1'))),
  ];
  return join('sent', baseOf(asked, digests), digests.digest(text(facts, digests)));
}

/** The digest of an approval for what a script sends; `sent` is that of its plan. */
export function digestByScript(asked: Asked, sent: string, digests: Digests): string {
  return join('script', baseOf(asked, digests), digests.digest(sent));
}

/** Whether a digest is one of this request, as its files have it and with what the agent supplied. */
export function isAbout(digest: string, asked: Asked, digests: Digests): boolean {
  return digest.split(':')[1] === baseOf(asked, digests);
}

function join(kind: 'script' | 'sent', base: string, rest: string): string {
  return `${kind}:${base}:${rest}`;
}

function baseOf(asked: Asked, digests: Digests): string {
  const { found, environment, globals, overrides } = asked;
  const { template, collection, entry } = found;
  const facts = [
    entry.id,
    collection.id,
    environment?.id ?? null,
    [entry.name, collection.name, environment?.name ?? null],
    suppliedBy(overrides),
    sentParts(template),
    [template.folderVariables, collection.variables(), environment?.variables ?? null],
    globals.map(({ variables }) => variables),
    template.scripts.map(({ phase, from, source }) => [phase, from, source]),
    [template.assertions ?? null, template.answerVariables ?? null],
    template.scripts.length > 0 ? namedHandles(asked, digests) : null,
    writtenEarlier(asked, asked.caller, digests.session),
    // An answer holds for one tenant. JSON would not tell a claim that is missing from a variable that comes from none.
    Object.entries(asked.claims ?? {}).map(([name, value]) => [name, value ?? null]),
  ];
  return digests.digest(text(facts, digests));
}

/** Headers and query in the order given: it is the order in which they are sent. */
function suppliedBy({ variables, query, headers, body }: AgentOverrides): unknown {
  return [variables ?? null, Object.entries(query ?? {}), Object.entries(headers ?? {}), body ?? null];
}

function wireOf({ method, url, headers, body, auth, settings, statedOrigin }: Plan): unknown {
  return [method, url, headers, body, [auth.type, Object.entries(auth.fields)], settings, statedOrigin ?? null];
}

function sentParts({ method, url, headers, body, auth, settings }: RequestTemplate): unknown {
  return [method, url, headers, body, auth, settings];
}

const HANDLE_IN_SOURCE = /\{\{vault:[^{}]{1,200}\}\}/g;

/** Each credential that the files name, with when it was last set: another value under the same name was not approved, nor another tier. */
function namedHandles(
  asked: Asked,
  { handles }: Digests,
): readonly (readonly [id: string, updatedAt: number | null])[] {
  const find = (named: string) => {
    const found = handles.find(named);
    return found.ok && found.value ? [found.value] : [];
  };
  const named = namesIn(asked).flatMap(find);
  const writing = named.flatMap(({ writingId }) => (writingId === undefined ? [] : find(writingId)));
  return [...named, ...writing].map(({ id, updatedAt }) => [id, updatedAt ?? null] as const);
}

function namesIn({ found, environment, globals }: Asked): readonly string[] {
  const { template, collection } = found;
  const variables: readonly Variable[] = [
    ...(environment?.variables ?? []),
    ...template.folderVariables.flat(),
    ...collection.variables(),
    ...globals.flatMap((each) => each.variables),
  ];
  const sources = template.scripts.flatMap(({ source }) => source.match(HANDLE_IN_SOURCE) ?? []).map(lexTemplate);
  const templates = [...templatesOf(template), ...variables.map(({ value }) => value), ...sources];
  return [...new Set(templates.flatMap(handleNames))];
}

/** The files that the body sends: a template only names them. */
function attachedBytes(body: PlannedBody): readonly Uint8Array[] {
  if (body.kind === 'bytes') return [body.bytes];
  if (body.kind !== 'multipart') return [];
  return body.parts.flatMap((part) => (part.kind === 'file' ? [part.bytes] : []));
}

function text(facts: unknown, digests: Digests): string {
  return JSON.stringify(canonical(facts, { ...digests, known: new WeakMap() }));
}

interface Canonical extends Pick<Digests, 'digest' | 'sealedDigest'> {
  /** Digests of computations: one may stand in many others, and each of those in many more. */
  readonly known: WeakMap<object, string>;
}

/**
 * Serialises the same for equal values, whatever the order of their keys; a sealed value stands as its own digest, and of bytes, which are
 * digested by themselves, their number.
 */
function canonical(value: unknown, made: Canonical): unknown {
  if (isSealed(value)) return { sealed: made.sealedDigest(value) };
  if (value instanceof Uint8Array) return { bytes: value.length };
  if (Array.isArray(value)) return value.map((child) => canonical(child, made));
  if (typeof value !== 'object' || value === null) return value;
  if ('kind' in value && value.kind === 'derived') return { derived: computationDigest(value, made) };
  return canonicalObject(value, made);
}

function canonicalObject(value: object, made: Canonical): unknown {
  const entries = Object.entries(value) as [string, unknown][];
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, child]) => [key, canonical(child, made)]);
}

function computationDigest(part: object, made: Canonical): string {
  const known = made.known.get(part);
  if (known !== undefined) return known;
  const digest = made.digest(JSON.stringify(canonicalObject(part, made)));
  made.known.set(part, digest);
  return digest;
}
