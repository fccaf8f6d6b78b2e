// How often and when each handle was used. Statistics: written at most every few seconds, so that a call does not wait for them.
import { ok } from '../../shared/failure/result.ts';
import { columnList, integerIn, textIn } from '../state/columns.ts';
import type { State } from '../state/state.ts';

const FLUSH_EVERY_MS = 5_000;

export interface HandleUse {
  readonly uses: number;
  /** Milliseconds since the epoch. */
  readonly lastUsedAt: number;
}

export class UseCounts {
  readonly #state: State;
  readonly #pending = new Map<string, HandleUse>();
  #flushedAt = Number.NEGATIVE_INFINITY;

  constructor(state: State) {
    this.#state = state;
  }

  /** Counts one use at the time given. */
  note(id: string, at: number): void {
    this.#pending.set(id, { uses: (this.#pending.get(id)?.uses ?? 0) + 1, lastUsedAt: at });
    if (at - this.#flushedAt < FLUSH_EVERY_MS) return;
    this.#flushedAt = at;
    this.flush();
  }

  /** Writes what is pending; what cannot be written now stays pending. */
  flush(): void {
    if (this.#pending.size === 0) return;
    const written = this.#state.write((sql) => {
      for (const [id, { uses, lastUsedAt }] of this.#pending) sql.run(ADD_USES, id, uses, lastUsedAt, id);
      return ok(undefined);
    }, 'relaxed');
    if (written.ok) this.#pending.clear();
  }

  /** By handle id, pending ones included. */
  all(): ReadonlyMap<string, HandleUse> {
    const counts = new Map(this.#pending);
    // Statistics that cannot be read are left out; they must not stand in the way of a call.
    this.#state.read((sql) => {
      for (const row of sql.all(`SELECT ${COLUMNS} FROM handle_use`)) {
        const id = textIn(row, 'handle_id');
        const pending = counts.get(id);
        const lastUsedAt = Math.max(integerIn(row, 'last_used_at'), pending?.lastUsedAt ?? 0);
        counts.set(id, { uses: integerIn(row, 'uses') + (pending?.uses ?? 0), lastUsedAt });
      }
      return ok(undefined);
    });
    return counts;
  }
}

const COLUMNS = columnList({ handle_id: 'text', uses: 'integer', last_used_at: 'integer' });

// The handle may have been deleted by another process since.
const ADD_USES = `INSERT INTO handle_use (handle_id, uses, last_used_at)
  SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM handle WHERE id = ?)
  ON CONFLICT (handle_id) DO UPDATE SET
    uses = uses + excluded.uses, last_used_at = max(last_used_at, excluded.last_used_at)`;
