// Where a secret may go. An origin is scheme, host and port (RFC 6454 as the WHATWG URL standard serialises it); nothing looser binds.

import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { parseUrl } from '../request/parse-url.ts';

const MAX_ORIGIN_CHARS = 2_048;
/** What can be dialled, after the WHATWG parser: that one also lets "%2a" decode to "*" and braces stand. */
const HOST = /^(?:\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)$/;

/**
 * Reads an origin as an operator types it and gives its one serialised form: lower case, punycode, no default port, no
 * trailing dot. Refused with SECRET/INVALID: anything but http and https, user info, a path, query or fragment, wildcards.
 */
export function parseOrigin(text: string): Result<string> {
  const trimmed = text.trim();
  if (trimmed.length > MAX_ORIGIN_CHARS) return invalid('it is too long');
  // The WHATWG parser repairs these silently; an origin that needs repair is not what the operator meant.
  if (/[\s\\*\p{Cc}]/u.test(trimmed)) return invalid('it has a wildcard, a backslash or white space');
  const written = /^(https?):\/\/([^/?#]*)(\/?)$/i.exec(trimmed);
  if (!written) return invalid('write scheme, host and port only, such as https://api.example.com');
  if (written[2]?.includes('@')) return invalid('it has user info');
  const url = parseUrl(trimmed);
  if (url === undefined) return invalid('it is not a URL');
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  if (!HOST.test(url.hostname)) return invalid('it has no usable host');
  return ok(url.origin);
}

/** Reads all of them, sorted and without repeats. Failure: SECRET/INVALID, also where there is none. */
export function parseOrigins(texts: readonly string[]): Result<readonly string[]> {
  const origins = new Set<string>();
  for (const text of texts) {
    const origin = parseOrigin(text);
    if (!origin.ok) return origin;
    origins.add(origin.value);
  }
  if (origins.size === 0)
    return err(failure('SECRET/INVALID', { problem: 'it needs at least one origin to be bound to' }));
  return ok([...origins].sort());
}

/** Whether a handle bound to `origins` may go to `origin`. An origin that does not parse is bound to nothing. */
export function originAllowed(origins: readonly string[], origin: string): boolean {
  return origins.includes(origin) || boundToOrigin(origin)(origins);
}

/** The same for many handles and one origin. */
export function boundToOrigin(origin: string): (origins: readonly string[]) => boolean {
  const parsed = parseOrigin(origin);
  const spelled = parsed.ok ? parsed.value : origin;
  return (origins) => origins.includes(origin) || origins.includes(spelled);
}

// The text is not repeated: what is typed in the wrong place can be a secret.
function invalid(problem: string): Result<never> {
  return err(failure('SECRET/INVALID', { problem: `an origin is not usable: ${problem}` }));
}
