// What an agent may change of a request. Its values are data: one piece of text, never lexed or rendered. A header or query
// parameter that carries a secret can be neither replaced nor removed: the request goes out as the credential's owner saved it. Nor can
// one that carries a claim of the caller, or a variable that is filled from one.
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { renderedText } from '../template/render.ts';
import type { Piece, Rendered } from '../template/template.ts';
import { judgeAddedHeader } from './agent-headers.ts';
import { agentPieces, type CapturedLookup } from './agent-text.ts';
import { judgeBesideClaim } from './beside-claim.ts';
import { judgeAgentHeader } from './header-policy.ts';
import { encodeComponent } from './percent-encode.ts';
import type { PlannedHeader, PlannedQuery } from './plan.ts';

export interface AgentOverrides {
  /** Values for `{{name}}` and for `:name` path segments. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Sets or, with null, removes the query parameters of a name. */
  readonly query?: Readonly<Record<string, string | null>>;
  /** Sets or, with null, removes the headers of a name; names compare without case. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Takes the place of the body's text; the content type stays. */
  readonly body?: string;
}

/** Refuses variables that are filled from a caller's claims, whether this caller has them or not. Failure: INPUT/INVALID. */
export function judgeVariables(
  variables: AgentOverrides['variables'] = {},
  claims: Readonly<Record<string, string | undefined>> = {},
): Result<void> {
  const name = Object.keys(variables).find((each) => Object.hasOwn(claims, each));
  if (name === undefined) return ok(undefined);
  return err(failure('INPUT/INVALID', { problem: `the variable "${name}" comes from a claim of the caller` }));
}

/**
 * The query after the agent's changes: the first parameter of a name is replaced in place, its repetitions go, a new name
 * is appended. Failure: INPUT/INVALID where the parameter carries a secret or a claim.
 */
export function overrideQuery(
  query: readonly PlannedQuery[],
  changes: AgentOverrides['query'] = {},
  captured: CapturedLookup = noneCaptured,
): Result<readonly PlannedQuery[]> {
  let changed = [...query];
  for (const [name, value] of Object.entries(changes)) {
    const named = changed.filter((each) => isNamed(each, name));
    if (named.some((each) => hasSecret(each.value))) {
      return err(
        failure('INPUT/INVALID', { problem: `the query parameter "${name}" carries a secret and stays as saved` }),
      );
    }
    const judged = judgeBesideClaim(query, name);
    if (!judged.ok) return judged;
    const [first] = named;
    const pieces = agentPieces(value ?? '', captured);
    if (!pieces.ok) return pieces;
    const set = value === null ? [] : [{ name: encoded(name), value: pieces.value.flatMap(encodedPiece) }];
    if (!first) changed = [...changed, ...set];
    else changed = changed.flatMap((each) => (each === first ? set : named.includes(each) ? [] : [each]));
  }
  return ok(changed);
}

/**
 * The headers after the agent's changes; `addable` are patterns of those that may be added (shared/request/agent-headers.ts). Failure:
 * REQUEST/HEADER_INVALID for a header that an agent may not set, one that is given under two names, or one that carries a secret.
 */
export function overrideHeaders(
  headers: readonly PlannedHeader[],
  changes: AgentOverrides['headers'] = {},
  captured: CapturedLookup = noneCaptured,
  addable?: readonly string[],
): Result<readonly PlannedHeader[]> {
  const twin = twinOf(Object.keys(changes));
  if (twin !== undefined) return err(failure('REQUEST/HEADER_INVALID', { name: twin, problem: 'it is given twice' }));
  let changed = [...headers];
  for (const [name, value] of Object.entries(changes)) {
    const pieces = agentPieces(value ?? '', captured);
    if (!pieces.ok) return pieces;
    const same = (header: PlannedHeader) => header.name.toLowerCase() === name.toLowerCase();
    const isSaved = value === null || headers.some(same);
    const judged = isSaved ? judgeAgentHeader(name, value ?? '') : judgeAddedHeader(name, value, addable);
    if (!judged.ok) return judged;
    if (changed.some((header) => same(header) && hasSecret(header.value))) {
      return err(failure('REQUEST/HEADER_INVALID', { name, problem: 'it carries a secret and stays as saved' }));
    }
    changed = changed.filter((header) => !same(header));
    if (value !== null) changed.push({ name, value: pieces.value });
  }
  return ok(changed);
}

/** A name that was there before in another case: which of the two is sent must not hang on their order. */
function twinOf(names: readonly string[]): string | undefined {
  const lower = names.map((name) => name.toLowerCase());
  return names.find((_, at) => lower.indexOf(lower[at] ?? '') < at);
}

const noneCaptured: CapturedLookup = () => undefined;

function encodedPiece(piece: Piece): Rendered {
  return piece.kind === 'text' ? encoded(piece.text) : [piece];
}

/** Whether any piece is a secret. */
export function hasSecret(rendered: Rendered | null): boolean {
  return rendered?.some((piece) => piece.kind !== 'text') ?? false;
}

function isNamed({ name }: PlannedQuery, wanted: string): boolean {
  const text = name === null ? undefined : renderedText(name);
  return text !== undefined && (text === wanted || decoded(text) === wanted);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

// Encoded here because the writer keeps every %XX that it finds.
function encoded(text: string): Rendered {
  return text === '' ? [] : [{ kind: 'text', text: encodeComponent(text) }];
}
