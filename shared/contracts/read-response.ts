import { z } from 'zod';
import { limits } from '../limits.ts';
import { contract, readsLocally } from './contract.ts';
import { contentEnd, contentNote, cut, incomplete, ref, rendered } from './fields.ts';

const chars = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

export const readResponse = contract({
  name: 'read_response',
  title: 'Read more of a response',
  description:
    'Reads more of a redacted body that an execute call returned in part: a slice by offset and limit, or a selection by select. ' +
    'Sends nothing. Bodies are kept in memory for about 30 minutes; after that execute the request again.',
  annotations: readsLocally,
  input: z.strictObject({
    response_id: ref('response_id of an execute call.'),
    offset: z
      .int()
      .min(0)
      .max(Number.MAX_SAFE_INTEGER)
      .optional()
      .describe('First character to return; 0 if left out.'),
    limit: z
      .int()
      .min(1)
      .max(limits.maxBodyChars)
      .optional()
      .describe(`Characters to return at most; ${limits.bodyChars} if left out.`),
    select: z
      .string()
      .min(1)
      .max(limits.selectChars)
      .optional()
      .describe(
        'JMESPath over the whole redacted JSON body; offset and limit then apply to the selection written as JSON.',
      ),
    response_format: z
      .enum(['text', 'source'])
      .optional()
      .describe('Of an HTML body: text, the readable text, if left out; source, the HTML as it was written.'),
  }),
  output: z.object({
    content_note: contentNote,
    response_id: z.string(),
    kind: z.enum(['json', 'text']),
    content_type: z.string(),
    rendered,
    incomplete,
    total_chars: chars,
    offset: chars,
    text: z.string().optional(),
    value: z.unknown().optional().describe('What select took, where it fits as a whole.'),
    next_offset: chars.optional().describe('Pass it as offset for the next slice; absent at the end.'),
    note: z.string().optional().describe('What is missing in the kept body itself.'),
    truncated: cut,
    content_end: contentEnd,
  }),
  own: [],
});
