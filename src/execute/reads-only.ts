// Whether a planned request only reads. Judged is what will be sent, so whatever only the signer knows is never a read.
import { isSafeMethod } from '../../shared/policy/decide.ts';
import { isGraphqlQuery } from '../../shared/policy/graphql-operation.ts';
import type { AgentOverrides } from '../../shared/request/overrides.ts';
import { headersNamed } from '../../shared/request/plan-headers.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import { displayRendered, renderedText } from '../../shared/template/render.ts';
import type { Rendered } from '../../shared/template/template.ts';
import type { FoundRequest } from './ports.ts';

/** A safe method that no header or parameter turns into another. */
export function isSafeRequest(plan: Plan): boolean {
  return isSafeMethod(plan.method) && !overridesMethod(plan);
}

/** A safe request, or a GraphQL query that the collection states as one. */
export function readsOnly(found: FoundRequest, plan: Plan, overrides: AgentOverrides): boolean {
  return isSafeRequest(plan) || (!overridesMethod(plan) && readsByGraphql(found, plan, overrides));
}

// Gateways fold "_" to "-", and "x-original-method" is what some proxies put the first method into.
const METHOD_OVERRIDE = /^(?:x-)?(?:http-|original-|real-|rewrite-)*method(?:-override)?$/;

// As a parameter: `_method` (WordPress, Rails, Laravel), `$httpMethod`, `X-HTTP-Method-Override`. Bare `method` is an ordinary name there.
const PARAMETER_OVERRIDE = /^(?:-method|[$]?http-?method|(?:x-)?(?:http-)?method-override)$/;

type Named = readonly [name: string | undefined, value: Rendered];

// Frameworks that honour these run a GET as the method that the header or the parameter names.
function overridesMethod({ url, headers, auth }: Plan): boolean {
  const query = url.query.map(({ name, value }): Named => [renderedText(name ?? []), value ?? []]);
  const { header, parameter } = keyOf(auth);
  return (
    [...headers.map(({ name, value }): Named => [name, value]), ...header].some((each) =>
      names(METHOD_OVERRIDE, each),
    ) ||
    [...query, ...parameter].some((each) => names(PARAMETER_OVERRIDE, each)) ||
    /;_method=/i.test(decoded(displayRendered(url.path)) ?? displayRendered(url.path))
  );
}

/** A name that only the signer knows could be any name. */
function names(override: RegExp, [name, value]: Named): boolean {
  const plain = name === undefined ? undefined : decoded(name)?.toLowerCase().replaceAll('_', '-');
  if (plain !== undefined && !override.test(plain)) return false;
  return !isSafeMethod(renderedText(value)?.trim().toUpperCase() ?? '');
}

/** Where an apikey auth puts its value. */
function keyOf({ type, fields }: Plan['auth']): {
  readonly header: readonly Named[];
  readonly parameter: readonly Named[];
} {
  const named: readonly Named[] = [[renderedText(fields.key ?? []), fields.value ?? []]];
  const place = renderedText(fields.in ?? []);
  if (type !== 'apikey' || place === 'cookie') return { header: [], parameter: [] };
  return place === 'query' ? { header: [], parameter: named } : { header: named, parameter: [] };
}

// Only what the collection states as GraphQL counts: a body that an agent wrote may look like a query and be none.
function readsByGraphql({ template }: FoundRequest, plan: Plan, overrides: AgentOverrides): boolean {
  if (template.body.kind !== 'graphql' || overrides.body !== undefined) return false;
  if (plan.method !== 'POST' || plan.body.kind !== 'text') return false;
  if (!isSentAsJson(plan) || namesOperationInUrl(plan)) return false;
  const query = queryOf(plan.body.text);
  return query !== undefined && isGraphqlQuery(query);
}

const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json(?:\s*;\s*charset="?utf-8"?)?\s*$/i;

// Read as a form, the same bytes can hold another query.
function isSentAsJson({ headers }: Plan): boolean {
  return headersNamed(headers, 'content-type').every(({ value }) => JSON_TYPE.test(renderedText(value) ?? ''));
}

const GRAPHQL_MEMBERS = /^(?:query|operationname|variables|extensions)(?:\[|$)/i;

// Servers let such a parameter of the URL win over the body's member.
function namesOperationInUrl({ url, auth }: Plan): boolean {
  const names = url.query.map(({ name }) => renderedText(name ?? []));
  const keyed = auth.type === 'apikey' ? [renderedText(auth.fields.key ?? [])] : [];
  const plain = [...names, ...keyed].map((name) => (name === undefined ? undefined : decoded(name)));
  return plain.some((name) => name === undefined || GRAPHQL_MEMBERS.test(name));
}

/** Undefined where servers differ in what they read: such a name could be any. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' ')).trim();
  } catch {
    return undefined;
  }
}

// No GraphQL document holds a NUL (section 2.1.1), so one can stand for a secret.
const SECRET = '\0';

/**
 * The query of a planned GraphQL body; undefined where a secret could change what the body means: one in the query or the
 * operation's name, or one in the variables that is not escaped for a JSON string.
 */
function queryOf(body: Rendered): string | undefined {
  const text = withPlaceholders(body);
  const { query, operationName } = text === undefined ? {} : membersOf(text);
  if (text === undefined || typeof query !== 'string' || query.includes(SECRET)) return undefined;
  if (operationName !== undefined && (typeof operationName !== 'string' || operationName.includes(SECRET))) {
    return undefined;
  }
  const name = operationName === undefined ? '' : `,"operationName":${JSON.stringify(operationName)}`;
  return endsWithVariables(text, `{"query":${JSON.stringify(query)}${name}`) ? query : undefined;
}

function withPlaceholders(body: Rendered): string | undefined {
  let text = '';
  for (const piece of body) {
    if (piece.kind === 'text') text += piece.text;
    else if (piece.inside === 'json-string') text += JSON.stringify(SECRET).slice(1, -1);
    else return undefined;
  }
  return text;
}

function membersOf(text: string): { readonly query?: unknown; readonly operationName?: unknown } {
  const body = parsed(text);
  return typeof body === 'object' && body !== null ? body : {};
}

// Variables are written as the text that they are: one that ends their object early could add a second "query", and servers
// differ in which of two members they take.
function endsWithVariables(text: string, start: string): boolean {
  if (text === `${start}}`) return true;
  const opening = `${start},"variables":`;
  return text.startsWith(opening) && parsed(text.slice(opening.length, -1)) !== undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
