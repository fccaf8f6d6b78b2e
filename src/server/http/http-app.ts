import type { HttpSettings } from '../../../shared/config/http-settings.ts';
import type { TrustedProxies } from '../../access/client-address.ts';
import type { Access } from '../../access/create-access.ts';
import type { ToolboxOptions } from '../../tools/toolbox.ts';
import type { OperatorApprovals } from '../call-scope.ts';
import type { Watch } from './watch.ts';

/** Everything that serving over HTTP needs. */
export interface HttpApp extends ToolboxOptions {
  readonly version: string;
  /** At least 32 random bytes, made at each start; seals what approvals send through the client. */
  readonly sealingKey: Uint8Array;
  readonly settings: Pick<HttpSettings, 'listen' | 'hosts' | 'origins' | 'tls' | 'limits'> &
    Partial<Pick<HttpSettings, 'approvalsBy'>>;
  readonly access: Pick<Access, 'authenticate' | 'pace'>;
  readonly proxies: TrustedProxies;
  readonly times: HttpTimes;
  readonly operator?: OperatorApprovals;
  /** The metadata of RFC 9728; absent: tokens are not accepted. */
  readonly metadata?: ResourceMetadata;
  /** What counts is around the toolbox and the server. */
  readonly watch?: Watch;
  /** Told of each call once it was answered or given up. */
  readonly onCall?: (call: CallFacts) => void;
  /** Told of protocol errors of a client. */
  readonly onProtocolError?: (error: unknown) => void;
  /** Told, not more than once a minute, how many connections were closed since then because there were too many. */
  readonly onCrowd?: (closed: number) => void;
  /** Ends the serving: what begins later is refused. */
  readonly signal: AbortSignal;
}

export interface ResourceMetadata {
  /** Where it is served, for challenges. */
  readonly url: string;
  /** JSON. */
  readonly document: object;
}

/** How long things may take, in milliseconds. */
export interface HttpTimes {
  readonly headMs: number;
  readonly bodyMs: number;
  readonly idleMs: number;
  readonly stallMs: number;
  readonly keepAliveMs: number;
  readonly checkMs: number;
}

/** What is told of a call: nothing that other people wrote, and no names but those of our own tools. */
export interface CallFacts {
  readonly correlationId: string;
  /** Absent: the client went away before it was answered. */
  readonly status?: number;
  readonly ms: number;
  /** Of the protocol, where it is one of its methods. */
  readonly method?: string;
  readonly tool?: string;
  /** Id of the principal; absent: none was found. */
  readonly caller?: string;
  /** Why it was refused. */
  readonly code?: string;
}
