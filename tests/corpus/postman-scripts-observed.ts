// What came of the scripts of one request, told alike for both clients.

export interface ObservedTest {
  readonly name: string;
  readonly status: 'passed' | 'failed' | 'skipped';
  readonly message?: string;
}

export interface Observed {
  readonly tests: readonly ObservedTest[];
  /** Name and message of errors that no script caught. */
  readonly errors: readonly string[];
  /** Variables after the scripts, by layer: what a script stored, whatever its type. */
  readonly variables: Readonly<Record<ObservedLayer, Readonly<Record<string, unknown>>>>;
  /** The request after the scripts before it: method, URL, headers, body. */
  readonly request?: readonly string[];
  /** The request that is named to be the next; absent: none was named. */
  readonly next?: string | null;
  readonly skipped: boolean;
  /** How many requests the scripts sent. */
  readonly sends: number;
  readonly unsupported: readonly string[];
}

export const observedLayers = ['environment', 'collection', 'globals', 'local'] as const;
export type ObservedLayer = (typeof observedLayers)[number];
