// What is asked of a request before a byte of its body is read, in this order: well-formed header, Host, Origin, path, query,
// method, transfer coding, expectation. Pure; who calls is asked after it.
import { failure } from '../../../shared/failure/failure.ts';
import { corsHeaders, isAllowedOrigin, preflightHeaders } from './cors.ts';
import { type HttpRefusal, notAccepted } from './refusal.ts';
import { type RequestHeaders, readHeaders } from './request-headers.ts';
import { isAllowedHost, parseTarget } from './request-target.ts';

export interface GateRules {
  /** Names that the Host header may have. */
  readonly hosts: readonly string[];
  /** Serialised origins of pages that may call. */
  readonly origins: readonly string[];
  /** The paths served, and the methods of each. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
}

export interface GateInput {
  readonly method: string;
  readonly target: string;
  readonly rawHeaders: readonly string[];
}

export type GateVerdict =
  | { readonly kind: 'passed'; readonly path: string; readonly headers: RequestHeaders; readonly cors: Cors }
  | { readonly kind: 'preflight'; readonly cors: Cors }
  | HttpRefusal;

const EXPECTED = '100-continue';

type Cors = Readonly<Record<string, string>>;

/** Whether a request may go on. Refuses with 400, 403, 404, 405, 417 and 501. */
export function passGate({ method, target: text, rawHeaders }: GateInput, rules: GateRules): GateVerdict {
  const headers = readHeaders(rawHeaders);
  if ('problem' in headers) return notAccepted(400, headers.problem);
  const target = parseTarget(text);
  if (!target) return notAccepted(400, 'a request target of another form than a path');
  const named = [headers.get('host'), ...(target.authority === undefined ? [] : [target.authority])];
  if (headers.get('host') === undefined) return notAccepted(400, 'no Host header');
  if (!named.every((host) => isAllowedHost(host, rules.hosts))) return forbidden('ACCESS/HOST_DENIED');
  if (!isAllowedOrigin(headers.get('origin'), rules.origins)) return forbidden('ACCESS/ORIGIN_DENIED');
  const cors = corsHeaders(headers);
  return withHeaders(passPath({ method, ...target }, headers, cors, rules), cors);
}

function passPath(
  { method, path, hasQuery }: { readonly method: string; readonly path: string; readonly hasQuery: boolean },
  headers: RequestHeaders,
  cors: Cors,
  { paths }: GateRules,
): GateVerdict {
  const methods = paths.get(path);
  if (!methods) return notAccepted(404, 'there is nothing at this path');
  if (hasQuery) return notAccepted(400, 'a query; credentials and arguments go elsewhere');
  const allow = methods.join(', ');
  const preflight = preflightHeaders(method, headers, allow);
  if (preflight) return { kind: 'preflight', cors: { ...cors, ...preflight } };
  if (!methods.includes(method)) return notAccepted(405, 'another method', { headers: { Allow: allow } });
  // RFC 9112 section 6.1: what else it was packed in would be taken for the body itself.
  if ((headers.get('transfer-encoding') ?? 'chunked').toLowerCase() !== 'chunked') {
    return notAccepted(501, 'a transfer coding other than chunked');
  }
  if ((headers.get('expect') ?? EXPECTED).toLowerCase() !== EXPECTED) return notAccepted(417, 'another expectation');
  return { kind: 'passed', path, headers, cors };
}

function withHeaders(verdict: GateVerdict, headers: Cors): GateVerdict {
  return verdict.kind === 'refused' ? { ...verdict, headers: { ...verdict.headers, ...headers } } : verdict;
}

function forbidden(code: 'ACCESS/HOST_DENIED' | 'ACCESS/ORIGIN_DENIED'): HttpRefusal {
  return { kind: 'refused', status: 403, failure: failure(code) };
}
