// What an agent may change of a request. Its values are data: one piece of text, never lexed or rendered. A header or query
// parameter that carries a secret can be neither replaced nor removed: the request goes out as the credential's owner saved it.
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { renderedText } from '../template/render.ts';
import type { Piece, Rendered } from '../template/template.ts';
import { agentPieces, type CapturedLookup } from './agent-text.ts';
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

/**
 * The query after the agent's changes: the first parameter of a name is replaced in place, its repetitions go, a new name
 * is appended. Failure: INPUT/INVALID where the parameter carries a secret.
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
 * The headers after the agent's changes. Failure: REQUEST/HEADER_INVALID for a header that an agent may not set, or one
 * that carries a secret.
 */
export function overrideHeaders(
  headers: readonly PlannedHeader[],
  changes: AgentOverrides['headers'] = {},
  captured: CapturedLookup = noneCaptured,
): Result<readonly PlannedHeader[]> {
  let changed = [...headers];
  for (const [name, value] of Object.entries(changes)) {
    const pieces = agentPieces(value ?? '', captured);
    if (!pieces.ok) return pieces;
    const judged = judgeAgentHeader(name, value ?? '');
    if (!judged.ok) return judged;
    const same = (header: PlannedHeader) => header.name.toLowerCase() === name.toLowerCase();
    if (changed.some((header) => same(header) && hasSecret(header.value))) {
      return err(failure('REQUEST/HEADER_INVALID', { name, problem: 'it carries a secret and stays as saved' }));
    }
    changed = changed.filter((header) => !same(header));
    if (value !== null) changed.push({ name, value: pieces.value });
  }
  return ok(changed);
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
