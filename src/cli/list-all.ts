import type { ToolOutcome } from './call-tool.ts';
import type { Parts } from './parts.ts';

export type Row = Readonly<Record<string, unknown>>;

export type Listed =
  | { readonly ok: true; readonly rows: readonly Row[] }
  | Extract<ToolOutcome, { readonly ok: false }>;

/** Small enough that a page is never shortened to fit a result. */
const PAGE = 50;

/** Every row of a listing tool, page by page; `name` is the plural noun that the result holds them under. */
export async function listAll(parts: Parts, tool: string, name: string, input: Row = {}): Promise<Listed> {
  const rows: Row[] = [];
  let cursor: unknown;
  do {
    const page = await parts.callTool(tool, { ...input, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    if (!page.ok) return page;
    const found = page.value[name];
    if (Array.isArray(found)) rows.push(...(found as Row[]));
    cursor = page.value.next_cursor;
  } while (cursor !== undefined);
  return { ok: true, rows };
}
