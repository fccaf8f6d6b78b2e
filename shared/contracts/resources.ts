// What MCP's resources/list and resources/read answer. Hidden collections are no resources.
import { z } from 'zod';
import type { Contract } from './contract.ts';
import { contentEnd, contentNote, cut, nextCursor } from './fields.ts';
import { listRequests } from './list-requests.ts';

export const RESOURCE_TYPE = 'application/json' as const;

const PREFIX = 'keyward://collection/';

export const resourceTemplate = {
  uriTemplate: `${PREFIX}{id}`,
  name: 'collection',
  title: 'An API collection',
  description: 'The saved requests of one collection, as list_requests shows them.',
  mimeType: RESOURCE_TYPE,
} as const;

/** What is asked with, of any form: what is wrong with it is the product's own failure, not a schema's message. */
export const resourceParams = z.looseObject({ uri: z.unknown().optional(), cursor: z.unknown().optional() });

export function collectionUri(id: string): string {
  return PREFIX + encodeURIComponent(id);
}

/** An answer without arguments of its own: its schema, and the keys of ours that sound secret. */
export type ResourceContract = Pick<Contract, 'output' | 'own'>;

export const resourceList = {
  output: z.object({
    resources: z.array(
      z.object({
        uri: z.string(),
        name: z.string(),
        description: z.string().describe('Format and number of requests.'),
        mimeType: z.literal(RESOURCE_TYPE),
      }),
    ),
    next_cursor: nextCursor,
    truncated: cut,
  }),
  own: [],
} satisfies ResourceContract;

export type ResourceList = z.input<typeof resourceList.output>;

export const resourceContent = {
  output: z.object({
    content_note: contentNote,
    id: z.string(),
    name: z.string(),
    format: z.string().describe('Dialect and version, such as postman-2.1.'),
    request_count: z.int().min(0).max(10_000_000),
    requests: listRequests.output.shape.requests,
    next_cursor: nextCursor.describe('Where more follow: pass it to list_requests with this collection_id.'),
    truncated: cut,
    content_end: contentEnd,
  }),
  own: [],
} satisfies ResourceContract;

export type ResourceContent = z.input<typeof resourceContent.output>;
