import { z } from 'zod';
import { contract, readsLocally } from './contract.ts';
import { contentEnd, contentNote, cut, ref, secretRef } from './fields.ts';

const field = z.object({
  name: z.string().nullable(),
  value: z.string().nullable(),
  enabled: z.boolean(),
  description: z.string().optional(),
});

const body = z.object({
  kind: z.enum(['none', 'raw', 'urlencoded', 'multipart', 'file', 'graphql']),
  language: z.string().optional(),
  text: z.string().optional(),
  fields: z.array(field).optional(),
  files: z.array(z.string()).optional().describe('Paths of files that the body sends.'),
  query: z.string().optional(),
  variables: z.string().optional(),
});

const variable = z.object({
  name: z.string(),
  status: z
    .enum(['set', 'missing', 'secret', 'dynamic'])
    .describe('missing: pass it in variables or choose an environment. dynamic: made anew at each call.'),
  source: z
    .string()
    .optional()
    .describe(
      'Where the value comes from: environment, folder, collection, globals, vault, session where a script set it, or claim where the server ' +
        'fills it and it cannot be passed.',
    ),
  value: z.string().optional(),
});

export const describeRequest = contract({
  name: 'describe_request',
  title: 'Describe one request',
  description:
    'Shows one saved request in full: URL, parameters, headers, body, documentation, auth, examples, and which variables are set, ' +
    'missing or secret with the chosen environment. Sends nothing and never shows a secret value: ' +
    'use execute_request with dry_run to see the filled-in request, or without to send it.',
  annotations: readsLocally,
  input: z.strictObject({
    request_id: ref('Id from list_requests, or an unambiguous name.'),
    environment_id: ref('Id or unambiguous name of an environment to look variables up in.').optional(),
  }),
  output: z.object({
    content_note: contentNote,
    id: z.string(),
    name: z.string(),
    collection_id: z.string(),
    collection: z.string(),
    path: z.string(),
    method: z.string(),
    url: z.string(),
    params: z.array(field).describe('Query parameters.'),
    path_variables: z.array(field),
    headers: z.array(field),
    body,
    auth: z.object({
      type: z.string(),
      from: z.string().describe('What states it: request, folder, collection or none.'),
      token_endpoints: z.array(z.string()).optional().describe('Where OAuth 2 asks for a token first, if it has none.'),
      fields: z.array(
        z.object({ name: z.string(), text: z.string().optional(), secrets: z.array(secretRef).optional() }),
      ),
    }),
    docs: z.string().optional(),
    variables: z.array(variable),
    scripts: z
      .array(
        z.object({
          phase: z.string().describe('before the request is sent, or after its answer.'),
          from: z.string(),
          language: z.string(),
          size: z.int().min(0).max(1e9).describe('Characters of its source.'),
        }),
      )
      .describe('Scripts that run when the request is executed.'),
    examples: z.array(z.object({ name: z.string(), status: z.int().min(0).max(999).optional() })),
    notes: z
      .array(z.string())
      .optional()
      .describe('What the file states of this request that is left out when it is sent.'),
    not_executable: z.string().optional().describe('Why this request is listed only and cannot be sent.'),
    tags: z.array(z.string()).optional(),
    access: z.string().describe('Whether a call would run, ask a person first, or be refused.'),
    source: z.object({ file: z.string(), line: z.int().min(1).max(1e9).optional() }),
    truncated: cut,
    content_end: contentEnd,
  }),
  own: ['auth', 'auth.fields.*.secrets'],
});
