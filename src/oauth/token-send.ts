import type { Result } from '../../shared/failure/result.ts';

/** A request to an endpoint of an authorization server, always a POST of a form. */
export interface TokenPost {
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export interface TokenReply {
  readonly status: number;
  readonly contentType: string;
  /** Milliseconds since the epoch, from its Date header. */
  readonly serverTime?: number;
  readonly body: Uint8Array;
}

/** The one way out: the courier sends it like any request. Failures: its own. */
export type SendPost = (post: TokenPost) => Promise<Result<TokenReply>>;
