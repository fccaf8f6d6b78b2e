/** All of a secret that ever leaves: where its value stands, never the value. */
export type SecretRef =
  | { readonly kind: 'inline' }
  | { readonly kind: 'handle'; readonly id: string; readonly label?: string };

/** What the vault tells about a handle: everything but the value. Times are milliseconds since the epoch. */
export interface HandleInfo {
  readonly id: string;
  readonly name: string;
  readonly label?: string;
  /** Serialised origins (WHATWG): scheme, host and port, such as `https://api.example.com`. */
  readonly origins: readonly string[];
  /** The operator's word that this handle may stand in a path segment. */
  readonly pathAllowed: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt?: number;
  readonly lastUsedAt?: number;
  readonly useCount: number;
}

/** Looks a handle up by its name or id; metadata only. */
export type HandleLookup = (nameOrId: string) => HandleInfo | undefined;
