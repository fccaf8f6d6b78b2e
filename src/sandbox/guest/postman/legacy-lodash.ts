// The global `_` of Postman is lodash 3: a copy of the current one with the names that it no longer has. `require('lodash')` is without.
import { lodash } from '../libraries/bundled.ts';

type Lodash = Readonly<Record<string, (...values: unknown[]) => unknown>>;

const renamed: Readonly<Record<string, string>> = {
  all: 'every',
  any: 'some',
  callback: 'iteratee',
  collect: 'map',
  contains: 'includes',
  detect: 'find',
  findWhere: 'find',
  foldl: 'reduce',
  foldr: 'reduceRight',
  include: 'includes',
  indexBy: 'keyBy',
  inject: 'reduce',
  invoke: 'invokeMap',
  methods: 'functions',
  object: 'zipObject',
  padLeft: 'padStart',
  padRight: 'padEnd',
  pairs: 'toPairs',
  pluck: 'map',
  rest: 'tail',
  select: 'filter',
  sortByOrder: 'orderBy',
  trimLeft: 'trimStart',
  trimRight: 'trimEnd',
  trunc: 'truncate',
  unique: 'uniq',
  where: 'filter',
};
/** Those that took a function for what they compare. */
const withIteratee: Readonly<Record<string, string>> = { max: 'maxBy', min: 'minBy', sum: 'sumBy', uniq: 'uniqBy' };

/** Made with the image, not with each run. */
export const legacyLodash = withOlderNames((lodash as { runInContext(): Lodash }).runInContext());

function withOlderNames(copy: Lodash): Lodash {
  const older: Record<string, unknown> = {};
  for (const [name, now] of Object.entries(renamed)) older[name] = copy[now];
  for (const [name, now] of Object.entries(withIteratee)) {
    const plain = copy[name];
    const by = copy[now];
    older[name] = (values: unknown, iteratee?: unknown) =>
      iteratee === undefined ? plain?.(values) : by?.(values, iteratee);
  }
  copy.mixin?.(older);
  return copy;
}
