// What a redirect may take along. To another origin nothing goes that a secret touched, and no credential; Referer is never
// sent, because it would carry the URL's secrets. The next hop is admitted anew like the first.

import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';
import { isSafeMethod } from '../policy/decide.ts';
import { isSensitiveName } from '../redact/names.ts';
import type { Plan } from '../stages/stages.ts';
import { renderedText } from '../template/render.ts';
import { hasSecret } from './overrides.ts';
import { parseUrl } from './parse-url.ts';
import type { PlannedBody, PlannedHeader, PlannedUrl } from './plan.ts';
import { replan } from './plan-request.ts';
import { planQuery } from './plan-url.ts';
import { bodyHasSecret } from './secret-pieces.ts';

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Whether a response of this status names another place to go on at (RFC 9110 15.4). */
export function isRedirect(status: number): boolean {
  return redirectStatuses.has(status);
}

/**
 * The plan of the next hop. 301, 302 and 303 go on with GET (HEAD stays), without a body, unless the request keeps its
 * method (followOriginalHttpMethod); 307 and 308 keep method and body. To another origin go no auth, no Authorization, no
 * Cookie, no header with a secret or under a sensitive name. Failure: NETWORK/REDIRECT_DENIED: https to http, a malformed target,
 * user info in it, or a method that may change data or a body with a secret that would have to go to another origin.
 */
export function nextHop(plan: Plan, status: number, location: string): Result<Plan> {
  const target = resolveTarget(plan.url, location);
  if (!target.ok) return target;
  const url = target.value;
  if (plan.url.scheme === 'https' && url.scheme === 'http') return denied('it leads from https to http');
  const keeps = keepsMethod(plan, status);
  const method = keeps ? plan.method : 'GET';
  const crosses = url.origin !== plan.url.origin;
  // What was decided and approved named the first origin: no other gets a request that may change data.
  if (crosses && !isSafeMethod(method)) return denied(`${method} would go on to another origin`);
  const body: PlannedBody = keeps ? plan.body : { kind: 'none' };
  if (crosses && bodyHasSecret(body)) return denied('the body holds a secret and the target is another origin');
  const kept = plan.headers.filter((header) => (keeps || !isContentHeader(header)) && !(crosses && isPrivate(header)));
  return ok(
    replan(plan, {
      method,
      url,
      headers: kept.filter(({ name }) => name.toLowerCase() !== 'referer'),
      body,
      auth: crosses ? { type: 'none', fields: {} } : plan.auth,
    }),
  );
}

function keepsMethod({ method, settings }: Plan, status: number): boolean {
  if (status === 307 || status === 308) return true;
  return method === 'HEAD' || method === 'GET' || settings.followOriginalHttpMethod === true;
}

const privateHeaders: ReadonlySet<string> = new Set(['authorization', 'cookie', 'cookie2', 'proxy-authorization']);

function isPrivate({ name, value }: PlannedHeader): boolean {
  return privateHeaders.has(name.toLowerCase()) || isSensitiveName(name) || hasSecret(value);
}

// RFC 9110 15.4: without the body its description goes too.
function isContentHeader({ name }: PlannedHeader): boolean {
  return /^content-(?:type|encoding|language|location|length|disposition|md5)$|^digest$|^content-digest$/i.test(name);
}

// The Location is parsed once, by the WHATWG parser, and what it gives is what is judged and dialled.
function resolveTarget(from: PlannedUrl, location: string): Result<PlannedUrl> {
  if (location.length > limits.urlChars) return denied('its target is too long');
  if (/[\p{Cc}\\]/u.test(location)) return denied('its target is malformed');
  const base = baseOf(from, location);
  if (base === undefined) return denied('its target is relative to a path that holds a secret');
  const target = parseUrl(location, base);
  if (target === undefined) return denied('its target is malformed');
  const { protocol, username, password, hostname, port, origin, pathname, search } = target;
  if (protocol !== 'http:' && protocol !== 'https:') return denied('its target is neither http nor https');
  if (username !== '' || password !== '') return denied('its target has user information');
  return ok({
    scheme: protocol === 'https:' ? 'https' : 'http',
    host: hostname,
    port,
    origin,
    path: [{ kind: 'text', text: pathname }],
    query: search === '' ? [] : planQuery(search.slice(1), []),
  });
}

function baseOf(from: PlannedUrl, location: string): string | undefined {
  const isPathRelative = !/^(?:[a-z][a-z0-9+.-]*:|\/)/i.test(location);
  const path = isPathRelative ? renderedText(from.path) : '/';
  return path === undefined ? undefined : from.origin + path;
}

function denied(reason: string): Result<never> {
  return err(failure('NETWORK/REDIRECT_DENIED', { reason }));
}
