// Headers of a request with those it inherits. Of one name the innermost and last one is sent, whatever its case.
import type { Field } from '../../collection/model.ts';
import { readField } from './fields.ts';
import { type BruBlock, type BruPair, pairsOf } from './syntax.ts';
import type { Values } from './values.ts';

/**
 * `levels` are the blocks of the collection, the folders and the request, outermost first. Inherited headers that are
 * disabled or overridden are left out; the request's own stay, disabled where a later one of the name takes their place.
 */
export function mergeHeaders(levels: readonly (readonly BruBlock[])[], values: Values): Field[] {
  const own = pairsOf(levels.at(-1) ?? [], 'headers');
  const inherited = levels
    .slice(0, -1)
    .flatMap((blocks) => pairsOf(blocks, 'headers').filter(({ enabled }) => enabled));
  const inOrder = [...inherited, ...own];
  const last = new Map<string, BruPair>();
  for (const pair of inOrder) if (pair.enabled) last.set(pair.name.toLowerCase(), pair);
  const isSent = (pair: BruPair): boolean => pair.enabled && last.get(pair.name.toLowerCase()) === pair;
  return [...inherited.filter(isSent), ...own].map((pair) => readField(pair, isSent(pair), values, values.header));
}
