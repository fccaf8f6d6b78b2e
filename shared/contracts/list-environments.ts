import { z } from 'zod';
import { contract, readsLocally } from './contract.ts';
import { access, contentEnd, contentNote, cursor, cut, limit, nextCursor, ref } from './fields.ts';

export const listEnvironments = contract({
  name: 'list_environments',
  title: 'List environments',
  description:
    'Lists the environments that a request can be described or executed with, and the globals, which always apply. ' +
    'Returns no variables: use get_environment for those.',
  annotations: readsLocally,
  input: z.strictObject({
    collection_id: ref('Only environments for this collection: an id or unambiguous name.').optional(),
    limit,
    cursor,
  }),
  output: z.object({
    content_note: contentNote,
    environments: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        kind: z.enum(['environment', 'globals']),
        variable_count: z.int().min(0).max(10_000_000),
        access,
      }),
    ),
    next_cursor: nextCursor,
    truncated: cut,
    content_end: contentEnd,
  }),
  own: [],
});
