import { ok } from '../../../shared/failure/result.ts';
import type { Scheme } from './scheme.ts';

/** No authentication: the request goes as it is written. */
export const none: Scheme = (draft) => ok({ draft, derived: [] });
