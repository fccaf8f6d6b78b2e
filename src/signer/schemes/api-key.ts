import { failure } from '../../../shared/failure/failure.ts';
import { err, ok } from '../../../shared/failure/result.ts';
import { encodeStrict, type Scheme, withHeader, withQuery } from './scheme.ts';

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
  const cookies = draft.headers.filter(([name]) => name.toLowerCase() === 'cookie').map(([, text]) => text);
  const cookie = `${key}=${encodeStrict(value)}`;
  return ok({
    draft: withHeader(draft, 'Cookie', [...cookies, cookie].join('; ')),
    derived: [{ id: 'cookie', value: encodeStrict(value) }],
  });
};
