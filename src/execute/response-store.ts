import { limits } from '../../shared/limits.ts';

/** A redacted body, kept so that an agent can read on. There is nothing unredacted in here. */
export interface KeptResponse {
  readonly kind: 'json' | 'text';
  readonly contentType: string;
  readonly text: string;
}

export interface ResponseStore {
  /** Keeps a body for one principal and gives its id; undefined where the body alone is over the store's limit. */
  keep(principalId: string, response: KeptResponse): string | undefined;
  /** Undefined for an id that is unknown, expired, evicted or another principal's: the four look the same. */
  read(principalId: string, id: string): KeptResponse | undefined;
}

interface Slot {
  readonly principalId: string;
  readonly response: KeptResponse;
  readonly bytes: number;
  readonly expiresAt: number;
}

const BYTES_PER_CHAR = 2;

/** Keeps redacted bodies in memory, oldest out first, bounded by count, bytes and time (milliseconds since the epoch). */
export function createResponseStore(options: { now: () => number; randomId: () => string }): ResponseStore {
  const slots = new Map<string, Slot>();
  let bytes = 0;

  const drop = (id: string, slot: Slot): void => {
    slots.delete(id);
    bytes -= slot.bytes;
  };
  const makeRoom = (wanted: number, now: number): void => {
    for (const [id, slot] of slots) {
      const full = slots.size >= limits.keptResponses || bytes + wanted > limits.keptResponseBytes;
      if (full || slot.expiresAt <= now) drop(id, slot);
    }
  };

  return {
    keep(principalId, response) {
      const size = response.text.length * BYTES_PER_CHAR;
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
      drop(id, slot);
      return undefined;
    },
  };
}
