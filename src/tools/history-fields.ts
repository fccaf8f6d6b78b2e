import { shownName } from '../../shared/collection/shown-name.ts';
import type { BeginEvent, DeniedEvent, EndEvent } from '../../shared/journal/event.ts';
import { redactUrl } from '../../shared/redact/redact-fields.ts';
import type { HistoryEntry } from '../execute/ports.ts';

export interface HistoryParts {
  readonly begin: BeginEvent | DeniedEvent;
  /** Absent where it never ended, or was refused. */
  readonly end?: EndEvent;
}

/** The events of one execution or refusal. */
export function historyParts({ begin, end }: HistoryEntry): HistoryParts {
  if (begin.event.type === 'end') throw new Error('an end entry stands where an execution begins');
  return end?.event.type === 'end' ? { begin: begin.event, end: end.event } : { begin: begin.event };
}

/** What everyone is shown of an execution or refusal: who, what, where, with which secrets, and what was decided. */
export function historyFields(entry: HistoryEntry) {
  const { begin, end } = historyParts(entry);
  return {
    correlation_id: begin.correlationId,
    ...(begin.parent !== undefined && { parent: begin.parent }),
    at: new Date(entry.begin.at).toISOString(),
    who: begin.principal,
    request_id: begin.requestId,
    request_name: shownName(begin.requestName),
    collection_id: begin.collectionId,
    ...(begin.environmentId !== undefined && { environment_id: begin.environmentId }),
    method: begin.method,
    origin: begin.origin,
    path: redactUrl(begin.path).text,
    ...(begin.handles.length > 0 && { handles: [...begin.handles] }),
    decision: begin.decision,
    ...(end && { duration_ms: end.durationMs }),
  };
}
