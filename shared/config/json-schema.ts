import { z } from 'zod';
import { httpSchema } from './http-schema.ts';
import { configSchema } from './schema.ts';

/** The JSON Schema (draft 2020-12) of keyward.yaml, for editors. */
export function configJsonSchema(): object {
  return {
    title: 'keyward.yaml',
    ...z.toJSONSchema(configSchema, { io: 'input' }),
  };
}

/** The same of http.yaml. */
export function httpJsonSchema(): object {
  return {
    title: 'http.yaml',
    ...z.toJSONSchema(httpSchema, { io: 'input' }),
  };
}
