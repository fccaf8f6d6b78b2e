/** A stretch of a searched text or of searched bytes: `start` is in it, `end` is behind it. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
