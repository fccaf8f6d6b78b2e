import { failure } from '../../../shared/failure/failure.ts';
import { err, ok } from '../../../shared/failure/result.ts';
import { type Draft, encodeStrict, type Scheme, withHeader, withQuery } from './scheme.ts';

/**
 * A key in a header (the default), a query parameter or a cookie, in place of what stands there under that name. As in Postman
 * nothing is sent where name and value are both empty.
 */
export const apiKey: Scheme = (draft, { fields, queryPair }) => {
  const { key = '', value = '', in: place = 'header' } = fields;
  if (key === '' && value === '') return ok({ draft, derived: [] });
  if (key === '') return err(failure('REQUEST/AUTH_INCOMPLETE', { type: 'apikey', field: 'key' }));
  if (place === 'query') return ok({ draft: withQuery(draft, [key], [queryPair('key', 'value')]), derived: [] });
  if (place !== 'cookie') return ok({ draft: withHeader(draft, key, value), derived: [] });
  const text = cookieText(value);
  const cookies = [...otherCookies(draft, key), `${key}=${text}`];
  return ok({ draft: withHeader(draft, 'Cookie', cookies.join('; ')), derived: [{ id: 'cookie', value: text }] });
};

function otherCookies({ headers }: Draft, name: string): string[] {
  const stated = headers.filter(([header]) => header.toLowerCase() === 'cookie').map(([, value]) => value);
  const pairs = stated.flatMap((value) => value.split(';').map((pair) => pair.trim()));
  return pairs.filter((pair) => pair !== '' && pair.split('=', 1)[0] !== name);
}

// RFC 6265 section 4.1.1: what no cookie-octet is. Servers take the rest as it is, so that encoding it would change the key.
const NO_COOKIE_OCTET = /[^\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]+/g;

function cookieText(value: string): string {
  return value.replace(NO_COOKIE_OCTET, encodeStrict);
}
