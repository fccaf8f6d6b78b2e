import type { Collection } from '../../shared/collection/model.ts';

/** Tells when the collections that a client may see are others than before, or say something else. */
export interface ResourceFeed {
  /** Compares with what was there when last looked at: a collection that was read anew is another object. */
  look(visible: readonly Collection[]): void;
  /** Calls back after each difference; gives the function that ends it. */
  onChange(listener: () => void): () => void;
}

export function createResourceFeed(): ResourceFeed {
  const listeners = new Set<() => void>();
  let seen: readonly Collection[] | undefined;
  return {
    look(visible) {
      const before = seen;
      seen = visible;
      if (before === undefined || isSame(before, visible)) return;
      for (const listener of [...listeners]) listener();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function isSame(before: readonly Collection[], now: readonly Collection[]): boolean {
  return before.length === now.length && before.every((collection, at) => collection === now[at]);
}
