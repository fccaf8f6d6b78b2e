/**
 * What has to go for `most` to remain: each time the oldest of the group that holds most, so that the many of one push out nobody
 * else's few. `items` are given oldest first; of groups that hold as many, the one goes whose oldest is oldest.
 */
export function overShare<Item>(
  items: readonly Item[],
  most: number,
  groupOf: (item: Item) => string,
): readonly Item[] {
  const over = items.length - most;
  if (over <= 0) return [];
  const groups = new Map<string, Group<Item>>();
  for (const [age, item] of items.entries()) {
    const name = groupOf(item);
    const group = groups.get(name) ?? [];
    group.push({ age, item });
    groups.set(name, group);
  }
  return Array.from({ length: over }, () => largestOf(groups.values()).shift()).flatMap((held) =>
    held ? [held.item] : [],
  );
}

type Group<Item> = { readonly age: number; readonly item: Item }[];

function largestOf<Item>(groups: Iterable<Group<Item>>): Group<Item> {
  let largest: Group<Item> = [];
  for (const group of groups) {
    const more = group.length - largest.length;
    if (more > 0 || (more === 0 && (group[0]?.age ?? 0) < (largest[0]?.age ?? 0))) largest = group;
  }
  return largest;
}
