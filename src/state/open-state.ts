// The one connection to the embedded database, and the only file that touches its driver.
import { closeSync, constants, openSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { Database as Connection, Statement } from 'libsql';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { sqliteCode, systemCode } from './error-code.ts';
import { checkPrivateFile, openHome } from './home.ts';
import { migrations } from './migrations.ts';
import { type Durability, type Row, type Sql, type SqlValue, type State, StateError } from './state.ts';

const DATABASE_FILE = 'keyward.db';
const BUSY_TIMEOUT_MS = 5_000;

/**
 * Opens the state in the data folder, making both where they are missing: folder 0700, database 0600, write-ahead log,
 * schema brought forward. Failures: CONFIG/HOME_UNSAFE; INTERNAL/STATE_UNAVAILABLE with SQLite's code as the reason.
 */
export function openState(home: string): Result<State> {
  const state = createState(home);
  const opened = state.read(() => ok(undefined));
  return opened.ok ? ok(state) : opened;
}

/** The same state, opened at its first use, so that starting up does not wait for it. A failed opening is tried again. */
export function createState(home: string): State {
  return new LazyState(resolve(home), openDatabase);
}

/** A state that is in this process's memory alone and ends with it; `home` is what it says of itself. */
export function createMemoryState(home: string): State {
  return new LazyState(resolve(home), openMemory);
}

class LazyState implements State {
  readonly home: string;
  readonly #make: (home: string) => Result<OpenDatabase>;
  #open: OpenDatabase | undefined;
  #closed = false;

  constructor(home: string, make: (home: string) => Result<OpenDatabase>) {
    this.home = home;
    this.#make = make;
  }

  read<T>(work: (sql: Sql) => Result<T>): Result<T> {
    return this.#with((database) => database.transact('BEGIN', work));
  }

  write<T>(work: (sql: Sql) => Result<T>, durability: Durability): Result<T> {
    return this.#with((database) => {
      database.run(durability === 'durable' ? 'PRAGMA synchronous = FULL' : 'PRAGMA synchronous = NORMAL');
      return database.transact('BEGIN IMMEDIATE', work);
    });
  }

  mark(): Result<string> {
    return this.#with((database) => {
      // data_version counts the commits of every connection but this one.
      const version = database.one('PRAGMA data_version')?.data_version;
      return ok(String(version));
    });
  }

  close(): void {
    this.#closed = true;
    this.#open?.close();
    this.#open = undefined;
  }

  #with<T>(work: (database: OpenDatabase) => Result<T>): Result<T> {
    if (this.#closed) return unavailable('closed');
    try {
      if (!this.#open) {
        const opened = this.#make(this.home);
        if (!opened.ok) return opened;
        this.#open = opened.value;
      }
      return work(this.#open);
    } catch (error) {
      if (error instanceof StateError) return unavailable(error.reason);
      throw error;
    }
  }
}

class OpenDatabase implements Sql {
  readonly #connection: Connection;
  readonly #statements = new Map<string, Statement<unknown[]>>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  one(text: string, ...values: SqlValue[]): Row | undefined {
    return attempt(() => this.#prepare(text).get(values)) as Row | undefined;
  }

  all(text: string, ...values: SqlValue[]): readonly Row[] {
    return attempt(() => this.#prepare(text).all(values)) as readonly Row[];
  }

  run(text: string, ...values: SqlValue[]): number {
    return attempt(() => this.#prepare(text).run(values)).changes;
  }

  script(text: string): void {
    attempt(() => this.#connection.exec(text));
  }

  transact<T>(begin: 'BEGIN' | 'BEGIN IMMEDIATE', work: (sql: Sql) => Result<T>): Result<T> {
    this.run(begin);
    let outcome: Result<T> | undefined;
    try {
      outcome = work(this);
      if (outcome.ok) this.run('COMMIT');
      return outcome;
    } finally {
      // After a full disk SQLite may have rolled back by itself; a second ROLLBACK would hide the first error.
      if (this.#connection.inTransaction) this.run('ROLLBACK');
    }
  }

  close(): void {
    try {
      this.run('PRAGMA wal_checkpoint(PASSIVE)');
      this.#connection.close();
    } catch {
      // Everything committed is in the log already; the next opening reads it from there.
    }
  }

  #prepare(text: string): Statement<unknown[]> {
    let statement = this.#statements.get(text);
    if (!statement) {
      statement = this.#connection.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }
}

function openDatabase(home: string): Result<OpenDatabase> {
  const safe = openHome(home);
  if (!safe.ok) return safe;
  const file = join(home, DATABASE_FILE);
  const made = makeDatabaseFile(file);
  if (!made.ok) return made;
  const database = new OpenDatabase(attempt(() => connect(file)));
  enableWal(database);
  return prepare(database);
}

function openMemory(): Result<OpenDatabase> {
  const database = new OpenDatabase(attempt(() => connect(':memory:')));
  database.script('PRAGMA temp_store = MEMORY');
  return prepare(database);
}

function prepare(database: OpenDatabase): Result<OpenDatabase> {
  database.script('PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF');
  return migrate(database);
}

// Loaded at the first opening: the driver costs 25 ms that a start-up must not pay.
function connect(file: string): Connection {
  const driver = createRequire(import.meta.url)('libsql') as typeof import('libsql');
  return new driver(file, { timeout: BUSY_TIMEOUT_MS });
}

function makeDatabaseFile(file: string): Result<void> {
  const found = checkPrivateFile(file);
  if (!found.ok) return found;
  // A database file is never opened and closed beside the driver: closing drops the driver's POSIX locks in this process.
  if (found.value === 'present') return ok(undefined);
  try {
    closeSync(openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL, 0o600));
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') return unavailable(systemCode(error));
  }
  return ok(undefined);
}

// SQLite does not wait on its busy timeout while two processes switch a new file to WAL at once.
function enableWal(database: OpenDatabase): void {
  const deadline = Date.now() + BUSY_TIMEOUT_MS;
  for (;;) {
    try {
      if (database.one('PRAGMA journal_mode = WAL')?.journal_mode === 'wal') return;
      throw new StateError('no write-ahead log on this file system');
    } catch (error) {
      if (!(error instanceof StateError) || !error.reason.startsWith('SQLITE_BUSY') || Date.now() > deadline)
        throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function migrate(database: OpenDatabase): Result<OpenDatabase> {
  const version = () => Number(database.one('PRAGMA user_version')?.user_version);
  if (version() === migrations.length) return ok(database);
  return database.transact('BEGIN IMMEDIATE', () => {
    // Read again: another process may have migrated while this one waited for the lock.
    const from = version();
    if (from > migrations.length) return unavailable('made by a newer version of Keyward');
    for (const step of migrations.slice(from)) database.script(step);
    database.script(`PRAGMA user_version = ${migrations.length}`);
    return ok(database);
  });
}

function attempt<T>(operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw new StateError(sqliteCode(error));
  }
}

function unavailable(reason: string): Result<never> {
  return err(failure('INTERNAL/STATE_UNAVAILABLE', { reason }));
}
