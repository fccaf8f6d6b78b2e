import { derived } from '../../shared/collection/derived.ts';
import type { Collection, RequestEntry, RequestTemplate } from '../../shared/collection/model.ts';
import { shownName } from '../../shared/collection/shown-name.ts';
import { CONTENT_NOTE } from '../../shared/contracts/contract.ts';
import { listRequests } from '../../shared/contracts/list-requests.ts';
import { ok, type Result } from '../../shared/failure/result.ts';
import { parseQuery } from '../../shared/search/query.ts';
import { handleNames } from '../execute/secrets-of.ts';
import { templatesOf, urlText } from '../execute/template-view.ts';
import { findCollection, visibleCollections } from '../execute/visible.ts';
import { paginate } from './paginate.ts';
import { type Listed, listedOf, searchRequests, shownPath, tryOpen } from './request-search.ts';
import { type ToolContext, tool } from './tool.ts';
import { asPresented } from './words.ts';

export const listRequestsTool = tool(listRequests, (input, context) => {
  const collections = chosen(input.collection_id, context);
  if (!collections.ok) return collections;
  const { limit, cursor, query: text, ...filter } = input;
  const query = parseQuery(text);
  const found = query ? searchRequests(collections.value, query) : allRequests(collections.value);
  const place = { tool: 'list_requests', filter: { ...filter, query: text }, limit, cursor };
  const page = paginate(choose(found, filter), place, context.cursors, summary);
  if (!page.ok) return page;
  const { items, ...more } = page.value;
  return ok({ kind: 'answer', value: { content_note: CONTENT_NOTE, requests: [...items], ...more } });
});

function chosen(ref: string | undefined, context: ToolContext): Result<readonly Collection[]> {
  if (ref === undefined) return ok(visibleCollections(context));
  const found = findCollection(context, ref);
  return found.ok ? ok([found.value]) : found;
}

function allRequests(collections: readonly Collection[]): readonly Listed[] {
  const all: Listed[] = [];
  for (const collection of collections) for (const listed of listedOf(collection)) all.push(listed);
  return all;
}

interface Filter {
  readonly method?: string | undefined;
  readonly folder?: string | undefined;
}

/** A folder is compared with what is shown: a match on what is redacted would tell a secret letter by letter. */
function choose(listed: readonly Listed[], { method, folder }: Filter): readonly Listed[] {
  if (method === undefined && folder === undefined) return listed;
  const hasMethod = method === undefined ? () => true : createMethodTest(method);
  const isInFolder = folder === undefined ? () => true : createFolderTest(folder);
  return listed.filter(({ entry }) => hasMethod(entry.method) && isInFolder(entry.folders));
}

function createMethodTest(method: string): (method: string) => boolean {
  const wanted = method.toUpperCase();
  return (stated) => stated === wanted || stated.toUpperCase() === wanted;
}

/** Requests side by side share their list of folders, so each list is looked at once. */
function createFolderTest(folder: string): (folders: readonly string[]) => boolean {
  const wanted = folder.replace(/^\/+|\/+$/g, '').toLowerCase();
  const known = new Map<readonly string[], boolean>();
  return (folders) => {
    const found = known.get(folders);
    if (found !== undefined) return found;
    const path = asPresented(shownPath(folders)).toLowerCase();
    const inside = path === wanted || path.startsWith(`${wanted}/`);
    known.set(folders, inside);
    return inside;
  };
}

function summary({ collection, entry }: Listed) {
  const known = summaries(collection);
  const found = known.get(entry);
  if (found) return found;
  const made = summarise(collection, entry);
  known.set(entry, made);
  return made;
}

/** Opening a request may mean to parse its file again, so what was shown of it is kept as long as its collection is the same. */
const summaries = derived((_: Collection) => new Map<RequestEntry, ReturnType<typeof summarise>>());

/** A request as list_requests shows it; one that cannot be opened is listed and says so. */
export function summarise(collection: Collection, entry: RequestEntry) {
  const template = tryOpen(entry);
  const handles = template ? referredHandles(template) : [];
  const notExecutable = template ? entry.notExecutable : UNREADABLE;
  return {
    id: entry.id,
    name: shownName(entry.name),
    collection_id: collection.id,
    path: shownPath(entry.folders),
    method: entry.method,
    url: template ? urlText(template.url) : '',
    auth_type: template?.auth.type ?? 'none',
    ...(entry.tags && { tags: entry.tags.map(shownName) }),
    ...(notExecutable !== undefined && { not_executable: notExecutable }),
    ...(handles.length > 0 && { handles }),
  };
}

/** Of a request that cannot be opened, which is a bug of its dialect and must not hide all others. */
const UNREADABLE = 'it cannot be read';

function referredHandles(template: RequestTemplate): string[] {
  return [...new Set(templatesOf(template).flatMap(handleNames))];
}
