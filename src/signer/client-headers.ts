import type { RequestSettings } from '../../shared/collection/model.ts';
import type { Draft, HeaderPair } from './schemes/scheme.ts';

const USER_AGENT = 'keyward/0.1.0';

/** Methods whose missing body is stated as one of no bytes (RFC 9110 section 8.6). */
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/**
 * The headers that the client sends by itself: those that the request sets or its settings switch off are left out, and Host and
 * Content-Length are always the client's.
 */
export function clientHeaders({ method, headers, body }: Draft, host: string, settings: RequestSettings): HeaderPair[] {
  const defaults: readonly HeaderPair[] = [
    ['User-Agent', USER_AGENT],
    ['Accept', '*/*'],
    ['Accept-Encoding', 'gzip, deflate, br'],
  ];
  const wanted = defaults.filter(
    ([name, value]) => withDefault(headers, name, value, settings).length > headers.length,
  );
  const hasLength = body.length > 0 || METHODS_WITH_BODY.has(method);
  return [...wanted, ['Host', host], ...(hasLength ? [['Content-Length', String(body.length)] as const] : [])];
}

/** The headers with one more, unless a header of that name is there or the settings switch it off. */
export function withDefault(
  headers: readonly HeaderPair[],
  name: string,
  value: string,
  { disabledSystemHeaders = [] }: RequestSettings,
): readonly HeaderPair[] {
  const lower = name.toLowerCase();
  const isSet = headers.some(([other]) => other.toLowerCase() === lower);
  const isOff = disabledSystemHeaders.some((other) => other.toLowerCase() === lower);
  return isSet || isOff ? headers : [...headers, [name, value]];
}
