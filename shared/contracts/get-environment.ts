import { z } from 'zod';
import { contract, readsLocally } from './contract.ts';
import { contentEnd, contentNote, cut, ref, secretRef } from './fields.ts';

export const getEnvironment = contract({
  name: 'get_environment',
  title: 'Read an environment',
  description:
    'Reads the variables of one environment, as scripts left them in this session. A secret one shows as a SecretRef (where its value stands), never as the value, ' +
    'and there is no way to ask for it: execute_request fills it in. Changes nothing.',
  annotations: readsLocally,
  input: z.strictObject({ environment_id: ref('Id from list_environments, or an unambiguous name.') }),
  output: z.object({
    content_note: contentNote,
    id: z.string(),
    name: z.string(),
    variables: z.array(
      z.object({
        name: z.string(),
        enabled: z.boolean(),
        value: z.string().optional().describe('Absent for a secret.'),
        secret: secretRef.optional(),
        source: z
          .literal('session')
          .optional()
          .describe('A script set it in this session; the file has another value, or none.'),
      }),
    ),
    truncated: cut,
    content_end: contentEnd,
  }),
  own: ['variables.*.secret'],
});
