// When each key was last used. Written soon after a first use, then once a minute at most for each key, many keys at once, and in a way
// that no call waits for the disk.
import { ok } from '../../shared/failure/result.ts';
import type { State } from '../state/state.ts';

const WRITTEN_EVERY_MS = 60_000;
/** How long uses are gathered before they are written. */
const GATHERED_MS = 1_000;

export interface KeyUses {
  /** Takes note of a use of a key that there is. `at` in ms since the epoch. */
  note(keyId: string, at: number): void;
  /** Writes what was not written yet. */
  close(): void;
}

export function createKeyUses(state: State): KeyUses {
  // Both hold keys of the operator only.
  const pending = new Map<string, number>();
  const writtenAt = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  const isDue = (keyId: string, at: number) =>
    at - (writtenAt.get(keyId) ?? Number.NEGATIVE_INFINITY) >= WRITTEN_EVERY_MS;
  const write = (all: boolean) => {
    clearTimeout(timer);
    timer = undefined;
    const due = [...pending].filter(([keyId, at]) => all || isDue(keyId, at));
    if (due.length === 0) return;
    const result = state.write((sql) => {
      for (const [keyId, at] of due) sql.run(NOTE_USE, keyId, at, keyId);
      return ok(undefined);
    }, 'relaxed');
    // Statistics: what cannot be written waits for the next use.
    if (!result.ok) return;
    for (const [keyId, at] of due) {
      writtenAt.set(keyId, at);
      pending.delete(keyId);
    }
  };
  return {
    note(keyId, at) {
      pending.set(keyId, at);
      if (timer || !isDue(keyId, at)) return;
      timer = setTimeout(() => write(false), GATHERED_MS);
      timer.unref();
    },
    close: () => write(true),
  };
}

// The key may have been removed by another process since.
const NOTE_USE = `INSERT INTO access_use (key_id, last_used_at)
  SELECT ?, ? WHERE EXISTS (SELECT 1 FROM access_key WHERE key_id = ?)
  ON CONFLICT (key_id) DO UPDATE SET last_used_at = max(last_used_at, excluded.last_used_at)`;
