// `example` blocks: a request and an answer saved with it, one level deeper, with a colon before each brace.
import type { Example } from '../../collection/model.ts';
import { redactSavedBody } from '../../collection/seal-literals.ts';
import { reparseBru } from './blocks.ts';
import { readFields } from './fields.ts';
import { type BruBlock, type BruPair, outdent, pairsOf, valueIn } from './syntax.ts';
import type { Values } from './values.ts';

/** The answers of all examples; what somebody's answer held is redacted before it is in the model. */
export function readExamples(blocks: readonly BruBlock[], values: Values): Example[] {
  return blocks.flatMap((block) =>
    block.kind === 'text' && block.name === 'example' ? [readExample(outdent(block.raw), values)] : [],
  );
}

function readExample(text: string, values: Values): Example {
  const response = sectionOf(text, 'response');
  const blocks = reparseBru(response.replace(SECTION_HEAD, '$1 {'), 'answer');
  const { status, text: statusText } = statusOf(blocks);
  const code = /^\d{3}$/.test(status) ? status : statusText;
  const body = exampleBody(blocks);
  return {
    name: /^name[ \t]*:[ \t]*([^\n]*)$/m.exec(text)?.[1]?.trim() ?? '',
    ...(/^\d{3}$/.test(code) && { status: Number(code) }),
    headers: readFields(pairsOf(blocks, 'headers'), values, values.header),
    ...(body !== '' && { body: redactSavedBody(body) }),
  };
}

const SECTION_HEAD = /^(headers|status|body)[ \t]*:[ \t]*\{/gm;

/** The lines between `name: {` and the "}" at the start of a line, brought to the left. */
function sectionOf(text: string, name: string): string {
  const head = new RegExp(`^${name}[ \\t]*:[ \\t]*\\{[ \\t]*\\n`, 'm').exec(text);
  if (!head) return '';
  const from = head.index + head[0].length;
  const end = text.indexOf('\n}', from - 1);
  return outdent(text.slice(from, end === -1 ? text.length : end));
}

/** Early imports of Postman files wrote code and text the wrong way round. */
function statusOf(blocks: readonly BruBlock[]): { readonly status: string; readonly text: string } {
  return { status: valueIn(blocks, 'status', 'code') ?? '', text: valueIn(blocks, 'status', 'text') ?? '' };
}

function exampleBody(blocks: readonly BruBlock[]): string {
  const content: BruPair | undefined = pairsOf(blocks, 'body').findLast(({ name }) => name === 'content');
  return content?.value ?? '';
}
