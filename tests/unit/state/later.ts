/** A clock by which the files of a test are old enough to be remembered. */
export const later = () => Date.now() + 3_600_000;
