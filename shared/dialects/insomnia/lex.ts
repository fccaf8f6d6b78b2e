// Insomnia's templates become ours. What is literal in them is sealed by the rules of all dialects: the text goes through
// them with each template as a numbered reference, which is put back afterwards.
import { handlePart } from '../../collection/handle-part.ts';
import { lexTemplate, mapReferences, plainTemplate } from '../../template/lex.ts';
import type { Template, TemplatePart } from '../../template/template.ts';
import { readExpression } from './path.ts';
import { hasTemplate, scanTemplate, type Token } from './scan.ts';
import { tagTemplate, unsupported } from './tags.ts';

export interface LexContext {
  /** Names under `_.vault` that environments of the same file state: those are variables. */
  readonly vault: ReadonlySet<string>;
  /** Those of them whose values stand in the file, from before there was a vault. */
  readonly legacyVault: ReadonlySet<string>;
  /** Whether a reference to this variable is data, and stays text. */
  readonly isData?: (name: string) => boolean;
}

/** What a text means that no environment has a part in. */
export const NO_CONTEXT: LexContext = { vault: new Set(), legacyVault: new Set() };

/** How the literal parts of a text are sealed: one of shared/collection/seal-literals.ts, or lexTemplate for none. */
export type SealText = (text: string) => Template;

/** A text whose templates are numbered references, for what takes it apart before it is lexed. */
export interface Encoded {
  readonly encoded: string;
  /** Puts the templates back into what was made of the encoded text or of a part of it. */
  decode(template: Template): Template;
}

/** The template of a text that Insomnia renders. Never fails. */
export function lexInsomnia(text: string, context: LexContext, seal: SealText = lexTemplate): Template {
  const { encoded, decode } = encodeInsomnia(text, context);
  return decode(seal(encoded));
}

/** The template of a text that Insomnia sends as it is. */
export function lexLiteral(text: string, seal: SealText): Template {
  const { encoded, decode } = encodeTokens([{ kind: 'text', text }], NO_CONTEXT);
  return decode(seal(encoded));
}

/** Takes the templates out of a text. */
export function encodeInsomnia(text: string, context: LexContext): Encoded {
  if (!hasTemplate(text)) return { encoded: text, decode: (template) => template };
  return encodeTokens(scanTemplate(text), context);
}

/** The name that a path has as a variable: `_.a['b'][0]` is `a.b.0`. */
export function nameOfSteps(steps: readonly string[]): string {
  return steps.join('.');
}

/** The names of the variables that a template refers to. */
export function referenceNames(template: Template): string[] {
  return template.flatMap((part) => {
    const [only] = part.kind === 'reference' ? part.name : [];
    return only?.kind === 'text' ? [only.text] : [];
  });
}

/** `{{vault:NAME}}` names a handle in every format. */
const HANDLE = /^vault:([A-Za-z0-9_.-]+)$/;

function encodeTokens(tokens: readonly Token[], context: LexContext): Encoded {
  const parts: Template[] = [];
  const keep = (template: Template): string => `{{${parts.push(template) - 1}}}`;
  const mixed = tokens.some(({ kind }) => kind !== 'text');
  let encoded = '';
  let literal = '';
  const flush = (): void => {
    // Two braces of a literal text would open a reference in what is sealed.
    const opens = literal.includes('{{') && (mixed || literal.includes('}}'));
    encoded += opens ? literal.replace(/\{{2,}/g, (braces) => keep([{ kind: 'text', text: braces }])) : literal;
    literal = '';
  };
  for (const token of tokens) {
    const template = tokenTemplate(token, context);
    const [only, ...others] = template;
    if (others.length === 0 && (only === undefined || only.kind === 'text')) {
      literal += only?.text ?? '';
    } else {
      flush();
      encoded += keep(template);
    }
  }
  flush();
  return { encoded, decode: (template) => joinTexts(mapReferences(template, (name) => parts[Number(name)])) };
}

function tokenTemplate(token: Token, context: LexContext): Template {
  switch (token.kind) {
    case 'text':
      return plainTemplate(token.text);
    case 'tag':
      return tagTemplate(token.name, token.args);
    case 'output':
      return outputTemplate(token, context);
  }
}

function outputTemplate({ inner, source }: Extract<Token, { kind: 'output' }>, context: LexContext): Template {
  const handle = HANDLE.exec(inner)?.[1];
  if (handle !== undefined) return [handlePart(handle)];
  const expression = readExpression(inner);
  switch (expression.kind) {
    case 'literal':
      return plainTemplate(expression.text);
    case 'path':
      return pathTemplate(expression.steps, source, context);
    case 'other':
      return [otherPart(inner)];
  }
}

function pathTemplate(steps: readonly string[], source: string, context: LexContext): Template {
  const name = nameOfSteps(steps);
  const [first, ...secret] = steps;
  const handle = first === 'vault' ? nameOfSteps(secret) : '';
  if (handle !== '' && !context.vault.has(handle)) return [handlePart(handle)];
  if (context.isData?.(name)) return plainTemplate(source);
  return [{ kind: 'reference', name: plainTemplate(name) }];
}

function otherPart(inner: string): TemplatePart {
  const filtered = inner.includes('|');
  const problem = filtered ? 'a filter in a template' : 'an expression in a template';
  return unsupported(filtered ? '{{ … | … }}' : '{{ (…) }}', problem);
}

function joinTexts(template: Template): Template {
  const joined: TemplatePart[] = [];
  for (const part of template) {
    const last = joined.at(-1);
    if (part.kind === 'text' && last?.kind === 'text')
      joined[joined.length - 1] = { kind: 'text', text: last.text + part.text };
    else joined.push(part);
  }
  return joined;
}
