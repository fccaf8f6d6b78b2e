// `{{name}}` as Postman reads it: innermost pair first, a name holds no single brace, so `{{a_{{b}}}}` nests and
// `{{a}b}}` is text. One pass over the text, whatever it holds.
import { limits } from '../limits.ts';
import { seal } from '../secret/seal.ts';
import type { Template, TemplatePart } from './template.ts';

/** A text without references. */
export function plainTemplate(text: string): Template {
  return text === '' ? [] : [{ kind: 'text', text }];
}

/**
 * Lexes a text with `{{name}}` references. Unmatched braces, the empty `{{}}` and braces that nest deeper than
 * limits.templateDepth stay text. Never fails.
 */
export function lexTemplate(text: string): Template {
  return text.includes('{{') && text.includes('}}') ? reduce(text) : plainTemplate(text);
}

// `Bearer abc`: the word is no secret, and the token must be known to the scrubber without it.
const AUTH_SCHEME = /^\s*(?:bearer|basic|digest|token|apikey|api-key|jwt|negotiate|hmac|aws4-hmac-sha256)\s+/i;

/** Lexes a text from a sensitive place: its literal parts are sealed, and its references marked as standing there. */
export function lexSealed(text: string): Template {
  if (!text.includes('{{')) return text === '' ? [] : sealLiteral(text, true);
  return sealReferences(
    lexTemplate(text).flatMap((part, index): TemplatePart[] =>
      part.kind === 'text' ? sealLiteral(part.text, index === 0) : [part],
    ),
  );
}

/** A literal of a sensitive place; `isFirst` where a value starts with it, so that it may name an auth scheme. */
export function sealLiteral(text: string, isFirst: boolean): (TemplatePart & { kind: 'text' | 'sealed' })[] {
  if (text.trim() === '') return [{ kind: 'text', text }];
  const scheme = isFirst ? (AUTH_SCHEME.exec(text)?.[0] ?? '') : '';
  const rest = text.slice(scheme.length);
  const sealed = rest === '' ? [] : [{ kind: 'sealed' as const, value: seal(rest) }];
  return scheme === '' ? sealed : [{ kind: 'text', text: scheme }, ...sealed];
}

/** The template with its references marked as standing in a sensitive place. */
export function sealReferences(template: Template): Template {
  return template.map((part): TemplatePart => {
    if (part.kind === 'reference') return { ...part, sealed: true };
    return part.kind === 'handle' && part.otherwise ? { ...part, otherwise: sealReferences(part.otherwise) } : part;
  });
}

/** The template with its references unmarked: for a variable's value, which is a secret only where it is used as one. */
export function unmarkReferences(template: Template): Template {
  return template.map((part) => (part.kind === 'reference' ? { kind: 'reference', name: part.name } : part));
}

/**
 * The template with each reference to a plain name put through `map`; where that gives undefined the reference stays. For
 * dialects that give names of their own a meaning, such as `process.env.TOKEN`.
 */
export function mapReferences(template: Template, map: (name: string) => Template | undefined): Template {
  return template.flatMap((part): Template => {
    if (part.kind !== 'reference') return [part];
    const [only, ...others] = part.name;
    const plain = only?.kind === 'text' && others.length === 0;
    const mapped = plain ? map(only.text) : undefined;
    if (mapped) return part.sealed ? sealReferences(mapped) : mapped;
    return [{ ...part, name: mapReferences(part.name, map) }];
  });
}

/** The template for display: references as `{{name}}`, sealed parts as `[secret]`. */
export function templateText(template: Template): string {
  let text = '';
  for (const part of template) {
    if (part.kind === 'text') text += part.text;
    else text += shownPart(part);
  }
  return text;
}

function shownPart(part: Exclude<TemplatePart, { kind: 'text' }>): string {
  switch (part.kind) {
    case 'sealed':
      return '[secret]';
    case 'reference':
      return `{{${templateText(part.name)}}}`;
    case 'handle':
      return `{{vault:${part.names[0]}}}`;
    case 'captured':
      return `{{captured:${part.name}}}`;
    case 'derived':
      return '[secret]';
    case 'unsupported':
      return part.text;
  }
}

const BRACE = '{';
/** A part with the depth of the names in it, or an unreduced brace: only two side by side open a reference. */
type Item = { readonly part: TemplatePart; readonly depth: number } | typeof BRACE;

const textItem = (text: string): Item => ({ part: { kind: 'text', text }, depth: 0 });

function reduce(text: string): Template {
  const items: Item[] = [];
  let open: number[] = [];
  let at = 0;
  while (at < text.length) {
    const brace = nextBrace(text, at);
    if (brace > at) items.push(textItem(text.slice(at, brace)));
    if (brace === text.length) break;
    at = brace + 1;
    if (text[brace] === BRACE) {
      open.push(items.length);
      items.push(BRACE);
    } else if (text[at] === '}' && closeReference(items, open)) {
      at += 1;
    } else {
      // No name can span a single brace, so nothing opened before it can close.
      open = [];
      items.push(textItem('}'));
    }
  }
  return joinText(items);
}

function closeReference(items: Item[], open: number[]): boolean {
  const inner = open.at(-1);
  const outer = open.at(-2);
  if (inner === undefined || outer !== inner - 1 || inner === items.length - 1) return false;
  const name = items.slice(inner + 1);
  const depth = 1 + name.reduce((deepest, item) => (item === BRACE ? deepest : Math.max(deepest, item.depth)), 0);
  if (depth > limits.templateDepth) return false;
  items.length = outer;
  open.length -= 2;
  items.push({ part: { kind: 'reference', name: joinText(name) }, depth });
  return true;
}

function nextBrace(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '{' && text[at] !== '}') at += 1;
  return at;
}

function joinText(items: readonly Item[]): Template {
  const parts: TemplatePart[] = [];
  let text = '';
  for (const item of items) {
    if (item === BRACE) text += BRACE;
    else if (item.part.kind === 'text') text += item.part.text;
    else {
      if (text !== '') parts.push({ kind: 'text', text });
      text = '';
      parts.push(item.part);
    }
  }
  if (text !== '') parts.push({ kind: 'text', text });
  return parts;
}
