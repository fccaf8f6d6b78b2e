import { members } from '../../collection/json-place.ts';
import { type JsonToken, skipValue } from '../../collection/json-tokens.ts';
import type { Look } from '../look.ts';

const POSTMAN_FILE = /\.postman_(?:collection|environment|globals)(?:\.json)?$/i;

/**
 * Looks at the top-level keys only, and stops at the first that decides: a collection has `item` or a Postman `info`,
 * an environment has `values`, version 1 has `requests` with `order` or `folders`, and either may be wrapped.
 */
export function looksLikePostman(look: Look): boolean {
  const { text, file } = look;
  if (POSTMAN_FILE.test(file)) return true;
  let requests = false;
  let order = false;
  for (const { name, value } of look.members()) {
    if (isTelling(text, name, value)) return true;
    requests ||= name === 'requests' && value.kind === '[';
    order ||= (name === 'order' || name === 'folders') && value.kind === '[';
    if (requests && order) return true;
  }
  return false;
}

function isTelling(text: string, name: string, value: JsonToken): boolean {
  switch (name) {
    case 'item':
    case 'values':
      return value.kind === '[';
    case 'info':
      return isPostmanInfo(text, value);
    case 'collection':
    case 'environment':
    case 'globals':
      return isWrapped(text, value);
    default:
      return false;
  }
}

const POSTMAN_INFO = /"_postman_id"|schema\.(?:get)?postman\.com/;

function isPostmanInfo(text: string, value: JsonToken): boolean {
  if (value.kind !== '{') return false;
  return POSTMAN_INFO.test(text.slice(value.start, skipValue(text, value) ?? text.length));
}

function isWrapped(text: string, value: JsonToken): boolean {
  for (const inner of members(text, value)) {
    if ((inner.name === 'item' || inner.name === 'values') && inner.value.kind === '[') return true;
    if (inner.name === 'info' && isPostmanInfo(text, inner.value)) return true;
  }
  return false;
}
