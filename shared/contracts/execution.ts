// What execute_request and execute_read_request share: their arguments and their result.
import { z } from 'zod';
import { limits } from '../limits.ts';
import { mediaFormats } from '../media/magic.ts';
import { contentEnd, contentNote, cut, incomplete, nameValue, ref, rendered } from './fields.ts';

const MAX_ENTRIES = 200;
const NAME_CHARS = 512;
const VALUE_CHARS = limits.headerValueChars;

const name = z.string().min(1).max(NAME_CHARS);
const text = z.string().max(VALUE_CHARS);

const few = <T extends Record<string, unknown>>(record: T): boolean => Object.keys(record).length <= MAX_ENTRIES;
const tooMany = `at most ${MAX_ENTRIES} entries`;

export const executionInput = z.strictObject({
  request_id: ref('Id from list_requests, or an unambiguous name.'),
  environment_id: ref('Id or unambiguous name of the environment to fill variables from.').optional(),
  variables: z
    .record(name, text)
    .refine(few, tooMany)
    .optional()
    .describe(
      'Values for {{variables}} of the request; they win over the environment and are used as they are, but for {{captured:…}}.',
    ),
  query: z
    .record(name, text.nullable())
    .refine(few, tooMany)
    .optional()
    .describe('Query parameters to set or, with null, to leave out.'),
  headers: z
    .record(name, text.nullable())
    .refine(few, tooMany)
    .optional()
    .describe(
      'Headers to set or, with null, to leave out. Host, Content-Length, Cookie and connection headers are refused; Authorization may hold {{captured:…}} only.',
    ),
  body: z
    .union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())])
    .optional()
    .describe('Replaces the saved body: a text as it is, or an object or array sent as JSON.'),
  select: z
    .string()
    .min(1)
    .max(limits.selectChars)
    .optional()
    .describe('JMESPath over the redacted JSON body; only what it selects is returned, such as items[].id.'),
  response_format: z
    .enum(['full', 'text', 'source', 'shape', 'bytes'])
    .optional()
    .describe(
      'full: JSON as a value, HTML as readable text, other text as it is. text: JSON as text. source: HTML as it was written. ' +
        'shape: the structure of a JSON body (keys, types, counts, one example) instead of its data. ' +
        'bytes: a small binary body in base64, if it holds nothing that is redacted.',
    ),
  max_body_chars: z
    .int()
    .min(100)
    .max(limits.maxBodyChars)
    .optional()
    .describe(
      `Characters of the body to return; ${limits.bodyChars} if left out. The rest stays readable by read_response.`,
    ),
  timeout_ms: z.int().min(1).max(limits.maxTimeoutMs).optional().describe('Milliseconds to wait for the whole answer.'),
  dry_run: z
    .boolean()
    .optional()
    .describe('Show the request as it would be sent and what the policy decides; send nothing.'),
});

export type ExecutionInput = z.infer<typeof executionInput>;

const status = z.int().min(0).max(999);
const count = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
const ms = z.number().min(0).max(1e12);

const media = z.object({
  format: z.enum(mediaFormats),
  width: count.optional().describe('Pixels.'),
  height: count.optional().describe('Pixels.'),
  pages: count.optional(),
  entries: count.optional().describe('Files in an archive.'),
});

const body = z.object({
  kind: z.enum(['json', 'text', 'binary', 'empty', 'withheld']),
  content_type: z.string(),
  bytes: count.describe('Size of the body as received and decoded.'),
  charset: z.string().optional().describe('What the text was decoded from, where it is not UTF-8.'),
  rendered,
  value: z.unknown().optional().describe('The JSON value, what select took of it, or its first items: see shown.'),
  text: z.string().optional().describe('The text; for JSON only where it cannot be returned as a value.'),
  shape: z.unknown().optional(),
  media: media.optional().describe('What a binary body is, by its own header.'),
  base64: z.string().optional().describe('Only with response_format bytes.'),
  truncated: z.boolean(),
  shown: z.string().optional().describe('Which part this is, such as items 0-41 of 8,000.'),
  more: z.string().optional().describe('How to get the part that is not here.'),
  total_chars: count.optional().describe('Characters of all that this is a part of.'),
  incomplete,
  note: z
    .string()
    .optional()
    .describe('Why the body, or a part of it, is not as asked for; the request was sent all the same.'),
  response_id: z.string().optional().describe('For read_response, for about 30 minutes.'),
});

export const executionOutput = z.object({
  content_note: contentNote,
  request: z.object({
    method: z.string(),
    url: z.string(),
    headers: z.array(nameValue),
    body: z.string().optional().describe('Only where nothing was sent.'),
    auth_type: z.string().optional().describe('Only where nothing was sent: auth is added when the request is.'),
    token_endpoints: z
      .array(z.string())
      .optional()
      .describe('Only where nothing was sent: where its OAuth 2 auth asks for a token first, if it has none.'),
  }),
  dry_run: z.boolean().optional().describe('True: nothing was sent.'),
  decision: z
    .object({ verdict: z.enum(['allow', 'ask', 'deny']), rule: z.string(), reason: z.string() })
    .optional()
    .describe('Only in a dry run: what the policy decides about this call.'),
  handles: z.array(z.string()).optional().describe('Names of the vault secrets that it uses.'),
  status: status.optional(),
  status_text: z.string().optional(),
  headers: z.array(nameValue).optional(),
  body: body.optional(),
  timing: z.object({ total_ms: ms, first_byte_ms: ms }).optional(),
  redirects: z.array(z.object({ status, method: z.string(), url: z.string() })).optional(),
  tests: z
    .array(
      z.object({ name: z.string(), status: z.enum(['passed', 'failed', 'skipped']), message: z.string().optional() }),
    )
    .describe('Tests and assertions of its scripts in their order; notes tell how many are left out.'),
  scripts: z
    .object({
      skipped: z.boolean().optional().describe('True: a script took the request back, and nothing was sent.'),
      next_request: z
        .string()
        .nullable()
        .optional()
        .describe('The request that a script names to come next, null for none; it is not sent by itself.'),
      variables_set: z
        .array(z.object({ layer: z.string(), name: z.string() }))
        .optional()
        .describe(
          'Variables that scripts set or took away; later calls of this session see them, but for those of layer local.',
        ),
      unsupported: z.array(z.string()).optional().describe('What scripts called that Keyward does not have.'),
      console: z
        .array(z.object({ level: z.enum(['warn', 'error']), text: z.string() }))
        .optional()
        .describe('Warnings and errors that scripts logged.'),
    })
    .optional()
    .describe('What its scripts left behind; absent where that is nothing.'),
  captured: z
    .record(z.string(), z.string())
    .optional()
    .describe(
      'Tokens and cookies that this answer gave out: name of the field to the {{captured:…}} that stands for its value.',
    ),
  redactions: z.object({ count, reasons: z.array(z.string()) }).optional(),
  notes: z.array(z.string()).optional(),
  truncated: cut,
  correlation_id: z.string(),
  content_end: contentEnd,
});

export type ExecutionOutput = z.infer<typeof executionOutput>;

export const executionOwn = ['captured'];
