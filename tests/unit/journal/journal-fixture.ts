import type { BeginEvent, DeniedEvent, EndEvent } from '../../../shared/journal/event.ts';
import { type OpenJournal, openJournal } from '../../../src/journal/open-journal.ts';
import { must, temporaryHome, temporaryState } from '../state/temporary-home.ts';

export interface OpenedJournal {
  readonly home: string;
  readonly journal: OpenJournal;
}

/** A journal over its own connection, as each process has one; its clock advances by a millisecond per entry. */
export function openedJournal(home = temporaryHome()): OpenedJournal {
  let at = Date.UTC(2026, 0, 1);
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
