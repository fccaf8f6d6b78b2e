/** 0 done, 1 the thing asked for failed, 2 used wrongly. */
export const EXIT = { done: 0, failed: 1, usedWrongly: 2 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
