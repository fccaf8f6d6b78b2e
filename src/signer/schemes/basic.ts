import { ok } from '../../../shared/failure/result.ts';
import { type Scheme, withHeader } from './scheme.ts';

/** RFC 7617. As in Postman the header is sent even where both fields are empty. */
export const basic: Scheme = (draft, { fields }) => {
  const { username = '', password = '' } = fields;
  const pair = Buffer.from(`${username}:${password}`, 'utf8').toString('base64');
  return ok({ draft: withHeader(draft, 'Authorization', `Basic ${pair}`), derived: [{ id: 'basic', value: pair }] });
};
