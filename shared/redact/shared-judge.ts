import { createNameMatcher } from './names.ts';

/** Judges names; one for the process, because a verdict depends on the name alone and what is remembered is bounded. */
export const sharedJudge = createNameMatcher();
