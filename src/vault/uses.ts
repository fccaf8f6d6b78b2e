// How often and when each handle was used. Statistics: written at most every few seconds, so that a call does not wait for them;
// but for a handle that may be used so often only, whose every use is on disk before its value is given.
import { ok, type Result } from '../../shared/failure/result.ts';
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
  #known: { readonly mark: string; readonly counts: ReadonlyMap<string, HandleUse> } | undefined;

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

  /** Counts one use at once, alone among all processes. False where there were `most` of them already. */
  take(id: string, most: number, at: number): Result<boolean> {
    this.#known = undefined;
    const pending = this.#pending.get(id);
    const taken = this.#state.write((sql) => {
      if (pending) sql.run(ADD_USES, id, pending.uses, pending.lastUsedAt, id);
      return ok(sql.run(TAKE_USE, id, at, id, most, most) > 0);
    }, 'durable');
    if (taken.ok) this.#pending.delete(id);
    return taken;
  }

  /** Of a handle that counts anew because it has another value. */
  forget(id: string): void {
    this.#pending.delete(id);
    this.#known = undefined;
  }

  /** Of one handle, pending ones included. */
  of(id: string): HandleUse | undefined {
    return joined(this.#written().get(id), this.#pending.get(id));
  }

  /** Writes what is pending; what cannot be written now stays pending. */
  flush(): void {
    if (this.#pending.size === 0) return;
    this.#known = undefined;
    const written = this.#state.write((sql) => {
      for (const [id, { uses, lastUsedAt }] of this.#pending) sql.run(ADD_USES, id, uses, lastUsedAt, id);
      return ok(undefined);
    }, 'relaxed');
    if (written.ok) this.#pending.clear();
  }

  /** By handle id, pending ones included. */
  all(): ReadonlyMap<string, HandleUse> {
    const counts = new Map(this.#written());
    for (const [id, pending] of this.#pending) counts.set(id, joined(counts.get(id), pending) ?? pending);
    return counts;
  }

  /** What the database holds; read again only after a write of this process or a commit of another. */
  #written(): ReadonlyMap<string, HandleUse> {
    const mark = this.#state.mark();
    if (mark.ok && this.#known?.mark === mark.value) return this.#known.counts;
    const counts = new Map<string, HandleUse>();
    // Statistics that cannot be read are left out; they must not stand in the way of a call.
    const read = this.#state.read((sql) => {
      for (const row of sql.all(`SELECT ${COLUMNS} FROM handle_use`)) {
        counts.set(textIn(row, 'handle_id'), {
          uses: integerIn(row, 'uses'),
          lastUsedAt: integerIn(row, 'last_used_at'),
        });
      }
      return ok(undefined);
    });
    this.#known = mark.ok && read.ok ? { mark: mark.value, counts } : undefined;
    return counts;
  }
}

function joined(one: HandleUse | undefined, other: HandleUse | undefined): HandleUse | undefined {
  if (!one || !other) return one ?? other;
  return { uses: one.uses + other.uses, lastUsedAt: Math.max(one.lastUsedAt, other.lastUsedAt) };
}

const COLUMNS = columnList({ handle_id: 'text', uses: 'integer', last_used_at: 'integer' });

// The handle may have been deleted by another process since.
const ADD_USES = `INSERT INTO handle_use (handle_id, uses, last_used_at)
  SELECT ?, ?, ? WHERE EXISTS (SELECT 1 FROM handle WHERE id = ?)
  ON CONFLICT (handle_id) DO UPDATE SET
    uses = uses + excluded.uses, last_used_at = max(last_used_at, excluded.last_used_at)`;

// An upsert that its condition holds back changes no row.
const TAKE_USE = `INSERT INTO handle_use (handle_id, uses, last_used_at)
  SELECT ?, 1, ? WHERE EXISTS (SELECT 1 FROM handle WHERE id = ?) AND ? > 0
  ON CONFLICT (handle_id) DO UPDATE SET uses = uses + 1, last_used_at = max(last_used_at, excluded.last_used_at)
    WHERE uses < ?`;
