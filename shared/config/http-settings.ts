// What the operator sets for serving over HTTP, as read from http.yaml and the environment; everything has a value.
import type { Reach } from '../access/reach.ts';

export interface HttpSettings {
  readonly listen: Listen;
  /** Where /healthz, /readyz and /metrics are served; absent: nowhere. */
  readonly monitor?: Address;
  /** Names that the Host header may have, lower-case, without a port; loopback names are added where the server listens on loopback. */
  readonly hosts: readonly string[];
  /** Serialised origins of pages that may call; none by default. */
  readonly origins: readonly string[];
  /** Canonical URI of the endpoint, for the audience of tokens and for metadata. */
  readonly publicUrl?: string;
  /** PEM texts. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** CIDR ranges whose forwarded header counts; `unix` for whoever reaches the socket that is listened on. */
  readonly trustedProxies: readonly string[];
  /** The header that these proxies write; the other one comes from clients. */
  readonly forwardedBy: 'x-forwarded-for' | 'forwarded';
  readonly oauth: readonly IssuerSettings[];
  readonly cloudflareAccess?: CloudflareAccessSettings;
  /** Name of a variable → path of the claim that fills it, such as `org.id`. */
  readonly claims: Readonly<Record<string, string>>;
  readonly limits: HttpLimits;
  /** Who is asked where a client can ask a person itself. */
  readonly approvalsBy: 'client' | 'operator';
  /** How long a call waits for the operator, in milliseconds; 0: no operator is asked. */
  readonly approvalWaitMs: number;
  readonly journal: {
    /** Entries older than this are removed while serving; absent: none are. */
    readonly keepMs?: number;
    /** How often a signed checkpoint is written, in milliseconds; 0: never. */
    readonly checkpointEveryMs: number;
  };
}

export type Listen = Address | { readonly socket: string };

export interface Address {
  /** Name or IP address, without brackets. */
  readonly host: string;
  readonly port: number;
}

export interface IssuerSettings {
  /** Exactly as in the token. */
  readonly issuer: string;
  /** Default: `publicUrl`. */
  readonly audience: readonly string[];
  readonly algorithms: readonly string[];
  /** Default: as the metadata of the issuer say. */
  readonly jwksUri?: string;
  /** Path of the claim with the scopes, a text of words or a list. */
  readonly scopeClaim: string;
  /** What stands before each scope of ours, such as `keyward:`. */
  readonly scopePrefix: string;
  /** What a token without that claim may do; absent: nothing. */
  readonly granted?: Reach;
  /** What no token of this issuer goes beyond. */
  readonly most?: Reach;
}

export interface CloudflareAccessSettings {
  /** Such as `https://team.cloudflareaccess.com`. */
  readonly team: string;
  readonly audience: string;
  readonly granted: Reach;
}

export interface HttpLimits {
  /** Of a message, in bytes. */
  readonly bodyBytes: number;
  readonly perKey: RateSettings;
  readonly perCaller: RateSettings;
  readonly global: RateSettings;
  /** Requests to one origin, of all callers. */
  readonly perOrigin: { readonly perMinute: number };
  readonly connections: number;
  /** Of those of one address, on which no caller was found. */
  readonly connectionsPerAddress: number;
  /** How long calls under way have at the end, in milliseconds. */
  readonly drainMs: number;
}

export interface RateSettings {
  readonly perMinute: number;
  readonly concurrent: number;
  /** Of messages in and answers out. */
  readonly bytesPerMinute: number;
}
