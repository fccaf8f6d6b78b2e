import { withoutSlug } from '../../shared/collection/stable-id.ts';
import { CONTENT_NOTE } from '../../shared/contracts/contract.ts';
import { getHistory } from '../../shared/contracts/get-history.ts';
import { ok, type Result } from '../../shared/failure/result.ts';
import type { CallEvent, EndEvent } from '../../shared/journal/event.ts';
import { limits } from '../../shared/limits.ts';
import type { Principal } from '../../shared/policy/policy.ts';
import type { HistoryEntry, HistoryQuery } from '../execute/ports.ts';
import { findRequest, visibleCollections, visibleEnvironments } from '../execute/visible.ts';
import { historyFields, historyParts } from './history-fields.ts';
import { paginate } from './paginate.ts';
import { type ToolContext, tool } from './tool.ts';

const MAX_READS = 10;

export const getHistoryTool = tool(getHistory, ({ request_id, limit, cursor }, context) => {
  const found = request_id === undefined ? undefined : findRequest(context, request_id);
  if (found?.ok === false) return found;
  const place = { tool: 'get_history', filter: { request_id } };
  const before = context.cursors.read(place, cursor);
  if (!before.ok) return before;
  const wanted = limit ?? limits.pageSize;
  const read = readVisible(context, { requestId: found?.value.entry.id, before: before.value, wanted });
  if (!read.ok) return read;
  const page = paginate(
    read.value.entries,
    { ...place, limit: wanted, cursor: undefined },
    context.cursors,
    shownEntry,
  );
  if (!page.ok) return page;
  const entries = [...page.value.items];
  const last = read.value.entries[entries.length - 1];
  const next = entries.length < read.value.entries.length ? last?.begin.seq : read.value.next;
  return ok({
    kind: 'answer',
    value: {
      content_note: CONTENT_NOTE,
      entries,
      ...(next !== undefined && { next_cursor: context.cursors.write(place, next) }),
    },
  });
});

interface Wanted {
  readonly requestId: string | undefined;
  readonly before: number | undefined;
  readonly wanted: number;
}

interface Read {
  readonly entries: readonly HistoryEntry[];
  /** The position to go on before; undefined at the oldest entry. */
  readonly next?: number;
}

// The journal belongs to the data folder, which other workspaces share: only what this one shows is listed.
function readVisible(context: ToolContext, { requestId, before, wanted }: Wanted): Result<Read> {
  const collections = new Set(visibleCollections(context).flatMap(keptIds));
  const environments = new Set(visibleEnvironments(context).flatMap(keptIds));
  // A question that was answered is part of the execution that its answer has an entry of.
  const shown = ({ begin: { event }, answer }: HistoryEntry) =>
    (answer === undefined || answer.event.askedInVain === true) &&
    collections.has(event.collectionId) &&
    (event.environmentId === undefined || environments.has(event.environmentId));
  const entries: HistoryEntry[] = [];
  let at = before;
  for (let reads = 0; reads < MAX_READS && entries.length < wanted; reads += 1) {
    const size = limits.maxPageSize;
    const read = context.journal.history({
      limit: size,
      ...ownOnly(context.call.principal),
      ...(requestId !== undefined && { requestId }),
      ...(at !== undefined && { before: at }),
    });
    if (!read.ok) return read;
    entries.push(...read.value.filter(shown));
    const last = read.value.at(-1);
    if (read.value.length < size || last === undefined) return ok(cutTo(entries, wanted));
    at = last.begin.seq;
  }
  return ok(cutTo(entries, wanted, at));
}

/** As an entry has it, and as one with less detail does. */
function keptIds({ id }: { readonly id: string }): readonly string[] {
  return [id, withoutSlug(id)];
}

/** Over HTTP callers know nothing of each other. */
function ownOnly({ kind, id }: Principal): Pick<HistoryQuery, 'principal'> {
  return kind === 'http' ? { principal: id } : {};
}

function cutTo(entries: readonly HistoryEntry[], wanted: number, next?: number): Read {
  const kept = entries.slice(0, wanted);
  const on = entries.length > wanted ? kept.at(-1)?.begin.seq : next;
  return on === undefined ? { entries: kept } : { entries: kept, next: on };
}

function shownEntry(entry: HistoryEntry) {
  const { begin, end } = historyParts(entry);
  const outcome = outcomeOf(begin, end);
  // That of a question is for clients that cannot ask.
  const failed = outcome === 'asked' ? undefined : begin.type === 'denied' ? begin.failure : end?.failure;
  return {
    ...historyFields(entry),
    outcome,
    ...(end?.status !== undefined && { status: end.status }),
    ...(failed !== undefined && { failure: failed }),
  };
}

function outcomeOf(begin: CallEvent, ended: EndEvent | undefined) {
  if (begin.type === 'denied') return begin.asked ? ('asked' as const) : ('denied' as const);
  if (ended === undefined) return 'unfinished' as const;
  return ended.failure === undefined ? ('answered' as const) : ('failed' as const);
}
