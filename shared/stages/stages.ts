// The lives of one request, each a type that no other can stand in for. A mark function is the only maker of its stage;
// tests/architecture allows each to be imported by one file. Leaving out a step does not compile.
import type { MediaFacts } from '../media/media-facts.ts';
import type { PlanFields } from '../request/plan.ts';
import type { SecretTier } from '../secret/secret-ref.ts';

declare const stage: unique symbol;

interface Stage<Name extends string> {
  readonly [stage]: Name;
}

/** Rendered; every secret is still a reference. Made by shared/request/plan-request.ts. */
export type Plan = PlanFields & Stage<'plan'>;

/** Every handle is bound to the origin and every address was judged. Made by src/courier/admit.ts. */
export type AdmittedPlan = AdmittedFields & Stage<'admitted'>;

export interface AdmittedFields {
  readonly plan: Plan;
  readonly target: PinnedTarget;
  /** `writing` for what policy or the operator allowed although it may change data. */
  readonly tier: SecretTier;
}

/** The one address that this hop may dial. */
export interface PinnedTarget {
  readonly scheme: 'http' | 'https';
  /** Host name for TLS server name, certificate check and the Host header; no brackets. */
  readonly host: string;
  readonly port: number;
  readonly address: string;
  readonly family: 4 | 6;
  /** Whether only an exception of the operator (network.allow) permits the address. */
  readonly exception: boolean;
}

/** The exact bytes to send; holds plaintext secrets and never leaves the courier. Made by src/signer/sign.ts. */
export type SignedRequest = SignedFields & Stage<'signed'>;

export interface SignedFields {
  readonly target: PinnedTarget;
  readonly method: string;
  /** Path and query as sent, percent-encoded, starting with "/". */
  readonly path: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Uint8Array;
  /** Requests of one session take the same connection, which no other request uses; Network.endSession closes it. */
  readonly session?: string;
  /** Answers what came over the session's connection, so it must not take a new one where that is closed. */
  readonly resumes?: true;
  /** What only the connection is given: never a part of the request. */
  readonly dial?: DialSecrets;
}

/** The secrets that a connection is made with. */
export interface DialSecrets {
  /** The same for equal secrets and for no others, and tells nothing of them: it keeps connections apart. */
  readonly id: string;
  /** By the origin that TLS is spoken with: the request's, and that of a proxy. */
  readonly clients: Readonly<Record<string, ClientIdentity>>;
  readonly proxy?: ProxyLogin;
}

/** Certificate and key of this side of a TLS connection: PEM texts, or a PKCS#12 archive in Base64. */
export type ClientIdentity =
  | { readonly cert: string; readonly key: string; readonly passphrase?: string }
  | { readonly pfx: string; readonly passphrase?: string };

export interface ProxyLogin {
  readonly username: string;
  readonly password: string;
}

/** What the server answered, unredacted; never leaves the courier. Made by src/network/send.ts. */
export type RawExchange = RawFields & Stage<'raw'>;

export interface RawFields {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly trailers: readonly (readonly [name: string, value: string])[];
  /** Decoded body (content codings undone), at most the limit. */
  readonly body: Uint8Array;
  /** Content codings that were not undone: the body is opaque bytes, whatever its Content-Type says. */
  readonly undecoded?: string;
  /** Why `body` is only the beginning of what the server sends; absent where it is whole. */
  readonly incomplete?: Incomplete;
  /** Content-Length of a body that is incomplete, where the server gave one and no content coding was undone. */
  readonly announcedBytes?: number;
  /** Header fields and trailers beyond the limit, of which there is no trace in `headers` and `trailers`. */
  readonly headersLeftOut?: number;
  readonly timing: Timing;
}

/** `size`: over the limit of bytes; `time`: not ended in time; `broken`: the connection or the content coding ended early. */
export type Incomplete = 'size' | 'time' | 'broken';

/** Milliseconds. */
export interface Timing {
  readonly totalMs: number;
  readonly firstByteMs: number;
}

/** Safe to show: every known secret and every sensitive field is gone. Made by shared/redact/redact-exchange.ts. */
export type SafeExchange = SafeFields & Stage<'safe'>;

export interface SafeFields {
  readonly request: { readonly method: string; readonly url: string; readonly headers: readonly SafeHeader[] };
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly SafeHeader[];
  /** How many more there were. */
  readonly headersLeftOut?: number;
  readonly body: SafeBody;
  readonly timing: Timing;
  readonly redirects: readonly SafeRedirect[];
  readonly redactions: { readonly count: number; readonly reasons: readonly string[] };
  /** What was taken out of the answer and can be used in later requests; `reference` stands in its place. */
  readonly captured: readonly CapturedRef[];
}

export interface CapturedRef {
  /** What the field or cookie is called. */
  readonly field: string;
  /** `{{captured:access_token_1}}`. */
  readonly reference: string;
}

export interface SafeHeader {
  readonly name: string;
  readonly value: string;
}

export interface SafeRedirect {
  readonly status: number;
  readonly method: string;
  readonly url: string;
}

export interface SafeBody {
  /** `withheld`: over what the redactor looks through. */
  readonly kind: 'json' | 'text' | 'binary' | 'empty' | 'withheld';
  readonly contentType: string;
  /** Size of the decoded body as received. */
  readonly bytes: number;
  /** The whole redacted text; for json the redacted JSON text. Absent for binary, empty and withheld. */
  readonly text?: string;
  /** JSON nested more deeply than limits.valueDepth, which is text to most readers. */
  readonly deep?: true;
  /** Why the text is only the beginning of the body. */
  readonly incomplete?: Incomplete;
  /** How long the whole body was said to be. */
  readonly announcedBytes?: number;
  /** What HTML reads like; `text` is then its source. */
  readonly readable?: string;
  /** The charset that `text` was decoded from, where it is not UTF-8 and the text shows it. */
  readonly charset?: string;
  /** Of a binary body. */
  readonly media?: MediaFacts;
  /** A binary body's bytes, where they were asked for and hold nothing that would be redacted; else why they are not given. */
  readonly base64?: string;
  readonly bytesRefused?: BytesRefusal;
}

/**
 * `size`: too many; `packed`: compressed in a way that is not looked through; `format`: of no format that is, or not to its end; `opaque`:
 * they look compressed or encrypted; `secret`: they hold what would be redacted; `part`: not all of them arrived.
 */
export type BytesRefusal = 'size' | 'packed' | 'format' | 'opaque' | 'secret' | 'part';

export function markPlan(fields: PlanFields): Plan {
  return fields as Plan;
}

export function markAdmitted(fields: AdmittedFields): AdmittedPlan {
  return fields as AdmittedPlan;
}

export function markSigned(fields: SignedFields): SignedRequest {
  return fields as SignedRequest;
}

export function markRaw(fields: RawFields): RawExchange {
  return fields as RawExchange;
}

export function markSafe(fields: SafeFields): SafeExchange {
  return fields as SafeExchange;
}
