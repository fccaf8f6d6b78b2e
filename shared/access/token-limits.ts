// Every number of the tokens that callers bring, with its unit in the name.

export const tokenLimits = {
  /** Of a token. What its issuer answers is bounded by `limits.oauthAnswerBytes`. */
  chars: 16 * 1024,
  /** Of who it names. */
  subjectChars: 1_000,
  /** Of one claim that fills a variable. */
  claimChars: 1_000,
  clockToleranceMs: 30_000,
  /** A verified token is not verified again for so long, and so many of them. */
  cacheMs: 60_000,
  cached: 10_000,
  /** Keys of an issuer: how long they are used, how far apart a token with another key, and a failure, has them fetched again. */
  keysMaxAgeMs: 10 * 60_000,
  keysCooldownMs: 30_000,
  keysRetryMs: 5_000,
  keysTimeoutMs: 5_000,
} as const;
