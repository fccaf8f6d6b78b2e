import type { Dialect } from './dialect.ts';
import { postman } from './postman/postman.ts';

/** Every dialect, in the order in which they are asked. */
export const dialects: readonly Dialect[] = [postman];
