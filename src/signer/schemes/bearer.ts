import { ok } from '../../../shared/failure/result.ts';
import { type Scheme, withHeader } from './scheme.ts';

/** RFC 6750 section 2.1. As in Postman an empty token sends no header; a handle is never empty. */
export const bearer: Scheme = (draft, { fields }) => {
  const { token = '' } = fields;
  return ok({ draft: token === '' ? draft : withHeader(draft, 'Authorization', `Bearer ${token}`), derived: [] });
};
