// The reference pages, written from the contracts and the catalogue.
import type { Tool } from '@modelcontextprotocol/server';
import { type CatalogueEntry, catalogue } from '../../shared/failure/catalogue.ts';
import type { listPrompts } from '../../src/server/prompts.ts';

interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly unknown[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly additionalProperties?: Schema | boolean;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly maxLength?: number;
}

const GENERATED =
  '<!-- Generated from the contracts; a test compares it. Write it anew with UPDATE=1 npx vitest run tests/surface/tools.test.ts -->';

export function toolsPage(tools: readonly Tool[]): string {
  const intro =
    'Every argument object is strict: an unknown argument is refused. Results come as structured content and, the same, as JSON text.';
  return [GENERATED, '# Tools', intro, ...tools.map(toolSection)].join('\n\n').concat('\n');
}

export function promptsPage(prompts: ReturnType<typeof listPrompts>): string {
  const intro =
    'A prompt is one message: a task in fixed words, then what the tools show of the request as JSON. It sends nothing. With `prompts.redactHosts` in keyward.yaml the host of every absolute URL is `[REDACTED_HOST]`.';
  const sections = prompts.map(({ name, title, description, arguments: args }) => {
    const rows = args.map((each) => `| ${each.required ? each.name : `${each.name}?`} | ${cell(each.description)} |`);
    return [`## ${name}`, `${title}. ${description}`, ['| argument | |', '| --- | --- |', ...rows].join('\n')].join(
      '\n\n',
    );
  });
  return [GENERATED, '# Prompts', intro, ...sections].join('\n\n').concat('\n');
}

function toolSection({ name, title, description, annotations, inputSchema, outputSchema }: Tool): string {
  const hints = Object.entries(annotations ?? {}).map(([hint, value]) => `${hint}: ${String(value)}`);
  return [
    `## ${name}`,
    `${title}. ${description}`,
    `Annotations: ${hints.join(', ')}.`,
    '### Arguments',
    table(inputSchema as Schema),
    '### Result',
    table((outputSchema ?? {}) as Schema),
  ].join('\n\n');
}

function table({ properties = {}, required = [] }: Schema): string {
  const rows = Object.entries(properties).map(([name, schema]) => {
    const marked = required.includes(name) ? name : `${name}?`;
    return `| ${marked} | ${cell(typeText(schema))} | ${cell(schema.description ?? '')} |`;
  });
  return ['| name | type | |', '| --- | --- | --- |', ...rows].join('\n');
}

function typeText(schema: Schema): string {
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (schema.anyOf) return schema.anyOf.map(typeText).join(' or ');
  if (schema.type === 'array') return `list of ${typeText(schema.items ?? {})}`;
  if (schema.properties) {
    const names = Object.keys(schema.properties).map((name) => (schema.required?.includes(name) ? name : `${name}?`));
    return `{ ${names.join(', ')} }`;
  }
  if (typeof schema.additionalProperties === 'object') return `object of ${typeText(schema.additionalProperties)}`;
  return `${String(schema.type ?? 'any')}${range(schema)}`;
}

function range({ minimum, maximum, maxLength }: Schema): string {
  if (maxLength !== undefined) return `, at most ${maxLength} characters`;
  if (maximum === undefined || maximum === Number.MAX_SAFE_INTEGER) return '';
  return `, ${minimum ?? ''} to ${maximum}`;
}

export function failuresPage(): string {
  const rows = Object.entries(catalogue).map(([code, { title, fix, retryable }]: [string, CatalogueEntry]) => {
    return `| \`${code}\` | ${cell(title)} | ${cell(fix)} | ${retryable ? 'yes' : 'no'} |`;
  });
  const intro =
    'A failed call is an `isError` result whose text is JSON: `code`, `message`, `fix`, `retryable`, `correlation_id` and, where it has a place, `where`. An unknown tool is a JSON-RPC error.';
  const head = ['| code | what happened | what to do | same call may work later |', '| --- | --- | --- | --- |'];
  return `${[GENERATED, '# Failures', intro, [...head, ...rows].join('\n')].join('\n\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
