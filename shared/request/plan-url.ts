// A URL is assembled from its template, rendered, and only then split, as Postman does: a variable may hold several parts.
// Secrets stand as NUL while it is split, and claims of the caller as U+0001, so that no character of them can act as a delimiter.

import type { Field, UrlTemplate } from '../collection/model.ts';
import { type Failure, failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';
import { CAPTURED_PREFIX, CAPTURED_REFERENCE } from '../secret/captured-name.ts';
import { renderTemplate, type Scope } from '../template/render.ts';
import type { Piece, Rendered, SecretPiece, Template, TemplatePart } from '../template/template.ts';
import { judgeName, misplacedSecret } from './misplaced-secret.ts';
import { parseUrl } from './parse-url.ts';
import { encodeComponent } from './percent-encode.ts';
import type { PlannedQuery, PlannedUrl } from './plan.ts';
import { secretsOf } from './secret-pieces.ts';

const SECRET = '\0';
const CLAIM = '\u0001';

/** What stands as one character while a URL is split. */
type Held = SecretPiece | ClaimPiece;
type ClaimPiece = Extract<Piece, { kind: 'text' }> & { readonly claim: string };

/**
 * Plans the URL of a request. Failures: those of rendering; REQUEST/URL_INVALID; NETWORK/SCHEME_DENIED; INPUT/INVALID for an
 * agent's value that would drop a secret; SECRET/PLACE_NOT_ALLOWED for a secret before the path, and in the path for a
 * handle without the operator's word; TEMPLATE/CLAIM_MISPLACED for a claim that does not stand in path or query, or not in those of https.
 */
export function planUrl(url: UrlTemplate, scope: Scope): Result<PlannedUrl> {
  const rendered = renderUrl(url, scope);
  if (!rendered.ok) return rendered;
  const split = splitUrl(flatten(rendered.value));
  if (!split.ok) return split;
  const held = rendered.value.filter(isHeld);
  const [claim] = held.filter(isClaim);
  if (claim) {
    const problem = misplacedClaim(split.value);
    if (problem !== undefined) return err(claimMisplaced(claim, problem));
  }
  const origin = planOrigin(split.value);
  if (!origin.ok) return origin;
  const path = restore(split.value.path, held);
  const misplaced = secretsOf(path).find((leaf) => leaf.kind === 'handle' && !scope.handles(leaf.id)?.pathAllowed);
  if (misplaced) return misplacedSecret(misplaced, 'path');
  const query = planQuery(split.value.query, held);
  for (const { name } of query) {
    const judged = judgeName(name, 'name of a query parameter');
    if (!judged.ok) return judged;
  }
  // What is left over stood behind a "#".
  const cutOff = held.find(isClaim);
  if (cutOff) return err(claimMisplaced(cutOff, 'it stands behind a "#"'));
  if (held.length > 0 && hasAgentValues(scope)) return err(failure('INPUT/INVALID', { problem: CUT_OFF }));
  return ok({ ...origin.value, path, query });
}

const CUT_OFF = 'a value has a "#" that would cut off a saved query parameter with a secret';

/** The first claim in a planned URL. */
export function claimIn({ path, query }: PlannedUrl): ClaimPiece | undefined {
  return [...path, ...query.flatMap(({ name, value }) => [...(name ?? []), ...(value ?? [])])].find(isClaim);
}

/** Whether a claim stands in a path. */
export function hasClaim(rendered: Rendered): boolean {
  return rendered.some(isClaim);
}

export function claimMisplaced({ claim }: ClaimPiece, problem: string): Failure {
  return failure('TEMPLATE/CLAIM_MISPLACED', { name: claim, problem });
}

function misplacedClaim({ scheme, authority }: SplitUrl): string | undefined {
  if (`${scheme}${authority}`.includes(CLAIM)) return 'it is a part of the scheme, the host or the port';
  return scheme === 'https' ? undefined : 'the URL is not https';
}

function isClaim(piece: Piece): piece is ClaimPiece {
  return piece.kind === 'text' && piece.claim !== undefined;
}

function isHeld(piece: Piece): piece is Held {
  return piece.kind !== 'text' || piece.claim !== undefined;
}

/** Beside a claim the agent's values are data of one part: with a delimiter they would move it, or put another in its place. */
function renderUrl(url: UrlTemplate, scope: Scope): Result<Rendered> {
  const template = [...fillPath(url, scope), ...queryTemplate(url)];
  const inUrl: Scope = { ...scope, takesClaims: true };
  const rendered = renderTemplate(template, inUrl);
  if (!rendered.ok || !rendered.value.some(isClaim) || !hasAgentValues(scope)) return rendered;
  return renderTemplate(template, {
    ...inUrl,
    find(name) {
      const found = scope.find(name);
      return found?.layer === 'agent' ? { ...found, text: encodeAround(found.text) } : found;
    },
  });
}

/** What refers to something captured stays a reference. */
function encodeAround(text: string): string {
  const between = text.split(new RegExp(CAPTURED_REFERENCE.source)).filter((_, index) => index % 2 === 0);
  const references = text.match(CAPTURED_REFERENCE) ?? [];
  return between.map((plain, index) => encodeComponent(plain) + (references[index] ?? '')).join('');
}

function hasAgentValues(scope: Scope): boolean {
  return [...scope.names()].some((name) => scope.find(name)?.layer === 'agent');
}

/**
 * The origin that the address has in a scope. Undefined where it has none: not an http(s) URL, or something before the
 * path is missing or secret. What is missing after the host does not matter.
 */
export function originOf(url: UrlTemplate, scope: Scope): string | undefined {
  const texts = fillPath(url, scope).map((part) => {
    const rendered = renderTemplate([part], scope);
    return rendered.ok ? flatten(rendered.value) : SECRET;
  });
  const split = splitUrl(texts.join(''));
  const origin = split.ok ? planOrigin(split.value) : split;
  return origin.ok ? origin.value.origin : undefined;
}

/**
 * Splits a query at "&" and the first "=", as Postman does: an empty parameter has neither name nor value. Takes what is held in it from
 * the front of `held`.
 */
export function planQuery(query: string | undefined, held: Held[]): PlannedQuery[] {
  if (query === undefined) return [];
  return query.split('&').map((parameter, index, all) => {
    if (parameter === '' && index < all.length - 1) return { name: null, value: null };
    const equals = parameter.indexOf('=');
    if (equals < 0) return { name: restore(parameter, held), value: null };
    return { name: restore(parameter.slice(0, equals), held), value: restore(parameter.slice(equals + 1), held) };
  });
}

// `/:name` and `/:name.suffix`, never the host behind `://`; a name that runs into a reference is another name.
const PATH_VARIABLE = /(?<!:\/)\/:([^/.?#]+)(?=([/.?#])|$)/g;

function fillPath(url: UrlTemplate, scope: Scope): Template {
  const values = new Map(url.pathVariables.map((field) => [nameOf(field), field.value]));
  return url.address.flatMap((part, index): Template => {
    if (part.kind !== 'text') return [part];
    const isLast = index === url.address.length - 1;
    return fillText(part.text, isLast, (name) => pathValue(name, values.get(name), scope));
  });
}

function fillText(text: string, isLast: boolean, lookUp: (name: string) => Template): Template {
  const parts: TemplatePart[] = [];
  let done = 0;
  for (const match of text.matchAll(PATH_VARIABLE)) {
    const runsOn = match[2] === undefined && !isLast;
    const value = runsOn ? [] : lookUp(match[1] ?? '');
    if (value.length === 0) continue;
    parts.push({ kind: 'text', text: text.slice(done, match.index + 1) }, ...value);
    done = match.index + match[0].length;
  }
  parts.push({ kind: 'text', text: text.slice(done) });
  return parts;
}

// The agent's value is one segment, whatever characters it has, also for a `:name` that the file only has in its address; so is a claim.
// Where there is no value the segment stays `:name`.
function pathValue(name: string, value: Template | undefined, scope: Scope): Template {
  const found = scope.find(name);
  if (found?.layer !== 'agent' && found?.layer !== 'claim') return value ?? [];
  // Captured, it is refused there as a piece; encoded it would be a text that means nothing to the server.
  const stays = found.layer === 'claim' || found.text.includes(CAPTURED_OPENING);
  return stays
    ? [{ kind: 'reference', name: [{ kind: 'text', text: name }] }]
    : [{ kind: 'text', text: encodeComponent(found.text) }];
}

const CAPTURED_OPENING = `{{${CAPTURED_PREFIX}`;

function nameOf(field: Field): string {
  return field.name.map((part) => (part.kind === 'text' ? part.text : '')).join('');
}

function queryTemplate({ query }: UrlTemplate): Template {
  const enabled = query.filter((field) => field.enabled);
  return enabled.flatMap(({ name, value }, index) => [
    { kind: 'text', text: index === 0 ? '?' : '&' } as const,
    ...escapeDelimiters(name ?? [], /[&#=]/g),
    ...(value === null ? [] : [{ kind: 'text', text: '=' } as const, ...escapeDelimiters(value, /[&#]/g)]),
  ]);
}

// A "&" that stands in a parameter's field belongs to it; one that comes from a variable separates parameters.
function escapeDelimiters(template: Template, delimiters: RegExp): Template {
  return template.map((part) =>
    part.kind === 'text' ? { kind: 'text', text: part.text.replace(delimiters, encodeComponent) } : part,
  );
}

function flatten(rendered: Rendered): string {
  return rendered.map(flatPiece).join('');
}

function flatPiece(piece: Piece): string {
  if (piece.kind !== 'text') return SECRET;
  return piece.claim === undefined ? piece.text.replaceAll(SECRET, '%00').replaceAll(CLAIM, '%01') : CLAIM;
}

/** Takes the secrets and the claims that stand in `text` from the front of `held`. */
function restore(text: string, held: Held[]): Rendered {
  return text.split(EITHER).flatMap((plain, index) => {
    const piece = index > 0 ? held.shift() : undefined;
    return [...(piece ? [planned(piece)] : []), ...(plain === '' ? [] : [{ kind: 'text', text: plain } as const])];
  });
}

const EITHER = new RegExp(`[${SECRET}${CLAIM}]`);

/** Encoded here because the writer keeps every %XX that it finds. */
function planned(piece: Held): Piece {
  return isClaim(piece) ? { ...piece, text: encodeComponent(piece.text) } : piece;
}

interface SplitUrl {
  readonly scheme: string;
  readonly authority: string;
  readonly path: string;
  readonly query?: string;
}

// A host with its port needs no scheme; what the WHATWG parser would take for one is neither a host nor guessed at.
const BARE_SCHEME = /^(?:https?:|[a-z][a-z\d+.-]*:(?!\d))/i;

// The order of postman-url-encoder's parser: fragment, query, scheme, then the path from the first "/".
function splitUrl(url: string): Result<SplitUrl> {
  if (url.length > limits.urlChars) return invalid(`it is longer than ${limits.urlChars} characters`);
  const [whole = ''] = url.trimStart().split('#', 1);
  const queryAt = whole.indexOf('?');
  const address = queryAt < 0 ? whole : whole.slice(0, queryAt);
  if (address.includes('\\')) return invalid('it has a backslash');
  const schemeEnd = address.indexOf('://');
  if (schemeEnd < 0 && BARE_SCHEME.test(address)) return invalid('it has a scheme without "//"');
  const rest = schemeEnd < 0 ? address : address.slice(schemeEnd + 3).replace(/^\/+/, '');
  const pathAt = rest.indexOf('/');
  return ok({
    scheme: schemeEnd < 0 ? 'http' : address.slice(0, schemeEnd).toLowerCase(),
    authority: pathAt < 0 ? rest : rest.slice(0, pathAt),
    path: pathAt < 0 ? '/' : rest.slice(pathAt),
    ...(queryAt >= 0 && { query: whole.slice(queryAt + 1) }),
  });
}

// Everything that the WHATWG parser would repair or decode in a host is refused, so that what is judged is what was written.
const AUTHORITY = /^[^\s\p{Cc}@\\%<>^|"`{}]+$/u;

function planOrigin({ scheme, authority }: SplitUrl): Result<Pick<PlannedUrl, 'scheme' | 'host' | 'port' | 'origin'>> {
  if (`${scheme}${authority}`.includes(SECRET)) {
    return err(failure('SECRET/PLACE_NOT_ALLOWED', { secret: 'A secret', place: 'scheme, host or port' }));
  }
  if (scheme !== 'http' && scheme !== 'https') return err(failure('NETWORK/SCHEME_DENIED', { scheme }));
  if (authority === '') return invalid('it has no host');
  if (authority.includes('@')) return invalid('it has user information before the host; use basic auth instead');
  const parsed = AUTHORITY.test(authority) ? parseUrl(`${scheme}://${authority}/`) : undefined;
  if (parsed === undefined) return invalid('its host or port is not valid');
  const { hostname, port, origin } = parsed;
  return ok({ scheme, host: hostname, port, origin });
}

function invalid(problem: string): Result<never> {
  return err(failure('REQUEST/URL_INVALID', { problem }));
}
