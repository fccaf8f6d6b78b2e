import { canonicalEvent } from '../../../shared/journal/canonical.ts';
import { type ChainHash, entryHash } from '../../../shared/journal/chain.ts';
import type { BeginEvent, DeniedEvent, EndEvent, JournalEvent } from '../../../shared/journal/event.ts';
import { readJournalHash } from '../../../src/journal/journal-key.ts';
import { readHead, writeRow } from '../../../src/journal/journal-rows.ts';
import { type OpenJournal, openJournal } from '../../../src/journal/open-journal.ts';
import { must, tamper, temporaryHome, temporaryState } from '../state/temporary-home.ts';

export interface OpenedJournal {
  readonly home: string;
  readonly journal: OpenJournal;
}

export const STARTED_AT = Date.UTC(2026, 0, 1);

/** A journal over its own connection, as each process has one; its clock advances by a millisecond per entry. */
export function openedJournal(home = temporaryHome(), startedAt = STARTED_AT): OpenedJournal {
  let at = startedAt;
  const now = () => {
    at += 1;
    return at;
  };
  return { home, journal: openJournal({ state: temporaryState(home), now }) };
}

export function beginEvent(correlationId: string, requestId = 'req_1'): BeginEvent {
  return {
    type: 'begin',
    correlationId,
    principal: 'stdio',
    requestId,
    requestName: 'Get customer',
    collectionId: 'col_1',
    method: 'GET',
    origin: 'https://api.example.com',
    path: '/customers/1',
    handles: ['sec_00000000000000000000000000000000'],
    decision: { verdict: 'allow', rule: 'access.default', reason: 'GET is safe' },
  };
}

export function deniedEvent(correlationId: string, requestId = 'req_1'): DeniedEvent {
  return { ...beginEvent(correlationId, requestId), type: 'denied', failure: 'POLICY/DENIED' };
}

export function endEvent(correlationId: string): EndEvent {
  return { type: 'end', correlationId, status: 200, durationMs: 3, responseBytes: 2_000, redactions: 1, redirects: [] };
}

/** Six entries: two whole executions, interleaved, one refusal, and one execution that never ended. */
export function fillJournal(journal: OpenJournal): void {
  must(journal.begin(beginEvent('one')));
  must(journal.begin(beginEvent('two', 'req_2')));
  must(journal.end(endEvent('one')));
  must(journal.denied(deniedEvent('three')));
  must(journal.end(endEvent('two')));
  must(journal.begin(beginEvent('four', 'req_2')));
}

export function hashOf(home: string): ChainHash {
  const hash = must(readJournalHash(home));
  if (hash === 'missing') throw new Error('there is no key');
  return hash;
}

/** Appends with the key, at the times given, past the journal's own clock and rules. */
export function append(home: string, events: readonly (readonly [at: number, event: JournalEvent])[]): void {
  const hash = hashOf(home);
  tamper(home, (sql) => {
    let head = must(readHead(sql, hash)) ?? { seq: 0, hash: '0'.repeat(64) };
    for (const [at, event] of events) {
      const link = { seq: head.seq + 1, at, event: canonicalEvent(event) };
      head = { seq: link.seq, hash: entryHash(head.hash, link, hash) };
      writeRow(sql, link, head.hash, hash);
    }
  });
}

/** A data folder whose journal has these events; its key is there, and so is its anchor, which still names the start. */
export function storedEvents(events: readonly (readonly [at: number, event: JournalEvent])[]): string {
  const { home, journal } = openedJournal();
  must(journal.checkpointKey());
  append(home, events);
  return home;
}
