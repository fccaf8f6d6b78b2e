import { z } from 'zod';
import { secretPlaces, secretSources } from '../secret/secret-ref.ts';
import { contract, readsLocally } from './contract.ts';
import { contentEnd, contentNote, cursor, cut, limit, nextCursor, query } from './fields.ts';

export const listSecrets = contract({
  name: 'list_secrets',
  title: 'List secret handles',
  description:
    'Lists the secrets of the vault by name, label, what each may be used for, and times. Never a value: there is no tool that shows one. ' +
    'A collection or environment refers to one as {{vault:NAME}}. Names that begin with captured: are tokens that answers gave out in this session. Only the operator can add or change secrets, with the keyward command.',
  annotations: readsLocally,
  input: z.strictObject({ query, limit, cursor }),
  output: z.object({
    content_note: contentNote,
    secrets: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        tier: z
          .enum(['reading', 'writing'])
          .describe('A name can have one of each; the writing one goes with requests that change data only.'),
        label: z.string().optional(),
        origins: z.array(z.string()).describe('The only origins that it is ever sent to.'),
        places: z.array(z.enum(secretPlaces)).describe('Where in a request it may stand.'),
        methods: z.array(z.string()).optional().describe('The only methods it goes with; absent: all.'),
        source: z.enum(secretSources).describe('Where its value is kept; `value`: in the vault itself.'),
        created: z.string().describe('ISO 8601, UTC.'),
        rotated: z.string().optional().describe('When it last got a new value.'),
        last_used: z.string().optional().describe('Not told over HTTP.'),
        use_count: z.number().int().optional().describe('Not told over HTTP.'),
        max_uses: z.number().int().optional().describe('How often it may be used at most.'),
        expires: z.string().optional(),
      }),
    ),
    next_cursor: nextCursor,
    truncated: cut,
    content_end: contentEnd,
  }),
  own: ['secrets'],
});
