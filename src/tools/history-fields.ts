import { shownName } from '../../shared/collection/shown-name.ts';
import type { CallEvent, EndEvent } from '../../shared/journal/event.ts';
import { redactUrl } from '../../shared/redact/redact-fields.ts';
import type { HistoryEntry } from '../execute/ports.ts';

export interface HistoryParts {
  readonly begin: CallEvent;
  /** Absent where it never ended, or was refused. */
  readonly end?: EndEvent;
}

/** The events of one execution or refusal. */
export function historyParts({ begin, end }: HistoryEntry): HistoryParts {
  return end ? { begin: begin.event, end: end.event } : { begin: begin.event };
}

/** What everyone is shown of an execution or refusal: who, what, where, with which secrets, and what was decided. */
export function historyFields(entry: HistoryEntry) {
  const { begin, end } = historyParts(entry);
  return {
    correlation_id: begin.correlationId,
    ...(begin.parent !== undefined && { parent: begin.parent }),
    at: new Date(entry.begin.at).toISOString(),
    who: begin.caller ? shownName(begin.caller.name) || begin.principal : begin.principal,
    request_id: begin.requestId,
    ...(begin.requestName !== undefined && { request_name: shownName(begin.requestName) }),
    collection_id: begin.collectionId,
    ...(begin.environmentId !== undefined && { environment_id: begin.environmentId }),
    method: begin.method,
    origin: begin.origin,
    ...(begin.path !== undefined && { path: redactUrl(begin.path).text }),
    ...(begin.handles.length > 0 && { handles: [...begin.handles] }),
    decision: begin.decision,
    ...(end && { duration_ms: end.durationMs }),
  };
}
