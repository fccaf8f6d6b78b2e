/**
 * A function that works once for each object and remembers what came of it for as long as the object lives. For objects
 * that do not change, such as a Collection: an edited file gives a new one, and what was derived of the old one goes with it.
 */
export function derived<K extends object, V>(derive: (from: K) => V): (from: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (from) => {
    const found = known.get(from);
    if (found) return found.value;
    const value = derive(from);
    known.set(from, { value });
    return value;
  };
}
