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
export interface Credentials extends SigningPlace {
  readonly fields: Readonly<Record<string, string>>;
  /** `name=value` of two fields, encoded like every other query parameter of the request. */
  readonly queryPair: (nameField: string, valueField: string) => string;
  /**
   * The request is written to be shown: every secret reads `[redacted]`, so a key of a certain form is none, and what would be
   * computed with one is `[redacted]` as well.
   */
  readonly masked: boolean;
}

/** The same for the request as sent and as shown. */
export interface SigningPlace {
  readonly scheme: 'http' | 'https';
  /** Value of the Host header: without the scheme's default port. */
  readonly host: string;
  /** The port dialled. */
  readonly port: number;
  /** The request asks for its URL to be sent as it is written (disableUrlEncoding). */
  readonly urlAsWritten?: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** So many random bytes; the n-th call of one signing gives the same bytes in the request as sent and as shown. */
  readonly random: (bytes: number) => Uint8Array;
  /** What the server has asked for so far; absent: nothing was sent yet. */
  readonly round?: AuthRound;
}

/** An answer with status 401, to which the same request goes out again. */
export interface AuthRound {
  /** 1 after the first answer. */
  readonly number: number;
  /** Every value of WWW-Authenticate, as the server wrote it. */
  readonly challenges: readonly string[];
  /** The answer's Date header. */
  readonly date?: string;
}

export interface Authorised {
  readonly draft: Draft;
  /** Values derived from the credentials that a server could echo. */
  readonly derived: readonly KnownSecret[];
}

/** Adds one auth type to a request; fails with REQUEST/AUTH_INCOMPLETE where a field is missing, AUTH_INVALID where one is unusable. */
export type Scheme = (draft: Draft, credentials: Credentials) => Result<Authorised>;

/** An auth type as the signer knows it. */
export interface SchemeEntry {
  readonly sign: Scheme;
  /**
   * Of challenge and response: whether the request is to be sent again after this answer. `stated` gives the text of a field, which
   * is empty where it is not stated or holds a secret. Absent: never.
   */
  readonly goesOn?: (round: AuthRound, stated: (field: string) => string) => boolean;
  /** Whether all rounds have to take one connection, which nobody else uses (NTLM). */
  readonly keepsConnection?: true;
}

/** Sets a header in place of every header of that name. */
export function withHeader(draft: Draft, name: string, value: string): Draft {
  const lower = name.toLowerCase();
  const others = draft.headers.filter(([other]) => other.toLowerCase() !== lower);
  return { ...draft, headers: [...others, [name, value]] };
}

/** The value of a header, whatever the case of its name; several are joined as RFC 9110 section 5.3 says. */
export function headerOf({ headers }: Draft, name: string): string | undefined {
  const lower = name.toLowerCase();
  const values = headers.filter(([other]) => other.toLowerCase() === lower).map(([, value]) => value);
  return values.length > 0 ? values.join(', ') : undefined;
}

/** Whether a switch among the fields is on. As in Postman any text is, but not the word for off. */
export function isOn(field: string | undefined): boolean {
  return field !== undefined && field !== '' && field.toLowerCase() !== 'false';
}

/** A text as it stands between the quotes of a quoted-string (RFC 9110 section 5.6.4). */
export function quoted(text: string): string {
  return text.replace(/["\\]/g, '\\$&');
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
