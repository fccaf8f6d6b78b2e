/** What the operator is told of a note of trust that does not verify. */
export const UNVERIFIED =
  'the note that it was trusted does not verify, so it is not trusted: the database was changed by other means, or trust.key was lost';
