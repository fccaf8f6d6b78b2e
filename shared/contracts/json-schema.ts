import { z } from 'zod';
import type { Contract } from './contract.ts';

/** A JSON Schema of an object, as tools/list carries it. */
export interface ObjectSchema {
  readonly type: 'object';
  readonly [keyword: string]: unknown;
}

/** A contract's schemas in JSON Schema 2020-12, the default dialect of MCP. */
export function jsonSchemas({ input, output }: Contract): {
  readonly input: ObjectSchema;
  readonly output: ObjectSchema;
} {
  return { input: objectSchema(input, 'input'), output: objectSchema(output, 'output') };
}

function objectSchema(schema: z.ZodType, io: 'input' | 'output'): ObjectSchema {
  const { type, ...keywords } = z.toJSONSchema(schema, { target: 'draft-2020-12', io });
  if (type !== 'object') throw new Error('a tool schema is no object');
  return { type, ...keywords };
}
