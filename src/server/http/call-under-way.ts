import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHeaders } from './request-headers.ts';

export interface Incoming {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  /** Aborted when the client goes away, and when the server has waited long enough. */
  readonly stop: AbortSignal;
  /** To be called when a caller was found: the connection may then be kept. */
  readonly met: () => void;
}

/** A request that may go as far as a call. */
export interface CallUnderWay extends Incoming {
  readonly headers: RequestHeaders;
  readonly correlationId: string;
  /** What can be told of it so far. */
  readonly facts: { caller?: string; method?: string; tool?: string; code?: string };
}
