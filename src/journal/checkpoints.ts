// Checkpoints of this journal: what is signed, and whether the journal still has what was signed.
import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { type ChainHash, journalId } from '../../shared/journal/chain.ts';
import { type Checkpoint, checkpointText, parseCheckpoint } from '../../shared/journal/checkpoint.ts';
import { columnList, textIn } from '../state/columns.ts';
import type { Sql } from '../state/state.ts';
import type { Head } from './journal-rows.ts';
import { readBase } from './journal-start.ts';
import {
  makeSignerKey,
  openNote,
  parseVerifierKey,
  readSignerKey,
  type SignerKey,
  type VerifierKey,
} from './note-key.ts';

/** What came of comparing a checkpoint, whose signature is good, with the journal. */
export interface CheckpointFinding {
  readonly seq: number;
  /** When it was made, in milliseconds since the epoch. */
  readonly at: number;
  /** The journal has that very entry; or that entry was removed by a prune that is on record, and nothing can be said. */
  readonly state: 'holds' | 'pruned';
}

/** The name of the key of a journal's checkpoints. */
function keyName(hash: ChainHash): string {
  return `keyward/${journalId(hash)}`;
}

/** The data folder's own key, made where there is none. Failures: those of private files, CONFIG/HOME_UNSAFE. */
export function ownKey(home: string, hash: ChainHash): Result<SignerKey> {
  const made = makeSignerKey(home);
  const read = made.ok ? readSignerKey(home, keyName(hash)) : made;
  if (!read.ok) return read;
  return read.value === 'missing' ? err(failure('INTERNAL/STATE_UNAVAILABLE', { reason: 'ENOENT' })) : ok(read.value);
}

/** The key given, else the data folder's own. Failures: INPUT/INVALID, JOURNAL/CHECKPOINT_INVALID, those of private files. */
export function checkingKey(home: string, hash: ChainHash, given: string | undefined): Result<VerifierKey> {
  if (given !== undefined) {
    const parsed = parseVerifierKey(given.trim());
    return parsed
      ? ok(parsed)
      : err(failure('INPUT/INVALID', { problem: 'the key is not one of keyward journal key' }));
  }
  const own = readSignerKey(home, keyName(hash));
  if (!own.ok) return own;
  return own.value === 'missing' ? invalidCheckpoint('the file journal.signing.key is missing') : ok(own.value);
}

/** The signed note that says which entry is the newest. */
export function signCheckpoint(head: Head, at: number, key: SignerKey, hash: ChainHash): string {
  return key.sign(checkpointText({ ...head, journal: journalId(hash), at }, (hex) => recoded(hex, 'hex', 'base64')));
}

/** What a note says of this journal, once its signature is good. Failure: JOURNAL/CHECKPOINT_INVALID. */
export function readCheckpoint(note: string, key: VerifierKey, hash: ChainHash): Result<Checkpoint> {
  const opened = openNote(note, key);
  if (opened.verdict !== 'good') return invalidCheckpoint(PROBLEMS[opened.verdict]);
  const checkpoint = parseCheckpoint(opened.text, (base64) => recoded(base64, 'base64', 'hex'));
  if (!checkpoint) return invalidCheckpoint(PROBLEMS.malformed);
  return checkpoint.journal === journalId(hash) ? ok(checkpoint) : invalidCheckpoint('it is of another journal');
}

/** Whether the journal has the entry of a checkpoint. Failure: JOURNAL/CHECKPOINT_INVALID where it was cut, put back or replaced. */
export function compareCheckpoint(
  sql: Sql,
  { seq, hash: signed, at }: Checkpoint,
  hash: ChainHash,
): Result<CheckpointFinding> {
  const base = readBase(sql, hash);
  if (!base.ok) return base;
  if (seq < base.value.seq) return ok({ seq, at, state: 'pruned' });
  const found = seq === base.value.seq ? base.value.hash : hashAt(sql, seq);
  if (found === undefined)
    return invalidCheckpoint(`the journal has no entry ${seq} any more: it was cut, or put back to an older copy`);
  return found === signed
    ? ok({ seq, at, state: 'holds' })
    : invalidCheckpoint(`entry ${seq} is not the one that was signed: the journal was replaced or rewritten`);
}

const PROBLEMS = {
  malformed: 'it is not a checkpoint',
  unsigned: 'it is not signed with this key',
  forged: 'its signature does not fit its text',
} as const;

function hashAt(sql: Sql, seq: number): string | undefined {
  const row = sql.one(`SELECT ${columnList({ hash: 'text' })} FROM journal WHERE seq = ?`, seq);
  return row && textIn(row, 'hash');
}

function recoded(text: string, from: 'hex' | 'base64', to: 'hex' | 'base64'): string {
  return Buffer.from(text, from).toString(to);
}

export function invalidCheckpoint(problem: string): Result<never> {
  return err(failure('JOURNAL/CHECKPOINT_INVALID', { problem }));
}
