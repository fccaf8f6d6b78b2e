import type { JournalEntry } from '../../../shared/journal/event.ts';
import { redactValue } from '../../../shared/redact/redact-fields.ts';

export type Row = Readonly<Record<string, unknown>>;

/**
 * One entry as one line of `export` and of an archive has it: `{ seq, at, event, hash }`, `at` in ISO 8601. Who has the journal's key
 * (journal.key) can check a chain of such lines: `hash` is HMAC-SHA-256 of `keyward.journal.v1`, the `hash` of the line before (of seq 1:
 * 64 zeros; of the first line behind an archive: the `hash` of its last), `seq`, `at` in milliseconds since the epoch and `event` as
 * canonical JSON (keys in code-unit order, no white space), each behind a line feed but the first. Entries hold no secret; what is
 * printed passes the redactor all the same, and a line in which it found something does not fit its own `hash`.
 */
export function exportedEntry({ seq, at, event, hash }: JournalEntry): Row {
  return { ...redactedRow({ seq, at: new Date(at).toISOString(), event }), hash };
}

export function redactedRow(row: Row): Row {
  const { value, failure } = redactValue(row);
  return failure ? { withheld: true } : (value as Row);
}
