// The journal's tables: rows in, rows out.
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { CHAIN_START, type ChainHash, type ChainLink, headHash } from '../../shared/journal/chain.ts';
import type { JournalEntry, JournalEvent } from '../../shared/journal/event.ts';
import { columnList, integerIn, lossyTextIn, textIn } from '../state/columns.ts';
import type { Row, Sql } from '../state/state.ts';

export interface JournalRow extends ChainLink {
  readonly hash: string;
  /** The hash of the entry before, or the chain's start; undefined where that entry is missing. */
  readonly previous: string | undefined;
}

export interface Head {
  readonly seq: number;
  readonly hash: string;
}

const PREVIOUS =
  '(SELECT CAST(before.hash AS BLOB) FROM journal AS before WHERE before.seq = journal.seq - 1) AS previous';
const COLUMNS = `${columnList({ seq: 'integer', at: 'integer', event: 'text', hash: 'text' }, 'journal')}, ${PREVIOUS}`;
const TYPE = "json_extract(event, '$.type')";

/** Entries behind `after`, in order. */
export function readRows(sql: Sql, after: number, limit: number): readonly JournalRow[] {
  return sql
    .all(`SELECT ${COLUMNS} FROM journal WHERE journal.seq > ? ORDER BY journal.seq LIMIT ?`, after, limit)
    .map(parseRow);
}

/** Begin and denied entries before `before`, newest first, of one request or of all. */
export function readCalls(sql: Sql, before: number, limit: number, requestId?: string): readonly JournalRow[] {
  const filter = requestId === undefined ? '' : "AND json_extract(event, '$.requestId') = ?";
  const text = `SELECT ${COLUMNS} FROM journal WHERE journal.seq < ? AND ${TYPE} <> 'end' ${filter} ORDER BY journal.seq DESC LIMIT ?`;
  const values = requestId === undefined ? [before, limit] : [before, requestId, limit];
  return sql.all(text, ...values).map(parseRow);
}

/** The end entry of one execution, if it was written. */
export function readEnd(sql: Sql, correlationId: string): JournalRow | undefined {
  const text = `SELECT ${COLUMNS} FROM journal WHERE ${TYPE} = 'end' AND json_extract(event, '$.correlationId') = ? ORDER BY journal.seq LIMIT 1`;
  const row = sql.one(text, correlationId);
  return row && parseRow(row);
}

export function hasRows(sql: Sql): boolean {
  return (
    sql.one('SELECT 1 AS found FROM journal LIMIT 1') !== undefined ||
    sql.one('SELECT 1 AS found FROM journal_head') !== undefined
  );
}

/** Undefined where no head was ever written. Failure: JOURNAL/BROKEN where it is not the one that was sealed. */
export function readHead(sql: Sql, hash: ChainHash): Result<Head | undefined> {
  const row = sql.one(
    `SELECT ${columnList({ seq: 'integer', hash: 'text', mac: 'text' })} FROM journal_head WHERE one = 1`,
  );
  if (!row) return ok(undefined);
  const head = { seq: integerIn(row, 'seq'), hash: textIn(row, 'hash') };
  return headHash(head.seq, head.hash, hash) === textIn(row, 'mac')
    ? ok(head)
    : broken(head.seq, 'its head was changed');
}

export function writeRow(sql: Sql, link: ChainLink, newest: string, hash: ChainHash): void {
  sql.run('INSERT INTO journal (seq, at, event, hash) VALUES (?, ?, ?, ?)', link.seq, link.at, link.event, newest);
  sql.run(
    `INSERT INTO journal_head (one, seq, hash, mac) VALUES (1, ?, ?, ?)
     ON CONFLICT (one) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, mac = excluded.mac`,
    link.seq,
    newest,
    headHash(link.seq, newest, hash),
  );
}

/** Failure: JOURNAL/BROKEN where the text is not an event. */
export function parseEntry({ seq, at, event, hash }: JournalRow): Result<JournalEntry> {
  try {
    const parsed: unknown = JSON.parse(event);
    if (isEvent(parsed)) return ok({ seq, at, event: parsed, hash });
  } catch {
    // Falls through: not JSON is as broken as not an event.
  }
  return broken(seq, 'it is not an entry');
}

export function broken(seq: number, problem: string): Result<never> {
  return err(failure('JOURNAL/BROKEN', { seq, problem }));
}

/** What the database says about a damaged file, said about the journal. */
export function asBroken<T>(result: Result<T>): Result<T> {
  if (result.ok || result.failure.code !== 'INTERNAL/STATE_UNAVAILABLE') return result;
  const reason = String(result.failure.facts.reason);
  return /^SQLITE_(?:MISMATCH|CORRUPT|ERROR)/.test(reason) ? broken(0, `the database is damaged (${reason})`) : result;
}

function isEvent(value: unknown): value is JournalEvent {
  if (typeof value !== 'object' || value === null || !('type' in value) || !('correlationId' in value)) return false;
  return ['begin', 'denied', 'end'].includes(String(value.type)) && typeof value.correlationId === 'string';
}

function parseRow(row: Row): JournalRow {
  const seq = integerIn(row, 'seq');
  const previous = seq === 1 ? CHAIN_START : row.previous === null ? undefined : lossyTextIn(row, 'previous');
  return { seq, at: integerIn(row, 'at'), event: lossyTextIn(row, 'event'), hash: lossyTextIn(row, 'hash'), previous };
}
