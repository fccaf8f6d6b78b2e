// What the HTTP server asks about a call before it reads a byte of its body.
import type { Failure } from '../../shared/failure/failure.ts';
import type { Result } from '../../shared/failure/result.ts';
import type { Principal } from '../../shared/policy/policy.ts';

/** What a call brings as proof; nothing of it goes further than this folder. */
export interface Credentials {
  /** The Authorization header. */
  readonly authorization?: string;
  /** The Cf-Access-Jwt-Assertion header. */
  readonly assertion?: string;
}

export interface Peer {
  /** IP address of the client, behind trusted proxies the one they name; `unix` for a socket of the file system. */
  readonly address: string;
}

export type Authentication =
  | {
      readonly kind: 'caller';
      readonly principal: Principal;
      readonly by: 'key' | 'token' | 'assertion';
      /** What stands before each scope of ours in tokens of this one's issuer. */
      readonly scopePrefix?: string;
    }
  | Refusal;

/** 401: no valid credential, 403: valid and not enough, 429: too many, 503: cannot be told now. */
export interface Refusal {
  readonly kind: 'refused';
  readonly status: 401 | 403 | 429 | 503;
  readonly failure: Failure;
  /** Of 429 and 503. */
  readonly retryAfterSeconds?: number;
  /** Parameters of the Bearer challenge (RFC 6750 section 3), beside the address of the metadata. */
  readonly challenge?: { readonly error?: 'invalid_token' | 'insufficient_scope'; readonly scope?: string };
}

/** One kind of credential. */
export interface Authenticator {
  /** Undefined where the credentials are of another kind. */
  authenticate(credentials: Credentials, peer: Peer): Promise<Authentication | undefined>;
}

/** How much may be called. */
export interface Pace {
  /** Takes a place among the calls under way, to be left again, or says how long to wait. */
  enter(principal: Principal): { readonly kind: 'entered'; leave(bytes: number): void } | Refusal;
  /** For `ExecutionContext.pace`. */
  readonly toOrigin: (origin: string) => Result<void>;
}

/**
 * What becomes of addresses and keys that fail to authenticate again and again. In bounded memory. `claimed` is who the credential says it
 * is for, such as the id of a key, whether there is such a one or not.
 */
export interface Guesses {
  /** A refusal where this may not be tried from there now. */
  before(peer: Peer, claimed: string | undefined): Refusal | undefined;
  /** Takes note of a failure, and gives how long to wait before it is told, or what to answer instead. */
  failed(peer: Peer, claimed: string | undefined): { readonly delayMs: number } | Refusal;
  succeeded(peer: Peer, claimed: string | undefined): void;
  /** How many addresses are remembered for their failures. */
  watched(): number;
}
