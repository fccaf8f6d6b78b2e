// A network belongs to one policy. When a policy takes the place of another, no connection of the old one outlives its calls.

export interface Replaceable {
  /** From now on every connection ends with its calls; what is under way may still go on to further ones. */
  retire(): void;
  /** Whether it holds no connection. */
  isEmpty(): boolean;
  /** Closes every connection; calls under way fail. */
  close(): Promise<void>;
}

export interface Succession {
  /** Puts a network in the place of the one before, which is retired. Those that are over are forgotten. */
  follow(next: Replaceable): void;
  /** Closes all of them. */
  close(): Promise<void>;
}

export function createSuccession(): Succession {
  const retired = new Set<Replaceable>();
  let current: Replaceable | undefined;
  return {
    follow(next) {
      for (const network of retired) if (network.isEmpty()) retired.delete(network);
      current?.retire();
      if (current) retired.add(current);
      current = next;
    },
    async close() {
      const all = [...retired, ...(current ? [current] : [])];
      retired.clear();
      current = undefined;
      await Promise.all(all.map((network) => network.close()));
    },
  };
}
