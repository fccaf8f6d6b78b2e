import { failure } from '../../../shared/failure/failure.ts';
import { err } from '../../../shared/failure/result.ts';
import type { Scheme } from './scheme.ts';

/** The courier puts a token in the place of the fields before it has a request signed: one that comes without is not sent. */
export const oauth2: Scheme = () => err(failure('REQUEST/AUTH_INCOMPLETE', { type: 'oauth2', field: 'token' }));
