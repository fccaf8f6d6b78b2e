import type { AuthTemplate } from '../../collection/model.ts';
import { isObject, type JsonObject, listOr, textOf } from '../../collection/narrow.ts';
import { inheritAuth } from '../postman/auth.ts';
import { entriesOf } from './entries.ts';

export interface AuthPlace {
  readonly from: 'request' | 'folder' | 'collection';
  readonly keys: JsonObject;
}

export interface ReadAuth {
  readonly auth: AuthTemplate;
  readonly notes: readonly string[];
}

const FIRST_OF_SEVERAL = 'Several authentications are stated; the first is used.';

/** The nearest stated auth, nearest place first; `inherit` is the same as none stated, of a list the first counts. */
export function readAuth(places: readonly AuthPlace[]): ReadAuth {
  for (const { from, keys } of places) {
    const [stated, ...others] = statedIn(keys.auth);
    if (!isObject(stated) || textOf(stated.type) === '' || stated.type === 'inherit') continue;
    const auth = inheritAuth([{ from, auth: toVersion2(stated, textOf(stated.type)) }]);
    return { auth, notes: others.length > 0 ? [FIRST_OF_SEVERAL] : [] };
  }
  return { auth: inheritAuth([]), notes: [] };
}

/** One, a list of several, or nothing but the type. */
function statedIn(auth: unknown): readonly unknown[] {
  if (typeof auth === 'string') return [{ type: auth }];
  return isObject(auth) ? [auth] : listOr(auth);
}

function toVersion2(stated: JsonObject, type: string): JsonObject {
  return { [type]: entriesOf(stated.credentials ?? stated[type]), type };
}
