import { failure } from '../../../shared/failure/failure.ts';
import { err, ok } from '../../../shared/failure/result.ts';
import { isOn, type Scheme, withHeader } from './scheme.ts';

/**
 * RFC 7617, in UTF-8 (section 2.1) or with Insomnia's useISO88591 in Latin-1. As in Postman the header is sent even where both
 * fields are empty. Failure: REQUEST/AUTH_INVALID where Latin-1 has not all of their characters.
 */
export const basic: Scheme = (draft, { fields }) => {
  const { username = '', password = '', useISO88591 } = fields;
  const text = `${username}:${password}`;
  if (isOn(useISO88591) && /[^\0-\xff]/.test(text)) return err(failure('REQUEST/AUTH_INVALID', BEYOND_LATIN_1));
  const pair = Buffer.from(text, isOn(useISO88591) ? 'latin1' : 'utf8').toString('base64');
  return ok({ draft: withHeader(draft, 'Authorization', `Basic ${pair}`), derived: [{ id: 'basic', value: pair }] });
};

const BEYOND_LATIN_1 = { type: 'basic', problem: 'its user name or password has characters that ISO-8859-1 lacks' };
