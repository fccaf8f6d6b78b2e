import { ok } from '../../../shared/failure/result.ts';
import { type Scheme, withHeader } from './scheme.ts';

/**
 * RFC 6750 section 2.1; `prefix` is another word in the place of `Bearer`, and an empty one none at all. As in Postman an empty
 * token sends no header; a handle is never empty.
 */
export const bearer: Scheme = (draft, { fields }) => {
  const { token = '', prefix = 'Bearer' } = fields;
  if (token === '') return ok({ draft, derived: [] });
  const word = prefix.trim();
  const credentials = word === '' ? token : `${word} ${token}`;
  return ok({ draft: withHeader(draft, 'Authorization', credentials), derived: [] });
};
