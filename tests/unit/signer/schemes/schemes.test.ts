import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { signDraft } from './sign-draft.ts';

const texts = z.record(z.string(), z.string());
const vector = z.strictObject({
  name: z.string(),
  type: z.string(),
  fields: texts,
  method: z.string().default('GET'),
  target: z.string().default('/'),
  given: z.array(z.tuple([z.string(), z.string()])).default([]),
  body: z.string().default(''),
  place: z.strictObject({ urlAsWritten: z.boolean() }).optional(),
  headers: z.record(z.string(), z.string().nullable()).default({}),
  expect: z.strictObject({ target: z.string().optional(), body: z.string().optional() }).default({}),
  failure: z.string().optional(),
});
const file = z.strictObject({ description: z.string(), cases: z.array(vector) });
const path = join(import.meta.dirname, '../../../vectors/auth-schemes.json');
const { cases } = file.parse(JSON.parse(readFileSync(path, 'utf8')));

describe('each auth on the wire', () => {
  it.each(cases)('$name', ({ type, fields, method, target, given, body, place, headers, expect: wire, failure }) => {
    const signed = signDraft(type, fields, { method, target, headers: given, body, ...(place && { place }) });
    expect(signed.failure?.code).toBe(failure);
    if (failure !== undefined) return;
    for (const [name, value] of Object.entries(headers)) expect(signed.headers[name] ?? null, name).toBe(value);
    expect({ ...signed, ...wire }).toEqual(signed);
    if (wire.target === undefined) expect(signed.target).toBe(target);
    if (wire.body === undefined) expect(signed.body).toBe(body);
  });

  it('P7: says which field is missing or wrong, and none of their values', () => {
    for (const { type, fields } of cases.filter(({ failure }) => failure !== undefined)) {
      const { failure } = signDraft(type, { ...fields, realm: 'zebra' });
      if (!failure) continue;
      expect(failure.facts).toMatchObject({ type });
      expect(String(failure.facts.field ?? failure.facts.problem)).not.toBe('undefined');
    }
  });
});
