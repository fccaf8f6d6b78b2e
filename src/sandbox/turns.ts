// The order in which those who wait are served: callers take turns, and of one caller's own the deepest is the first, as others wait for it.

export interface Waiting {
  readonly caller: string;
  readonly depth: number;
}

export interface Turns<T extends Waiting> {
  add(waiting: T): void;
  /** False where it does not wait. */
  remove(waiting: T): boolean;
  /** Takes the next of those that may be served now. */
  take(mayServe: (waiting: T) => boolean): T | undefined;
  /** How many of a caller wait. */
  count(caller: string): number;
  /** How many wait in all. */
  size(): number;
  /** Takes everything. */
  clear(): readonly T[];
}

export function createTurns<T extends Waiting>(): Turns<T> {
  /** The caller whose turn is next comes first. */
  const lines = new Map<string, T[]>();
  const remove = (waiting: T): boolean => {
    const line = lines.get(waiting.caller) ?? [];
    const at = line.indexOf(waiting);
    if (at >= 0) line.splice(at, 1);
    if (line.length === 0) lines.delete(waiting.caller);
    return at >= 0;
  };
  return {
    add(waiting) {
      const line = lines.get(waiting.caller);
      if (line) line.push(waiting);
      else lines.set(waiting.caller, [waiting]);
    },
    remove,
    take(mayServe) {
      for (const [caller, line] of lines) {
        const next = deepest(line.filter(mayServe));
        if (!next) continue;
        lines.delete(caller);
        lines.set(caller, line);
        remove(next);
        return next;
      }
      return undefined;
    },
    count: (caller) => lines.get(caller)?.length ?? 0,
    size: () => [...lines.values()].reduce((sum, line) => sum + line.length, 0),
    clear() {
      const all = [...lines.values()].flat();
      lines.clear();
      return all;
    },
  };
}

function deepest<T extends Waiting>(line: readonly T[]): T | undefined {
  const most = Math.max(...line.map(({ depth }) => depth));
  return line.find(({ depth }) => depth === most);
}
