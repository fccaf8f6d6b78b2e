import { z } from 'zod';
import { contract, readsLocally } from './contract.ts';
import { contentEnd, contentNote, cursor, cut, limit, nextCursor, ref } from './fields.ts';

export const getHistory = contract({
  name: 'get_history',
  title: 'List past executions',
  description:
    'Lists past executions from the journal, newest first: who, when, method, origin, path, status, duration and what was decided. ' +
    'Holds no headers, queries or bodies: use read_response for a recent body.',
  annotations: readsLocally,
  input: z.strictObject({
    request_id: ref('Only executions of this request: an id or unambiguous name.').optional(),
    limit,
    cursor,
  }),
  output: z.object({
    content_note: contentNote,
    entries: z.array(
      z.object({
        correlation_id: z.string(),
        parent: z
          .string()
          .optional()
          .describe('Of what a script sent: correlation_id of the execution whose script it was.'),
        at: z.string().describe('ISO 8601, UTC.'),
        who: z.string(),
        request_id: z.string(),
        request_name: z.string().optional(),
        collection_id: z.string(),
        environment_id: z.string().optional(),
        method: z.string(),
        origin: z.string(),
        path: z.string().optional(),
        handles: z.array(z.string()).optional().describe('Ids of the vault secrets used.'),
        decision: z.object({ verdict: z.string(), rule: z.string(), reason: z.string() }),
        outcome: z
          .enum(['answered', 'failed', 'denied', 'asked', 'unfinished'])
          .describe('asked: a person at the client was asked, and no answer to that has come; nothing was sent.'),
        status: z.int().min(0).max(999).optional(),
        failure: z.string().optional(),
        duration_ms: z.number().min(0).max(1e12).optional(),
      }),
    ),
    next_cursor: nextCursor,
    truncated: cut,
    content_end: contentEnd,
  }),
  own: [],
});
