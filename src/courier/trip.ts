import type { RedactInput } from '../../shared/redact/redact-exchange.ts';
import type { KnownSecret } from '../../shared/redact/scrubber.ts';
import type { PinnedTarget } from '../../shared/stages/stages.ts';
import type { SetCookie } from './exchange-secrets.ts';

/** What has happened so far; the secrets of every hop, because any server may reflect what an earlier one was sent. */
export interface Trip {
  readonly hops: Hop[];
  known: readonly KnownSecret[];
  /** Those that nothing is remembered of: writing credentials, and all that a request with one held. */
  passing: readonly KnownSecret[];
  /** What authorization servers gave for requests to an origin. */
  readonly minted: { readonly origin: string; readonly values: readonly string[] }[];
  /** What scripts computed over secrets, as it was sent to an origin. */
  readonly computed: { readonly origin: string; readonly values: readonly string[] }[];
  cookies: readonly SetCookie[];
  origin: string;
  /** Of the authorization server, while a token is asked for there: what took too long is that. */
  mintingAt?: string | undefined;
}

export interface Hop {
  readonly origin: string;
  readonly target: PinnedTarget;
  /** The request with its secrets masked; the bytes sent are never shown. */
  shown: RedactInput['request'];
  status: number;
  cookies: readonly SetCookie[];
}
