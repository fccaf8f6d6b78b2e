import { ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import type { CursorPlace, Cursors } from './cursors.ts';

export interface PageInput extends CursorPlace {
  readonly limit: number | undefined;
  readonly cursor: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor?: string;
}

/** Room for the rest of a list's result. */
const PAGE_CHARS = limits.resultChars - 2_000;

/** Cuts one page out of a list, showing only its items; a page ends early where it would get too long to return. */
export function paginate<T, Shown>(
  items: readonly T[],
  page: PageInput,
  cursors: Cursors,
  show: (item: T) => Shown,
): Result<Page<Shown>> {
  const start = cursors.read(page, page.cursor);
  if (!start.ok) return start;
  const from = start.value ?? 0;
  const end = Math.min(items.length, from + (page.limit ?? limits.pageSize));
  const shown: Shown[] = [];
  let chars = 0;
  for (const item of items.slice(from, end)) {
    const next = show(item);
    chars += JSON.stringify(next).length + 1;
    if (chars > PAGE_CHARS && shown.length > 0) break;
    shown.push(next);
  }
  const at = from + shown.length;
  return ok(at < items.length ? { items: shown, next_cursor: cursors.write(page, at) } : { items: shown });
}
