import type { Collection, RequestEntry, RequestTemplate } from '../../shared/collection/model.ts';
import { shownName } from '../../shared/collection/shown-name.ts';
import { CONTENT_NOTE } from '../../shared/contracts/contract.ts';
import { listRequests } from '../../shared/contracts/list-requests.ts';
import { ok, type Result } from '../../shared/failure/result.ts';
import { handleNames } from '../execute/secrets-of.ts';
import { templatesOf, urlText } from '../execute/template-view.ts';
import { findCollection, visibleCollections } from '../execute/visible.ts';
import { paginate } from './paginate.ts';
import { type ToolContext, tool } from './tool.ts';
import { matchesWords } from './words.ts';

interface Listed {
  readonly collection: Collection;
  readonly entry: RequestEntry;
}

export const listRequestsTool = tool(listRequests, (input, context) => {
  const collections = chosen(input.collection_id, context);
  if (!collections.ok) return collections;
  const { limit, cursor, ...filter } = input;
  const method = input.method?.toUpperCase();
  const matching = collections.value
    .flatMap((collection) => collection.requests.map((entry): Listed => ({ collection, entry })))
    .filter(({ entry }) => method === undefined || entry.method.toUpperCase() === method)
    .filter(({ entry }) => inFolder(entry, input.folder))
    .filter(({ entry }) => matchesQuery(entry, input.query));
  const page = paginate(matching, { tool: 'list_requests', filter, limit, cursor }, context.cursors, summary);
  if (!page.ok) return page;
  const { items, ...more } = page.value;
  return ok({ kind: 'answer', value: { content_note: CONTENT_NOTE, requests: [...items], ...more } });
});

function chosen(ref: string | undefined, context: ToolContext): Result<readonly Collection[]> {
  if (ref === undefined) return ok(visibleCollections(context));
  const found = findCollection(context, ref);
  return found.ok ? ok([found.value]) : found;
}

// A folder and a query are compared with what is shown: a match on what is redacted would tell a secret letter by letter.

function inFolder(entry: RequestEntry, folder: string | undefined): boolean {
  if (folder === undefined) return true;
  const wanted = folder.replace(/^\/+|\/+$/g, '').toLowerCase();
  const path = pathOf(entry).toLowerCase();
  return path === wanted || path.startsWith(`${wanted}/`);
}

function matchesQuery(entry: RequestEntry, query: string | undefined): boolean {
  const known = [shownName(entry.name), pathOf(entry), entry.method];
  return matchesWords(query, known) || matchesWords(query, [...known, urlText(entry.open().url)]);
}

function summary({ collection, entry }: Listed) {
  const template = entry.open();
  const handles = referredHandles(template);
  return {
    id: entry.id,
    name: shownName(entry.name),
    collection_id: collection.id,
    path: pathOf(entry),
    method: entry.method,
    url: urlText(template.url),
    auth_type: template.auth.type,
    ...(entry.tags && { tags: entry.tags.map(shownName) }),
    ...(entry.notExecutable !== undefined && { not_executable: entry.notExecutable }),
    ...(handles.length > 0 && { handles }),
  };
}

function pathOf({ folders }: RequestEntry): string {
  return folders.map(shownName).join('/');
}

function referredHandles(template: RequestTemplate): string[] {
  return [...new Set(templatesOf(template).flatMap(handleNames))];
}
