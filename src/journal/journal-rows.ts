// The journal's tables: rows in, rows out.
import { withoutSlug } from '../../shared/collection/stable-id.ts';
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { type ChainHash, type ChainLink, headHash } from '../../shared/journal/chain.ts';
import type { CallEvent, EndEvent, JournalEntry, JournalEvent } from '../../shared/journal/event.ts';
import { columnList, integerIn, lossyTextIn, textIn } from '../state/columns.ts';
import type { Row, Sql } from '../state/state.ts';

export interface JournalRow extends ChainLink {
  readonly hash: string;
  /** The hash of the entry before; undefined where there is none. */
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
const IN_VAIN = "json_extract(event, '$.askedInVain') IS NOT NULL";

/** Entries behind `after`, in order. */
export function readRows(sql: Sql, after: number, limit: number): readonly JournalRow[] {
  return sql
    .all(`SELECT ${COLUMNS} FROM journal WHERE journal.seq > ? ORDER BY journal.seq LIMIT ?`, after, limit)
    .map(parseRow);
}

/** Which begin and denied entries are wanted; absent: all. */
export interface CallFilter {
  /** Finds also the entries that have only its hash. */
  readonly requestId?: string;
  /** Id of a principal. */
  readonly principal?: string;
  /** Id of a principal, or the name of a caller over HTTP. */
  readonly caller?: string;
  /** Not older, in milliseconds since the epoch. */
  readonly since?: number;
}

// Each is the very expression of an index of the journal, but for the last two.
const FILTERS = {
  requestId: "json_extract(event, '$.requestId') = ?1",
  principal: "json_extract(event, '$.principal') = ?1",
  caller: "(json_extract(event, '$.principal') = ?1 OR json_extract(event, '$.caller.name') = ?1)",
  since: 'at >= ?1',
} as const;

/** Begin and denied entries before `before`, newest first. */
export function readCalls(sql: Sql, before: number, limit: number, filter: CallFilter): readonly JournalRow[] {
  const read = (wanted: CallFilter) => {
    const { text, values } = callsQuery(before, limit, wanted);
    return sql.all(text, ...values).map(parseRow);
  };
  const { requestId = '' } = filter;
  const kept = withoutSlug(requestId);
  if (kept === requestId) return read(filter);
  // One by one, for each has the index in order.
  const both = [...read(filter), ...read({ ...filter, requestId: kept })];
  return both.sort((a, b) => b.seq - a.seq).slice(0, limit);
}

function callsQuery(before: number, limit: number, filter: CallFilter) {
  const given = (['requestId', 'principal', 'caller', 'since'] as const).flatMap((name) => {
    const value = filter[name];
    return value === undefined ? [] : [{ condition: FILTERS[name], value }];
  });
  const conditions = given.map(({ condition }, at) => `AND ${condition.replaceAll('?1', `?${at + 3}`)}`).join(' ');
  const text = `SELECT ${COLUMNS} FROM journal WHERE journal.seq < ?1 AND ${TYPE} IN ('begin', 'denied') ${conditions} ORDER BY journal.seq DESC LIMIT ?2`;
  return { text, values: [before, limit, ...given.map(({ value }) => value)] };
}

/** The end entry of one execution, if it was written. */
export function readEnd(sql: Sql, correlationId: string): JournalRow | undefined {
  const text = `SELECT ${COLUMNS} FROM journal WHERE ${TYPE} = 'end' AND json_extract(event, '$.correlationId') = ? ORDER BY journal.seq LIMIT 1`;
  const row = sql.one(text, correlationId);
  return row && parseRow(row);
}

/** Of what came of an answer to the question in the entry with this correlation id: the first entry, and one in vain if there is no other. */
export function readAnswer(sql: Sql, correlationId: string): JournalRow | undefined {
  const text = `SELECT ${COLUMNS} FROM journal WHERE json_extract(event, '$.askedIn') = ? ORDER BY ${IN_VAIN}, journal.seq LIMIT 1`;
  const row = sql.one(text, correlationId);
  return row && parseRow(row);
}

export function hasRows(sql: Sql): boolean {
  return (
    sql.one('SELECT 1 AS found FROM journal LIMIT 1') !== undefined ||
    sql.one('SELECT 1 AS found FROM journal_head') !== undefined ||
    sql.one('SELECT 1 AS found FROM journal_base') !== undefined
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

/** Failure: JOURNAL/BROKEN. */
export function asCall({ event, ...entry }: JournalEntry): Result<JournalEntry<CallEvent>> {
  return event.type === 'begin' || event.type === 'denied' ? ok({ ...entry, event }) : notThat(entry.seq);
}

/** Failure: JOURNAL/BROKEN. */
export function asEnd({ event, ...entry }: JournalEntry): Result<JournalEntry<EndEvent>> {
  return event.type === 'end' ? ok({ ...entry, event }) : notThat(entry.seq);
}

function notThat(seq: number): Result<never> {
  return broken(seq, 'it is another kind of entry');
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
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  if (value.type === 'pruned') return 'through' in value && 'hash' in value;
  const isKnown = value.type === 'begin' || value.type === 'denied' || value.type === 'end';
  return isKnown && 'correlationId' in value && typeof value.correlationId === 'string';
}

function parseRow(row: Row): JournalRow {
  const previous = row.previous === null ? undefined : lossyTextIn(row, 'previous');
  const [seq, at] = [integerIn(row, 'seq'), integerIn(row, 'at')];
  return { seq, at, event: lossyTextIn(row, 'event'), hash: lossyTextIn(row, 'hash'), previous };
}
