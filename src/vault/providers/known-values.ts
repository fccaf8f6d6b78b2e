// What handles that point outward were worth when they were last used, for the scrubber: a server can repeat a value for as long as
// it likes, also one that is not kept for sending any more.
import { limits } from '../../../shared/limits.ts';

export interface KnownValues {
  note(handleId: string, value: string): void;
  /** The latest first. */
  of(handleId: string): readonly string[];
  /** Changes whenever a value is new. */
  revision(): number;
  clear(): void;
}

export function createKnownValues(): KnownValues {
  // Insertion order is order of last use.
  const values = new Map<string, readonly string[]>();
  let revision = 0;
  return {
    note(handleId, value) {
      const known = values.get(handleId) ?? [];
      values.delete(handleId);
      values.set(
        handleId,
        [value, ...known.filter((other) => other !== value)].slice(0, limits.providerValuesOfHandle),
      );
      if (!known.includes(value)) revision += 1;
      const [oldest] = values.keys();
      if (values.size > limits.providerHandles && oldest !== undefined) values.delete(oldest);
    },
    of: (handleId) => values.get(handleId) ?? [],
    revision: () => revision,
    clear: () => values.clear(),
  };
}
