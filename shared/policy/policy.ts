// What the operator allows. Defaults are the strict ones; keyward.yaml loosens them only once it is trusted.

import type { Reach } from '../access/reach.ts';
import type { ProviderPolicy } from './provider-policy.ts';
import type { OriginTls, ProxyCredentials } from './transport.ts';

export type AccessLevel = 'hidden' | 'read-only' | 'safe' | 'full';
export type UnsafeApproval = 'ask' | 'deny' | 'allow';

export interface Policy {
  readonly access: {
    readonly default: AccessLevel;
    /** By collection name or id. */
    readonly collections: Readonly<Record<string, AccessLevel>>;
    /** By environment name or id. */
    readonly environments: Readonly<Record<string, AccessLevel>>;
    /**
     * Ids of the collections and environments that were there when the operator trusted the configuration, and that it lists
     * with a level looser than the default. For no other does such a level count: anyone can give a new file a listed name. Those of
     * which the journal keeps less are among them with a mark.
     */
    readonly raised?: readonly string[];
  };
  readonly approvals: { readonly unsafe: UnsafeApproval };
  readonly network: NetworkPolicy;
  readonly limits: PolicyLimits;
  /** `redactHosts`: whether prompts hide the hosts of absolute URLs. */
  readonly prompts: { readonly redactHosts: boolean };
  readonly providers: ProviderPolicy;
  readonly captured: CapturedPolicy;
  /** Whether scripts and assertions of collections are run. */
  readonly scripts: { readonly run: boolean };
  /** `headers`: those that an agent may add to a request, in lower case; one `*` at the end stands for any ending. */
  readonly agent: { readonly headers: readonly string[] };
  readonly journal: JournalPolicy;
  /** What the caller may do at most; absent: nothing narrows. */
  readonly reach?: Reach;
}

export interface PolicyLimits {
  readonly responseBytes: number;
  readonly timeoutMs: number;
  readonly redirects: number;
  /** Of one phase of scripts. */
  readonly scriptMs: number;
}

export type JournalDetail = 'full' | 'minimal';

/** How much the journal keeps of executions. */
export interface JournalPolicy {
  readonly detail: JournalDetail;
  /** By collection name or id. */
  readonly collections: Readonly<Record<string, JournalDetail>>;
}

export interface CapturedPolicy {
  /** Origins whose tokens may go to others beside them. */
  readonly share: readonly { readonly from: string; readonly to: readonly string[] }[];
}

export interface NetworkPolicy {
  /** Exceptions to the address table, by origin (`http://localhost:3000`) or range (`10.1.0.0/16`). Metadata stays denied. */
  readonly allow: readonly string[];
  /** `http://`, `https://` or `socks5://` and host:port of an explicit proxy; the environment's proxy variables are never read. */
  readonly proxy?: string;
  readonly proxyCredentials?: ProxyCredentials;
  /** Origins, hosts and `*.` domains that are reached without the proxy. */
  readonly noProxy?: readonly string[];
  /** PEM texts of additional certificate authorities. */
  readonly ca: readonly string[];
  /** How TLS is spoken with single origins. */
  readonly tls?: readonly OriginTls[];
}

/** A decision carries the rule that made it and the reason to show. */
export interface Decision {
  readonly verdict: 'allow' | 'ask' | 'deny';
  readonly rule: string;
  readonly reason: string;
}

/** Who calls. Over stdio there is one caller, the operator's own client. */
export interface Principal {
  /** Never given to another caller: what is kept for one is found by it. */
  readonly id: string;
  readonly kind: 'stdio' | 'shell' | 'http';
  /** Of a caller over HTTP; absent: all that the policy allows. */
  readonly reach?: Reach;
  readonly about?: CallerFacts;
  /** Variables that the operator fills from claims of callers, by name; undefined where this caller has no such claim. */
  readonly claims?: Readonly<Record<string, string | undefined>>;
}

/** What the journal and the log are told of a caller beside its id. Other people's words but for `keyId` and `address`. */
export interface CallerFacts {
  /** Of the key, or the subject of a token. */
  readonly name: string;
  readonly keyId?: string;
  /** The client as the issuer of the token names it; else its own name and version, as it says. */
  readonly client?: string;
  /** IP address; behind trusted proxies that of the client. */
  readonly address?: string;
}
