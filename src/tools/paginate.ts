import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';

export interface PageInput {
  readonly tool: string;
  /** The arguments that choose what is listed; a cursor made for others is refused. */
  readonly filter: unknown;
  readonly limit: number | undefined;
  readonly cursor: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor?: string;
}

/** Room for the rest of a list's result. */
const PAGE_CHARS = limits.resultChars - 2_000;
const MAX_POSITION = Number.MAX_SAFE_INTEGER;

/** Cuts one page out of a list, showing only its items; a page ends early where it would get too long to return. */
export function paginate<T, Shown>(
  items: readonly T[],
  page: PageInput,
  show: (item: T) => Shown,
): Result<Page<Shown>> {
  const start = readCursor(page);
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
  return ok(at < items.length ? { items: shown, next_cursor: writeCursor(page, at) } : { items: shown });
}

/** An opaque cursor for a position in the list that these arguments choose. */
export function writeCursor({ tool, filter }: Pick<PageInput, 'tool' | 'filter'>, position: number): string {
  return Buffer.from(JSON.stringify([tool, position, fingerprint(filter)])).toString('base64url');
}

/** The position of a cursor, undefined without one; INPUT/CURSOR_INVALID for a foreign or broken one. */
export function readCursor({ tool, filter, cursor }: Omit<PageInput, 'limit'>): Result<number | undefined> {
  if (cursor === undefined || cursor === '') return ok(undefined);
  const parts = parse(Buffer.from(cursor, 'base64url').toString());
  const [madeFor, position, print] = Array.isArray(parts) ? (parts as readonly unknown[]) : [];
  const usable = typeof position === 'number' && Number.isInteger(position) && position >= 0 && position < MAX_POSITION;
  if (!usable || madeFor !== tool || print !== fingerprint(filter)) return err(failure('INPUT/CURSOR_INVALID'));
  return ok(position);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// FNV-1a, 32 bits: tells arguments apart; it protects nothing, a cursor is only a position.
function fingerprint(filter: unknown): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(JSON.stringify(filter) ?? '')) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(36);
}
