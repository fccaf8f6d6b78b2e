import { readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { configJsonSchema } from '../../../shared/config/json-schema.ts';

const file = resolve(import.meta.dirname, '../../../docs/reference/keyward.schema.json');

it('the JSON Schema of keyward.yaml is the published one (UPDATE=1 rewrites it)', () => {
  const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
  if (process.env.UPDATE) writeFileSync(file, text);
  expect(text).toBe(readFileSync(file, 'utf8'));
});
