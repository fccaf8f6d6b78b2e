import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contracts } from '../../shared/contracts/contracts.ts';
import { prompts } from '../../shared/contracts/prompts.ts';
import { resourceContent, resourceList } from '../../shared/contracts/resources.ts';
import { logFields } from '../../src/log/log.ts';
import { logLineFields, promptFields, resourceFields, resultFields } from './channels.ts';

const fieldsOf = (output: z.ZodType) => {
  const schema = z.toJSONSchema(output, { io: 'input', unrepresentable: 'any' });
  return Object.keys(schema.properties ?? {}).sort();
};

const unregistered = (tools: readonly { readonly name: string; readonly output: z.ZodType }[]) =>
  tools.flatMap(({ name, output }) =>
    fieldsOf(output)
      .filter((field) => !resultFields[name]?.includes(field))
      .map((field) => `${name}.${field}`),
  );

describe('ways out', () => {
  it('P1: every tool and every field of its result is registered', () => {
    expect(unregistered(contracts)).toEqual([]);
    expect(Object.keys(resultFields).sort()).toEqual(contracts.map(({ name }) => name).sort());
    for (const { name, output } of contracts)
      expect([...(resultFields[name] ?? [])].sort(), name).toEqual(fieldsOf(output));
  });

  it('P1: every field of a resource is registered', () => {
    const answers = { 'resources/list': resourceList, 'resources/read': resourceContent };
    expect(Object.keys(resourceFields)).toEqual(Object.keys(answers));
    for (const [method, { output }] of Object.entries(answers)) {
      expect([...(resourceFields[method] ?? [])].sort(), method).toEqual(fieldsOf(output));
    }
  });

  it('P1: every prompt is registered', () => {
    expect(Object.keys(promptFields)).toEqual(prompts.map(({ name }) => name));
  });

  it('P1: every field of a line of the log is registered', () => {
    expect(logLineFields).toEqual(logFields);
  });

  it('a field or tool that nobody registered is caught', () => {
    const planted = { name: 'list_secrets', output: z.object({ secrets: z.string(), values: z.string() }) };
    expect(unregistered([planted])).toEqual(['list_secrets.values']);
    expect(unregistered([{ name: 'show_secret', output: z.object({ value: z.string() }) }])).toEqual([
      'show_secret.value',
    ]);
  });
});
