// MCP's resources over the toolbox. What cannot be shown is a protocol error with the product's own failure as its data.
import {
  type ListResourcesResult,
  type ReadResourceResult,
  ResourceNotFoundError,
  type Server,
} from '@modelcontextprotocol/server';
import { RESOURCE_TYPE, resourceParams, resourceTemplate } from '../../shared/contracts/resources.ts';
import type { Toolbox } from '../tools/toolbox.ts';
import { type CallScope, toolCall } from './call-scope.ts';
import { structuredOf } from './presented-structure.ts';

/** Answers resources/list, resources/templates/list and resources/read. */
export function serveResources(server: Server, toolbox: Toolbox, scope: CallScope): void {
  server.setRequestHandler('resources/list', { params: resourceParams }, async ({ cursor }, ctx) => {
    const listed = await toolbox.resource(
      { method: 'resources/list', ...(cursor !== undefined && { cursor }) },
      toolCall(scope, ctx),
    );
    if (listed === undefined) throw new Error('a list cannot be missing');
    const { resources, next_cursor: nextCursor } = structuredOf(listed);
    return { resources, ...(nextCursor !== undefined && { nextCursor }) } as ListResourcesResult;
  });
  server.setRequestHandler('resources/templates/list', () => ({ resourceTemplates: [{ ...resourceTemplate }] }));
  server.setRequestHandler('resources/read', { params: resourceParams }, async ({ uri }, ctx) => {
    const read = await toolbox.resource({ method: 'resources/read', uri }, toolCall(scope, ctx));
    if (read === undefined) throw new ResourceNotFoundError(String(uri), 'No such resource');
    structuredOf(read);
    return { contents: [{ uri: String(uri), mimeType: RESOURCE_TYPE, text: read.text }] } satisfies ReadResourceResult;
  });
}

/** Tells the client of changes from when it may be told: in the initialize-based era not before it said that it is ready. */
export function announceResources(server: Server, toolbox: Toolbox, isReady: () => boolean): void {
  const stop = toolbox.onResourcesChanged(() => {
    // A client that went away is told nothing more; in the 2026-07-28 era only those that subscribed are told.
    if (isReady()) server.sendResourceListChanged().catch(() => undefined);
  });
  const ended = server.onclose;
  server.onclose = () => {
    stop();
    ended?.();
  };
}
