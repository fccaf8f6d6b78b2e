/** All of a secret that ever leaves: where its value stands, never the value. */
export type SecretRef =
  | { readonly kind: 'inline' }
  | { readonly kind: 'handle'; readonly id: string; readonly label?: string };

/** Where in a request a secret may stand. `path` needs the operator's word, the others are allowed unless some are named. */
export const secretPlaces = ['auth', 'header', 'query', 'body', 'cookie', 'path'] as const;
export type SecretPlace = (typeof secretPlaces)[number];

/** Which of the two credentials under one name: the writing one is for unsafe methods only. */
export type SecretTier = 'reading' | 'writing';

/** Where a value comes from: the vault itself, or a place outside that the vault only names. */
export const secretSources = ['value', 'env', 'dotenv', 'vault', 'exec'] as const;
export type SecretSourceKind = (typeof secretSources)[number];

/** What the vault tells about a handle: everything but the value. Times are milliseconds since the epoch. */
export interface HandleInfo {
  readonly id: string;
  readonly name: string;
  readonly label?: string;
  /** Serialised origins (WHATWG): scheme, host and port, such as `https://api.example.com`. */
  readonly origins: readonly string[];
  /** The operator's word that this handle may stand in a path segment. */
  readonly pathAllowed: boolean;
  /** The only places that it may stand in; absent: all but the path. */
  readonly places?: readonly SecretPlace[];
  /** The only methods of requests that it may go with, in capitals; absent: all. */
  readonly methods?: readonly string[];
  /** How often it may be used at most. */
  readonly maxUses?: number;
  /** Absent: `reading`. */
  readonly tier?: SecretTier;
  /** Id of the writing credential under the same name. */
  readonly writingId?: string;
  /** Absent: `value`. */
  readonly source?: SecretSourceKind;
  /** When its value was last changed; absent: never since it was made. */
  readonly rotatedAt?: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt?: number;
  readonly lastUsedAt?: number;
  readonly useCount: number;
}

/** Looks a handle up by its name or id; metadata only. */
export type HandleLookup = (nameOrId: string) => HandleInfo | undefined;
