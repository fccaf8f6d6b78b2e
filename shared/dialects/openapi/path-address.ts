import { plainTemplate } from '../../template/lex.ts';
import type { Template, TemplatePart } from '../../template/template.ts';
import { joinText } from './join-text.ts';

/** A path template in its parts. */
export interface PathAddress {
  /** The path before any query; begins with a slash. */
  readonly address: Template;
  /** Parameters that are a `:name` segment. */
  readonly segments: ReadonlySet<string>;
  /** Parameters that are a `{{name}}` inside of one. */
  readonly references: ReadonlySet<string>;
  /** What some files have behind a question mark. */
  readonly query?: string;
  readonly fragment?: string;
}

/** `{name}` up to the end of the segment or a dot: as `:name` its value cannot reach beyond the segment. */
const LEADING = /^\{([^{}/.?#:;=&]+)\}(?=\.|$)/;

/**
 * Reads a path of `paths`. `prefixOf` gives what stands before a parameter's value (`;name=` of style matrix); such a
 * parameter and one that shares its segment become references.
 */
export function readPath(path: string, prefixOf: (name: string) => string): PathAddress {
  const [beforeHash = '', fragment] = cut(path, '#');
  const [plain = '', query] = cut(beforeHash, '?');
  const segments = new Set<string>();
  const references = new Set<string>();
  const parts: TemplatePart[] = [];
  for (const segment of plain.replace(/^\//, '').split('/')) {
    parts.push({ kind: 'text', text: '/' });
    const name = LEADING.exec(segment)?.[1];
    const leads = name !== undefined && prefixOf(name) === '';
    if (leads) {
      segments.add(name);
      parts.push({ kind: 'text', text: `:${name}` });
    }
    // A segment can hold more parameters than a call takes arguments.
    for (const part of embedded(leads ? segment.slice(name.length + 2) : segment, prefixOf, references))
      parts.push(part);
  }
  return {
    // A `:name` counts only where its segment is whole in one part.
    address: joinText(parts),
    segments,
    references,
    ...(query !== undefined && { query }),
    ...(fragment !== undefined && { fragment }),
  };
}

function embedded(text: string, prefixOf: (name: string) => string, references: Set<string>): Template {
  return text.split(/\{([^{}]+)\}/).flatMap((piece, index): Template => {
    if (index % 2 === 0) return plainTemplate(piece);
    references.add(piece);
    return [...plainTemplate(prefixOf(piece)), { kind: 'reference', name: plainTemplate(piece) }];
  });
}

function cut(text: string, separator: string): [before: string, after?: string] {
  const at = text.indexOf(separator);
  return at === -1 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
