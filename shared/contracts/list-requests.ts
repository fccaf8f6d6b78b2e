import { z } from 'zod';
import { contract, readsLocally } from './contract.ts';
import { contentEnd, contentNote, cursor, cut, limit, nextCursor, query, ref } from './fields.ts';

export const listRequests = contract({
  name: 'list_requests',
  title: 'List or search requests',
  description:
    'Lists saved requests, of one collection or of all, in file order. query searches names, folders, tags, methods, URLs ' +
    'and descriptions, best matches first, and forgives typos; it never searches headers, bodies or values. Returns a ' +
    'summary each: use describe_request for parameters and body, execute_read_request or execute_request to send one.',
  annotations: readsLocally,
  input: z.strictObject({
    collection_id: ref('Id or unambiguous name of a collection.').optional(),
    query,
    method: z.string().min(1).max(40).optional().describe('Only requests with this HTTP method, such as GET.'),
    folder: z
      .string()
      .min(1)
      .max(1_000)
      .optional()
      .describe('Only requests in this folder or below, names joined by "/".'),
    limit,
    cursor,
  }),
  output: z.object({
    content_note: contentNote,
    requests: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        collection_id: z.string(),
        path: z.string().describe('Folder names joined by "/"; empty at the root of the collection.'),
        method: z.string(),
        url: z.string().describe('The template, with {{variables}} unfilled and secrets redacted.'),
        auth_type: z.string(),
        tags: z.array(z.string()).optional(),
        not_executable: z.string().optional().describe('Why this request is listed only and cannot be sent.'),
        handles: z.array(z.string()).optional().describe('Names of the vault secrets that the request refers to.'),
      }),
    ),
    next_cursor: nextCursor,
    truncated: cut,
    content_end: contentEnd,
  }),
  own: [],
});
