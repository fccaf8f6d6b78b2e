import { z } from 'zod';
import { contract, readsLocally } from './contract.ts';
import { access, contentEnd, contentNote, cursor, cut, limit, nextCursor, query } from './fields.ts';

export const listCollections = contract({
  name: 'list_collections',
  title: 'List API collections',
  description:
    'Lists the API collections of this workspace with their ids, formats and numbers of requests. ' +
    'Returns no requests: use list_requests for those. Files that did not load are under problems.',
  annotations: readsLocally,
  input: z.strictObject({ query, limit, cursor }),
  output: z.object({
    content_note: contentNote,
    collections: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        format: z.string().describe('Dialect and version, such as postman-2.1.'),
        request_count: z.int().min(0).max(10_000_000),
        access,
        environments: z.array(z.string()).describe('Names of the environments that can be chosen for its requests.'),
      }),
    ),
    problems: z
      .array(
        z.object({
          code: z.string(),
          message: z.string(),
          file: z.string().optional(),
          line: z.int().min(1).max(1e9).optional(),
        }),
      )
      .optional()
      .describe('Files, or parts of files, that could not be read.'),
    next_cursor: nextCursor,
    truncated: cut,
    content_end: contentEnd,
  }),
  own: [],
});
