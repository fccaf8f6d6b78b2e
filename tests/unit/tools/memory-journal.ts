// A journal in memory, in the order in which it is written; nothing of it is sealed.
import { ok, type Result } from '../../../shared/failure/result.ts';
import type { CallEvent, EndEvent, JournalEntry } from '../../../shared/journal/event.ts';
import type { HistoryEntry, Journal } from '../../../src/execute/ports.ts';

export type Written = CallEvent | EndEvent;

export interface MemoryJournalOptions {
  /** The time of an entry, in milliseconds since the epoch. */
  readonly at: (seq: number) => number;
  /** What every write is answered with. Default: it is kept. */
  readonly problem?: () => Result<void>;
}

/** Keeps what is written in `events`. */
export function memoryJournal(events: Written[], { at, problem = () => ok(undefined) }: MemoryJournalOptions): Journal {
  const write = (event: Written): Result<void> => {
    const answer = problem();
    if (answer.ok) events.push(event);
    return answer;
  };
  return {
    begin: write,
    denied: write,
    end: write,
    history({ requestId, principal, limit, before = Number.POSITIVE_INFINITY }) {
      const ends = new Map<string, JournalEntry<EndEvent>>();
      const begins: JournalEntry<CallEvent>[] = [];
      const answers = new Map<string, JournalEntry<CallEvent>>();
      for (const [seq, event] of events.entries()) {
        const place = { seq, at: at(seq), hash: '' };
        if (event.type === 'end') ends.set(event.correlationId, { ...place, event });
        else {
          begins.push({ ...place, event });
          const { askedIn, askedInVain } = event;
          if (askedIn !== undefined && !(askedInVain && answers.has(askedIn)))
            answers.set(askedIn, { ...place, event });
        }
      }
      const page = begins
        .filter(({ event }) => requestId === undefined || event.requestId === requestId)
        .filter(({ event }) => principal === undefined || event.principal === principal)
        .filter(({ seq }) => seq < before)
        .reverse()
        .slice(0, limit);
      return ok(
        page.map((begin): HistoryEntry => {
          const end = begin.event.type === 'begin' ? ends.get(begin.event.correlationId) : undefined;
          const answer = begin.event.type === 'denied' ? answers.get(begin.event.correlationId) : undefined;
          return { begin, ...(end && { end }), ...(answer && { answer }) };
        }),
      );
    },
  };
}
