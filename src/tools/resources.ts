// The visible collections as MCP resources. A hidden one and one that does not exist are the same: nothing.
import { shownName } from '../../shared/collection/shown-name.ts';
import {
  collectionUri,
  RESOURCE_TYPE,
  type ResourceContent,
  type ResourceList,
} from '../../shared/contracts/resources.ts';
import { ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { visibleCollections } from '../execute/visible.ts';
import { listRequestsTool } from './list-requests.ts';
import { paginate } from './paginate.ts';
import type { ToolContext } from './tool.ts';

/** One page of the collections; INPUT/CURSOR_INVALID for a cursor that is not ours. */
export function listResources(cursor: string | undefined, context: ToolContext): Result<ResourceList> {
  const place = { tool: 'resources/list', filter: {}, limit: limits.maxPageSize, cursor };
  const page = paginate(visibleCollections(context), place, context.cursors, ({ id, name, format, requests }) => ({
    uri: collectionUri(id),
    name: shownName(name),
    description: `${format}, ${requests.length} ${requests.length === 1 ? 'request' : 'requests'}`,
    mimeType: RESOURCE_TYPE,
  }));
  if (!page.ok) return page;
  const { items, ...more } = page.value;
  return ok({ resources: [...items], ...more });
}

/** One collection with as many of its requests as fit, exactly as list_requests shows them; undefined where there is none. */
export async function readResource(uri: string, context: ToolContext): Promise<Result<ResourceContent> | undefined> {
  const collection = visibleCollections(context).find(({ id }) => collectionUri(id) === uri);
  if (collection === undefined) return undefined;
  const listed = await listRequestsTool.handle(
    { collection_id: collection.id, limit: limits.maxPageSize, cursor: undefined },
    context,
  );
  if (!listed.ok) return listed;
  if (listed.value.kind !== 'answer') throw new Error('a listing asked a question');
  const { content_note, ...requests } = listed.value.value;
  const { id, name, format } = collection;
  const about = { id, name: shownName(name), format, request_count: collection.requests.length };
  return ok({ content_note, ...about, ...requests });
}
