import { limits } from '../../shared/limits.ts';
import type { Incomplete } from '../../shared/stages/stages.ts';

/** A redacted body, kept so that an agent can read on. There is nothing unredacted in here. */
export interface KeptResponse {
  readonly kind: 'json' | 'text';
  readonly contentType: string;
  readonly text: string;
  /** What HTML reads like. */
  readonly readable?: string;
  /** Why the text is only the beginning of the body. */
  readonly incomplete?: Incomplete;
}

export interface ResponseStore {
  /** Keeps a body for one principal and gives its id; undefined where the body alone is over the store's limit. */
  keep(principalId: string, response: KeptResponse): string | undefined;
  /** Undefined for an id that is unknown, expired, evicted or another principal's: the four look the same. */
  read(principalId: string, id: string): KeptResponse | undefined;
  /** How much is kept; what has expired counts until there is another call. */
  held(): { readonly count: number; readonly bytes: number };
}

interface Slot {
  readonly principalId: string;
  readonly response: KeptResponse;
  readonly bytes: number;
  readonly expiresAt: number;
}

const BYTES_PER_CHAR = 2;

/**
 * Keeps redacted bodies in memory, bounded by count, bytes and time (milliseconds since the epoch). Where there is no room, the
 * oldest of the principal who has the most goes: nobody can push out another's by asking for much.
 */
export function createResponseStore(options: { now: () => number; randomId: () => string }): ResponseStore {
  const slots = new Map<string, Slot>();
  let bytes = 0;

  const drop = (id: string): void => {
    bytes -= slots.get(id)?.bytes ?? 0;
    slots.delete(id);
  };
  const makeRoom = (wanted: number, now: number): void => {
    for (const [id, slot] of slots) if (slot.expiresAt <= now) drop(id);
    while (slots.size >= limits.keptResponses) drop(oldestOfLargest(slots, () => 1));
    while (bytes + wanted > limits.keptResponseBytes) drop(oldestOfLargest(slots, (slot) => slot.bytes));
  };

  return {
    keep(principalId, response) {
      const size = (response.text.length + (response.readable?.length ?? 0)) * BYTES_PER_CHAR;
      if (size > limits.keptResponseBytes) return undefined;
      const now = options.now();
      makeRoom(size, now);
      const id = options.randomId();
      slots.set(id, { principalId, response, bytes: size, expiresAt: now + limits.keptResponseMs });
      bytes += size;
      return id;
    },
    read(principalId, id) {
      const slot = slots.get(id);
      if (slot === undefined || slot.principalId !== principalId) return undefined;
      if (slot.expiresAt > options.now()) return slot.response;
      drop(id);
      return undefined;
    },
    held: () => ({ count: slots.size, bytes }),
  };
}

/** The id of the oldest slot of the principal whose slots weigh the most. */
function oldestOfLargest(slots: ReadonlyMap<string, Slot>, weigh: (slot: Slot) => number): string {
  const weights = new Map<string, number>();
  for (const slot of slots.values()) {
    weights.set(slot.principalId, (weights.get(slot.principalId) ?? 0) + weigh(slot));
  }
  const most = Math.max(...weights.values());
  const oldest = Array.from(slots).find(([, { principalId }]) => weights.get(principalId) === most);
  if (!oldest) throw new Error('the store is over its limits and empty');
  return oldest[0];
}
