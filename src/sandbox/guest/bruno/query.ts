// Paths over a body, as Bruno's `res('orders.items[0].amount')` reads them: names, `..` for any depth, `[0]`, and `[?]` for a function
// or an object of wanted values that is given beside the path.
import { called } from './given.ts';

/** What stands at the path; undefined where nothing does. Throws where a `[?]` has no function or object. */
export function query(source: unknown, path: string, ...finders: readonly unknown[]): unknown {
  const tokens = path
    .replace(/\s+/g, '')
    .split(/(\.{1,2}|\[\?\]|\[\d+\])/)
    .filter((token) => token !== '')
    .map((token) => token.replace(/[[\]]/g, ''));
  let found = source;
  let before = '';
  let finder = 0;
  for (const token of tokens) {
    if (found === null || found === undefined) return found;
    if (token === '?') {
      found = pick(found, finders[finder++], before);
    } else if (/^\d/.test(token)) {
      found = flatten(memberOf(found, String(Number.parseInt(token, 10))));
    } else if (token !== '.' && token !== '..') {
      found = valueUnder(found, token, before === '..');
    }
    before = token;
  }
  return found;
}

function valueUnder(source: unknown, name: string, isDeep: boolean): unknown {
  if (typeof source !== 'object' || source === null) return undefined;
  if (Array.isArray(source)) return flatten(source.map((item) => valueUnder(item, name, isDeep)));
  const own = memberOf(source, name);
  if (!isDeep) return flatten(own);
  const below = Object.entries(source)
    .filter(([key, item]) => key !== name && typeof item === 'object')
    .map(([, item]) => valueUnder(item, name, true));
  return flatten([own, ...below]);
}

function memberOf(source: unknown, name: string): unknown {
  return typeof source === 'object' && source !== null
    ? Object.getOwnPropertyDescriptor(source, name)?.value
    : undefined;
}

/** A list without its nesting and its gaps; undefined where nothing is left. */
function flatten(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const flat = value.flatMap((item: unknown): readonly unknown[] => {
    const inner = flatten(item);
    if (inner === null || inner === undefined) return [];
    return Array.isArray(inner) ? inner : [inner];
  });
  return flat.length > 0 ? flat : undefined;
}

function pick(source: unknown, finder: unknown, before: string): unknown {
  if (finder === null || finder === undefined) throw new Error(`missing function for ${before}`);
  const items: readonly unknown[] = Array.isArray(source) ? source : [source];
  const picked = items.flatMap((item): readonly unknown[] => {
    if (item === null || item === undefined) return [];
    const answer = typeof finder === 'function' ? called(finder, item) : hasAll(item, finder);
    if (answer === true) return [item];
    return answer === null || answer === undefined || answer === false ? [] : [answer];
  });
  return flatten(Array.isArray(source) ? picked : picked[0]);
}

function hasAll(item: unknown, wanted: unknown): boolean {
  if (typeof wanted !== 'object' || wanted === null) return false;
  return Object.entries(wanted).every(([name, value]) => memberOf(item, name) === value);
}
