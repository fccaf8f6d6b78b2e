// The `yaml` package, bounded. It takes seconds and gigabytes for a million tokens, brings the process down where a text nests
// deeply, and looks through all of a document for each alias: texts are measured before, and aliases are followed here.
import { type Document, isNode, LineCounter, parseDocument, visit } from 'yaml';
import { limits } from '../limits.ts';
import { nestsWithin } from '../nests-within.ts';
import { placeOf, type TextPlace } from './json-place.ts';
import { followAliases } from './yaml-aliases.ts';
import { hasMoreYamlTokens } from './yaml-tokens.ts';

const OPTIONS = { logLevel: 'error', uniqueKeys: false, prettyErrors: false } as const;

/** What a document holds, or a fixed text that says why it has no value; without a place where that is no single one. */
export type YamlValue =
  | { readonly value: unknown }
  | { readonly problem: string; readonly place?: TextPlace; readonly isTooMuch?: true };

/** The value of the only document of a text. */
export function readYamlDocument(text: string): YamlValue {
  try {
    const document = parseBounded(text);
    if (!document) return { problem: TOO_MUCH, isTooMuch: true };
    const [error] = document.errors;
    if (error) return problemOf(error, text);
    const read = hasAliases(document) ? followAliases(document.contents) : { value: document.toJS() as unknown };
    if ('problem' in read || nestsWithin(read.value, limits.valueDepth)) return read;
    return { problem: `it nests deeper than ${limits.valueDepth} levels` };
  } catch {
    return { problem: 'not YAML' };
  }
}

const TOO_MUCH = `no plain YAML from here on, in a file of more than ${limits.yamlDocumentTokens} tokens, ${limits.valueDepth} levels or ${limits.yamlDocumentChars} characters`;

// The package's messages quote the text, and a line of a collection can hold a secret: only its codes are passed on.
function problemOf({ code, pos }: { readonly code: string; readonly pos: [number, number] }, text: string): YamlValue {
  return { problem: `not YAML (${code.toLowerCase().replaceAll('_', ' ')})`, place: placeOf(text, pos[0]) };
}

function hasAliases(document: Document.Parsed): boolean {
  let found = false;
  visit(document, {
    Alias: () => {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

/** A function from paths of keys and indexes to the places where their values start, in a text be it sound or not. */
export function createYamlDocumentLocator(text: string): (path: readonly (string | number)[]) => TextPlace | undefined {
  const lines = new LineCounter();
  let document: Document.Parsed | undefined;
  try {
    document = parseBounded(text, lines);
  } catch {
    // Then nothing of it has a place.
  }
  return (path) => {
    const node: unknown = path.length === 0 ? document?.contents : document?.getIn(path, true);
    if (!isNode(node) || !node.range) return undefined;
    const { line, col } = lines.linePos(node.range[0]);
    return { line, column: col };
  };
}

/** The document of a text, be it sound or not; undefined where parsing it would take too much. */
function parseBounded(text: string, lineCounter?: LineCounter): Document.Parsed | undefined {
  const isTooMuch = text.length > limits.yamlDocumentChars || hasMoreYamlTokens(text, limits.yamlDocumentTokens);
  return isTooMuch ? undefined : parseDocument(text, { ...OPTIONS, ...(lineCounter && { lineCounter }) });
}
