import type { Example } from '../../collection/model.ts';
import { indented, keyText, type Lose, unixText, writeTemplate } from './write-text.ts';

/** A saved answer as an `example` block, with the request that it belongs to in short. */
export function writeExample(
  example: Example,
  request: { readonly method: string; readonly url: string },
  lose: Lose,
): string {
  const response = [
    headersText(example, lose),
    example.status === undefined ? '' : `status: {\n  code: ${example.status}\n  text: \n}\n`,
    bodyText(example.body ?? '', lose),
  ];
  const parts = [
    `name: ${lineText(example.name)}\n`,
    `request: {\n  url: ${lineText(request.url)}\n  method: ${request.method}\n  mode: none\n}\n`,
    `response: {\n${indented(
      response
        .filter((part) => part !== '')
        .join('\n')
        .trimEnd(),
      2,
    )}\n}\n`,
  ];
  return `example {\n${indented(parts.join('\n').trimEnd(), 2)}\n}\n`;
}

function lineText(text: string): string {
  return unixText(text).replaceAll('\n', ' ').trim();
}

function headersText({ headers }: Example, lose: Lose): string {
  if (headers.length === 0) return '';
  const pairs = headers.map(
    ({ name, value }) => `  ${keyText(writeTemplate(name), lose)}: ${lineText(writeTemplate(value))}\n`,
  );
  return `headers: {\n${pairs.join('')}}\n`;
}

function bodyText(body: string, lose: Lose): string {
  const text = unixText(body).trim();
  if (text === '') return '';
  if (text.includes("'''")) lose('three quotes in a row in an example');
  const type = /^[[{]/.test(text) ? 'json' : 'text';
  return `body: {\n  type: ${type}\n  content: '''\n${indented(text.replaceAll("'''", "'' '"), 4)}\n  '''\n}\n`;
}
