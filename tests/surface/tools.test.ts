import { describe, expect, it } from 'vitest';
import { contracts } from '../../shared/contracts/contracts.ts';
import { catalogue } from '../../shared/failure/catalogue.ts';
import { INSTRUCTIONS } from '../../src/server/create-server.ts';
import { listPrompts } from '../../src/server/prompts.ts';
import { listTools } from '../../src/server/tool-list.ts';
import { tools } from '../../src/tools/tools.ts';
import { asJson, pin, pinned } from './pin.ts';
import { failuresPage, promptsPage, toolsPage } from './reference.ts';

const surface = () => asJson({ instructions: INSTRUCTIONS, tools: listTools(), prompts: listPrompts() });
const codes = () => asJson(Object.entries(catalogue).map(([code, { retryable }]) => ({ code, retryable })));

describe('the surface', () => {
  it('tools/list is as pinned', () => expect(surface()).toBe(pin('tests/surface/fixtures/tools.json', surface())));
  it('failure codes are as pinned', () => expect(codes()).toBe(pin('tests/surface/fixtures/failures.json', codes())));
  it('docs/reference/tools.md says the same', () =>
    expect(toolsPage(listTools())).toBe(pin('docs/reference/tools.md', toolsPage(listTools()))));
  it('docs/reference/prompts.md says the same', () =>
    expect(promptsPage(listPrompts())).toBe(pin('docs/reference/prompts.md', promptsPage(listPrompts()))));
  it('docs/reference/failures.md says the same', () =>
    expect(failuresPage()).toBe(pin('docs/reference/failures.md', failuresPage())));

  it('a pin bites: any change of a tool or a code differs from it', () => {
    const list = listTools();
    const mutants = [
      list.slice(1),
      [...list].reverse(),
      ...list.map((tool) => [{ ...tool, description: `${tool.description} ` }]),
      ...list.map((tool) => [
        { ...tool, annotations: { ...tool.annotations, readOnlyHint: !tool.annotations?.readOnlyHint } },
      ]),
      ...list.map((tool) => [{ ...tool, inputSchema: { ...tool.inputSchema, additionalProperties: true } }]),
    ];
    for (const mutant of mutants) {
      expect(asJson({ instructions: INSTRUCTIONS, tools: mutant, prompts: listPrompts() })).not.toBe(
        pinned('tests/surface/fixtures/tools.json'),
      );
    }
    expect(codes().replace('POLICY/DENIED', 'POLICY/REFUSED')).not.toBe(pinned('tests/surface/fixtures/failures.json'));
  });
});

describe('every contract', () => {
  it('has a handler, in the same order', () => {
    expect(tools.map(({ contract }) => contract)).toEqual(contracts);
  });

  it.each(listTools().map((tool) => [tool.name, tool] as const))('%s keeps to the rules of clients', (name, tool) => {
    expect(name).toMatch(/^[a-z_]{1,32}$/);
    expect(tool.title?.length).toBeGreaterThan(0);
    expect(tool.description?.length).toBeLessThan(1_000);
    // Directories reject orders to the model as injection.
    expect(tool.description).not.toMatch(/\b(must call|always call|you must|important)\b/i);
    const properties = Object.entries(tool.inputSchema.properties ?? {}) as [string, Record<string, unknown>][];
    for (const [argument, schema] of properties) {
      expect(schema.description, `${name}.${argument}`).toMatch(/\w/);
      if (schema.type === 'integer')
        expect(schema).toMatchObject({ minimum: expect.any(Number), maximum: expect.any(Number) });
    }
    expect(tool.inputSchema.additionalProperties).toBe(false);
  });

  it('P8: no argument can approve, trust, reveal or widen anything', () => {
    const names = listTools().flatMap(({ inputSchema }) => Object.keys(inputSchema.properties ?? {}));
    expect(
      names.filter((name) =>
        /appro|trust|confirm|reveal|secret|value|polic|allow|force|access|url|origin|host/.test(name),
      ),
    ).toEqual([]);
  });
});
