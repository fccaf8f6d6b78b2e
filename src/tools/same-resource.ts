import type { Collection, RequestEntry } from '../../shared/collection/model.ts';
import { limits } from '../../shared/limits.ts';
import { tryOpen } from './request-search.ts';

/**
 * Whether a collection shows as a resource what it showed before: its name, how many requests it has, and the first of them.
 * A file can hold a hidden one as well, and of an edit of that nothing may be told.
 */
export function isSameResource(before: Collection, now: Collection): boolean {
  if (about(before) !== about(now)) return false;
  const shown = now.requests.slice(0, limits.maxPageSize);
  return shown.every((entry, at) => {
    const old = before.requests[at];
    return old !== undefined && stateOf(old) === stateOf(entry);
  });
}

function about({ id, name, format, requests }: Collection): string {
  return JSON.stringify([id, name, format, requests.length]);
}

function stateOf(entry: RequestEntry): string {
  const { id, name, folders, method, tags, notExecutable } = entry;
  return JSON.stringify([id, name, folders, method, tags, notExecutable, tryOpen(entry)]);
}
