// Blocks and pairs as text. What the syntax has no way to say is told as a loss, never written in a way that reads as another.
import { templateText } from '../../template/lex.ts';
import type { Template } from '../../template/template.ts';

/** Says what is left out or changed. */
export type Lose = (what: string) => void;

export interface WritePair {
  readonly name: string;
  readonly value: string;
  readonly enabled?: boolean;
  readonly description?: string;
}

/** A template with each handle as `{{process.env.NAME}}`, which Bruno fills from its `.env` file and this reader from the vault. */
export function writeTemplate(template: Template): string {
  return template
    .map((part): string => {
      if (part.kind === 'handle') return handleText(part.names[0]);
      if (part.kind !== 'reference') return templateText([part]);
      const name = writeTemplate(part.name);
      return name.startsWith(VAULT) ? handleText(name.slice(VAULT.length)) : `{{${name}}}`;
    })
    .join('');
}

const VAULT = 'vault:';

/** A name with dots in it would be a path into nested values. */
function handleText(name: string): string {
  return /^[\w-]+$/.test(name) ? `{{process.env.${name}}}` : `{{process.env['${name}']}}`;
}

/** A block of pairs; '' where there are none. `indent` are the spaces in front of it. */
export function pairsBlock(name: string, pairs: readonly WritePair[], lose: Lose): string {
  if (pairs.length === 0) return '';
  return `${name} {\n${pairs.map((pair) => pairText(pair, lose)).join('')}}\n`;
}

/** A block of text; '' where it is empty. */
export function textBlock(name: string, text: string): string {
  return text === '' ? '' : `${name} {\n${indented(unixText(text), 2)}\n}\n`;
}

/** Every line that many spaces deeper, empty ones too: what they begin with is what a reader takes away. */
export function indented(text: string, spaces: number): string {
  return text
    .split('\n')
    .map((line) => ' '.repeat(spaces) + line)
    .join('\n');
}

export function unixText(text: string): string {
  return text.replaceAll(/\r\n?/g, '\n');
}

/** The blocks with an empty line between them. */
export function joinBlocks(blocks: readonly string[]): string {
  return blocks.filter((block) => block !== '').join('\n');
}

function pairText({ name, value, enabled = true, description }: WritePair, lose: Lose): string {
  return `${noteText(description)}  ${enabled ? '' : '~'}${keyText(name, lose)}: ${valueText(value, lose)}\n`;
}

/** The line above a pair that describes it; '' for none. */
export function noteText(description = ''): string {
  return description === '' ? '' : `  @description(${quotedArgument(description)})\n`;
}

function quotedArgument(text: string): string {
  if (/^[^'\n\r]*$/.test(text)) return `'${text}'`;
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `"${escaped}"`;
}

/** A name, in quotes where it has what would end it. */
export function keyText(name: string, lose: Lose): string {
  const line = name.replaceAll(/\s*[\r\n]\s*/g, ' ').trim();
  const kept = line.replace(/\\+$/, '');
  if (kept !== name) lose('spaces, line ends or a backslash at the end of a name');
  return /[:"{}\s]|^[~@]/.test(kept) ? `"${kept.replaceAll('"', '\\"')}"` : kept;
}

/** A value on one line, or in `'''` on several. */
export function valueText(value: string, lose: Lose): string {
  const text = unixText(value).trim();
  if (text !== value) lose('spaces at the ends of a value');
  const isList = /^\[[ \t]*(?:\n|$)/.test(text);
  const isBlock = text.includes('\n') || text.startsWith("'''") || isList;
  if (!isBlock) return text;
  if (text.includes("'''"))
    lose('three quotes in a row, written with a space between them: a text of several lines ends there');
  return `'''\n${indented(text.replaceAll("'''", "'' '"), 4)}\n  '''`;
}
