import { z } from 'zod';
import { configSchema } from './schema.ts';

/** The JSON Schema (draft 2020-12) of keyward.yaml, for editors. */
export function configJsonSchema(): object {
  return {
    title: 'keyward.yaml',
    ...z.toJSONSchema(configSchema, { io: 'input' }),
  };
}
