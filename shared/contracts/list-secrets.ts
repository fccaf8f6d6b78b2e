import { z } from 'zod';
import { contract, readsLocally } from './contract.ts';
import { contentEnd, contentNote, cursor, cut, limit, nextCursor, query } from './fields.ts';

export const listSecrets = contract({
  name: 'list_secrets',
  title: 'List secret handles',
  description:
    'Lists the secrets of the vault by name, label, origins they may go to, and times. Never a value: there is no tool that shows one. ' +
    'A collection or environment refers to one as {{vault:NAME}}. Only the operator can add or change secrets, with the keyward command.',
  annotations: readsLocally,
  input: z.strictObject({ query, limit, cursor }),
  output: z.object({
    content_note: contentNote,
    secrets: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        label: z.string().optional(),
        origins: z.array(z.string()).describe('The only origins that it is ever sent to.'),
        created: z.string().describe('ISO 8601, UTC.'),
        last_used: z.string().optional(),
        expires: z.string().optional(),
      }),
    ),
    next_cursor: nextCursor,
    truncated: cut,
    content_end: contentEnd,
  }),
  own: ['secrets'],
});
