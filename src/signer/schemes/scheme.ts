import type { Result } from '../../../shared/failure/result.ts';
import type { KnownSecret } from '../../../shared/redact/scrubber.ts';

export type HeaderPair = readonly [name: string, value: string];

/** A request as written so far; the client's own headers follow after the scheme, so that they are not signed. */
export interface Draft {
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly target: string;
  readonly headers: readonly HeaderPair[];
  readonly body: Uint8Array;
}

/** What a scheme works with: its fields with every secret opened. */
export interface Credentials {
  readonly fields: Readonly<Record<string, string>>;
  /** `name=value` of two fields, encoded like every other query parameter of the request. */
  readonly queryPair: (nameField: string, valueField: string) => string;
  /** Value of the Host header. */
  readonly host: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Authorised {
  readonly draft: Draft;
  /** Values derived from the credentials that a server could echo. */
  readonly derived: readonly KnownSecret[];
}

/** Adds one auth type to a request; fails with REQUEST/AUTH_INCOMPLETE where a field is missing. */
export type Scheme = (draft: Draft, credentials: Credentials) => Result<Authorised>;

/** Sets a header in place of every header of that name. */
export function withHeader(draft: Draft, name: string, value: string): Draft {
  const lower = name.toLowerCase();
  const others = draft.headers.filter(([other]) => other.toLowerCase() !== lower);
  return { ...draft, headers: [...others, [name, value]] };
}

/** Removes every query parameter of the names given, compared in their decoded form, and appends encoded `name=value` pairs. */
export function withQuery(draft: Draft, names: readonly string[], added: readonly string[]): Draft {
  const [path, query] = splitTarget(draft.target);
  const pairs = query === undefined ? [] : query.split('&');
  const kept = pairs.filter((pair) => !names.includes(nameOf(pair)));
  if (kept.length === pairs.length && added.length === 0) return draft;
  const all = [...kept, ...added];
  return { ...draft, target: all.length > 0 ? `${path}?${all.join('&')}` : path };
}

/** Path and query (undefined where there is none) of a request target. */
export function splitTarget(target: string): readonly [path: string, query: string | undefined] {
  const at = target.indexOf('?');
  return at < 0 ? [target, undefined] : [target.slice(0, at), target.slice(at + 1)];
}

/** Percent-encodes all but the unreserved characters of RFC 3986. */
export function encodeStrict(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd')).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Undoes percent-encoding; text that is not validly encoded stays as it is. */
export function decodeLoosely(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function nameOf(pair: string): string {
  const [name = ''] = pair.split('=', 1);
  return decodeLoosely(name);
}
