// Whether a planned request only reads. Judged is what will be sent, so whatever only the signer knows is never a read.
import { isGraphqlQuery } from '../../shared/policy/graphql-operation.ts';
import type { AgentOverrides } from '../../shared/request/overrides.ts';
import { headersNamed } from '../../shared/request/plan-headers.ts';
import { decoded, isSafeRequest, overridesMethod } from '../../shared/request/safe-request.ts';
import { changedTokenFields } from '../../shared/request/token-request.ts';
import type { Plan } from '../../shared/stages/stages.ts';
import { renderedText } from '../../shared/template/render.ts';
import type { Rendered } from '../../shared/template/template.ts';
import type { FoundRequest } from './ports.ts';

/** A safe request, or a GraphQL query that the collection states as one; the POST for a token of either is as the files state it. */
export function readsOnly(found: FoundRequest, plan: Plan, overrides: AgentOverrides): boolean {
  if (changedTokenFields(plan).length > 0) return false;
  return isSafeRequest(plan) || (!overridesMethod(plan) && readsByGraphql(found, plan, overrides));
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

const GRAPHQL_MEMBERS = /^[[\]]*(?:query|operationname|variables|extensions)(?:[[\]\0]|$)/i;

// Servers let such a parameter of the URL win over the body's member.
function namesOperationInUrl({ url, auth }: Plan): boolean {
  const names = url.query.map(({ name }) => renderedText(name ?? []));
  const keyed = auth.type === 'apikey' ? [renderedText(auth.fields.key ?? [])] : [];
  const plain = [...names, ...keyed].map((name) => (name === undefined ? undefined : decoded(name)));
  return plain.some((name) => name === undefined || GRAPHQL_MEMBERS.test(name));
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
