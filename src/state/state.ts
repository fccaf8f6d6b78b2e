// The embedded database as the capabilities see it: transactions in, Results out. Only open-state.ts touches the driver.
import type { Result } from '../../shared/failure/result.ts';

/** The driver aborts the process on a boolean; the type keeps booleans out. */
export type SqlValue = string | number | Uint8Array | null;
export type Row = Readonly<Record<string, unknown>>;

/** Statements of one transaction; prepared once per text. */
export interface Sql {
  one(text: string, ...values: SqlValue[]): Row | undefined;
  all(text: string, ...values: SqlValue[]): readonly Row[];
  /** Gives the number of changed rows. */
  run(text: string, ...values: SqlValue[]): number;
}

/** `durable` survives a power cut once it returned; `relaxed` survives a crash of this process, at a tenth of the cost. */
export type Durability = 'durable' | 'relaxed';

/** Failures of every method: INTERNAL/STATE_UNAVAILABLE with SQLite's code as the reason, CONFIG/HOME_UNSAFE. */
export interface State {
  /** The data folder: absolute, owned by this user, closed to others. */
  readonly home: string;
  /** One consistent view of the database. */
  read<T>(work: (sql: Sql) => Result<T>): Result<T>;
  /** One transaction, alone among all processes; a failure that `work` returns undoes it. */
  write<T>(work: (sql: Sql) => Result<T>, durability: Durability): Result<T>;
  /** A text that changes whenever another connection committed anything. Costs microseconds. */
  mark(): Result<string>;
  close(): void;
}

/** A database error on its way to a Result; `reason` is SQLite's code and never its message. */
export class StateError extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.name = 'StateError';
    this.reason = reason;
  }
}
