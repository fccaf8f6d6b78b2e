// A request ready to be decided on and delivered: everything rendered, every secret still a piece that only the signer opens.
import type { RequestSettings } from '../collection/model.ts';
import type { Sealed } from '../secret/seal.ts';
import type { Rendered } from '../template/template.ts';

export interface PlanFields {
  readonly requestId: string;
  readonly requestName: string;
  readonly collectionId: string;
  readonly collectionName: string;
  readonly environmentId?: string;
  readonly environmentName?: string;
  readonly method: string;
  readonly url: PlannedUrl;
  readonly headers: readonly PlannedHeader[];
  readonly body: PlannedBody;
  readonly auth: PlannedAuth;
  readonly settings: RequestSettings;
  /**
   * The origin that the files alone give this request, with the chosen environment and before anything the agent
   * supplied; inline secrets go only there. Absent where the files alone give none: then inline secrets go nowhere.
   */
  readonly statedOrigin?: string;
  /** Every inline secret in the request's scope, used or not: the scrubber must know them all. */
  readonly scopeSecrets: readonly Sealed[];
}

/** No secret can stand in scheme, host or port: planRequest fails with SECRET/PLACE_NOT_ALLOWED. */
export interface PlannedUrl {
  readonly scheme: 'http' | 'https';
  /** Punycode host as the WHATWG parser gives it; an IPv6 literal keeps its brackets. */
  readonly host: string;
  /** Empty for the scheme's default port. */
  readonly port: string;
  /** Serialised origin (WHATWG): `https://api.example.com`, `http://localhost:3000`. */
  readonly origin: string;
  /** Starts with "/"; not yet percent-encoded. */
  readonly path: Rendered;
  readonly query: readonly PlannedQuery[];
}

export interface PlannedQuery {
  readonly name: Rendered | null;
  readonly value: Rendered | null;
}

export interface PlannedHeader {
  readonly name: string;
  readonly value: Rendered;
  /** The files' own, in which the agent's variables take part. */
  readonly fromAgent?: true;
}

export type PlannedBody =
  | { readonly kind: 'none' }
  /** `contentType` is the default for the body; a Content-Type header of the request wins. */
  | { readonly kind: 'text'; readonly text: Rendered; readonly contentType?: string }
  | { readonly kind: 'urlencoded'; readonly fields: readonly { readonly name: Rendered; readonly value: Rendered }[] }
  | { readonly kind: 'multipart'; readonly parts: readonly PlannedPart[] }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly contentType?: string };

export type PlannedPart =
  | { readonly kind: 'text'; readonly name: Rendered; readonly value: Rendered; readonly contentType?: string }
  | {
      readonly kind: 'file';
      readonly name: Rendered;
      readonly fileName: string;
      readonly bytes: Uint8Array;
      readonly contentType?: string;
    };

export interface PlannedAuth {
  readonly type: string;
  readonly fields: Readonly<Record<string, Rendered>>;
  /** Names of the fields in which the agent's variables take part. */
  readonly fromAgent?: readonly string[];
  /**
   * Names of OAuth 2 fields whose value is not the one that the files alone give, because the agent's variables take part in
   * it; never one that says where a token is asked for, which planRequest refuses.
   */
  readonly moved?: readonly string[];
}
