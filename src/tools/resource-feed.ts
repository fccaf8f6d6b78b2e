import type { Collection } from '../../shared/collection/model.ts';
import { limits } from '../../shared/limits.ts';

type ResourceTest = (before: Collection, now: Collection) => boolean;

/** Tells when the collections that a client may see are others than before, or say something else. */
export interface ResourceFeed {
  /**
   * Compares with what was there when last looked at. A collection that was read anew is another object; `isSame` tells
   * whether it shows what it showed before (default: it does not).
   */
  look(visible: readonly Collection[], isSame?: ResourceTest): void;
  /** Calls back after differences: at once, or together where they follow each other fast; gives the function that ends it. */
  onChange(listener: () => void): () => void;
}

export function createResourceFeed(everyMs: number = limits.listChangedEveryMs): ResourceFeed {
  const listeners = new Set<() => void>();
  let seen: readonly Collection[] | undefined;
  let toldAt = -everyMs;
  let timer: NodeJS.Timeout | undefined;
  const tell = (): void => {
    timer = undefined;
    toldAt = performance.now();
    for (const listener of [...listeners]) listener();
  };
  return {
    look(visible, isSame = () => false) {
      const before = seen;
      seen = visible;
      if (before === undefined || areSame(before, visible, isSame) || timer !== undefined) return;
      const wait = toldAt + everyMs - performance.now();
      if (wait <= 0) tell();
      else timer = setTimeout(tell, wait).unref();
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function areSame(before: readonly Collection[], now: readonly Collection[], isSame: ResourceTest): boolean {
  if (before.length !== now.length) return false;
  return before.every((old, at) => {
    const collection = now[at];
    return collection !== undefined && (old === collection || isSame(old, collection));
  });
}
