import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { configJsonSchema, httpJsonSchema } from '../../../shared/config/json-schema.ts';

it.each([
  ['keyward.yaml', 'keyward.schema.json', configJsonSchema],
  ['http.yaml', 'http.schema.json', httpJsonSchema],
])('the JSON Schema of %s is the published one (UPDATE=1 rewrites it)', (_, name, schema) => {
  const file = resolve(import.meta.dirname, '../../../docs/reference', name);
  const text = `${JSON.stringify(schema(), null, 2)}\n`;
  if (process.env.UPDATE) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
});
