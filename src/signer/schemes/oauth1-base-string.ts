// The signature base string of RFC 5849 section 3.4.1.
import { formPairs, hasForm, type Pair, pairsOf } from './oauth1-places.ts';
import { type Draft, encodeStrict, type SigningPlace, splitTarget } from './scheme.ts';

/** The base string of a request that goes to a place, with the parameters of the protocol but for the signature. */
export function baseString(
  draft: Draft,
  { scheme, host }: Pick<SigningPlace, 'scheme' | 'host'>,
  parameters: readonly Pair[],
): string {
  const [path, query = ''] = splitTarget(draft.target);
  const all = [...pairsOf(query), ...(hasForm(draft) ? formPairs(draft) : []), ...parameters];
  const uri = `${scheme}://${host.toLowerCase()}${path}`;
  return [draft.method.toUpperCase(), uri, normalise(all)].map(encodeStrict).join('&');
}

/** Section 3.4.1.3.2: encoded, then sorted by name and by value in byte order. */
function normalise(pairs: readonly Pair[]): string {
  return pairs
    .map(([name, value]): Pair => [encodeStrict(name), encodeStrict(value)])
    .toSorted((one, other) => compare(one[0], other[0]) || compare(one[1], other[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
