/**
 * Gives what `parse` makes, for as long as the collector leaves it, and parses again after that. Only the text is kept for
 * good: trees of a workspace of thousands of requests would cost several times its size.
 */
export function createReopen<T extends object>(parse: () => T): () => T {
  let held: WeakRef<T> | undefined;
  return () => {
    const alive = held?.deref();
    if (alive) return alive;
    const parsed = parse();
    held = new WeakRef(parsed);
    return parsed;
  };
}
