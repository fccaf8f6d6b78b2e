// YAML 1.2 of other people, bounded: aliases cannot multiply it, and what nests too deeply fails instead of exhausting the stack.
import { isNode, LineCounter, parse, parseDocument, stringify, YAMLParseError } from 'yaml';
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';
import { nestsWithin } from '../nests-within.ts';
import type { TextPlace } from './json-place.ts';

const OPTIONS = { maxAliasCount: 100, logLevel: 'error', uniqueKeys: false, prettyErrors: false } as const;

/** The value of a YAML text. Fails with COLLECTION/MALFORMED and the place of the first error. */
export function readYaml(text: string, file: string): Result<unknown> {
  try {
    const value: unknown = parse(text, OPTIONS);
    if (nestsWithin(value, limits.valueDepth)) return ok(value);
    return malformed(file, `it nests deeper than ${limits.valueDepth} levels`);
  } catch (error) {
    return error instanceof YAMLParseError ? atError(error, text, file) : malformed(file, 'not YAML');
  }
}

// Quoted texts stay on one line: the library folds them in a way that it does not read back.
const WRITTEN = {
  lineWidth: 0,
  doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  aliasDuplicateObjects: false,
} as const;

/** A mapping as YAML text: each of its members a block of its own, no line folded, no aliases. */
export function writeYaml(mapping: Readonly<Record<string, unknown>>): string {
  const blocks = Object.entries(mapping).map(([key, value]) => stringify({ [key]: value }, WRITTEN));
  // A text that keeps its last line breaks would take an empty line behind it for its own.
  return blocks.join(blocks.some((block) => /[|>]\d?\+/.test(block)) ? '' : '\n');
}

/** Where the value at a path of keys and indexes starts; undefined where the text has no such path or does not parse. */
export function locateYaml(text: string, path: readonly (string | number)[]): TextPlace | undefined {
  return createYamlLocator(text)(path);
}

/** A `locateYaml` for many paths of one text, which is parsed once, when it is first asked. */
export function createYamlLocator(text: string): (path: readonly (string | number)[]) => TextPlace | undefined {
  const lines = new LineCounter();
  let document: ReturnType<typeof parseDocument> | undefined;
  return (path) => {
    try {
      document ??= parseDocument(text, { ...OPTIONS, lineCounter: lines });
      const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
      const start = rangeOf(node);
      if (start === undefined) return undefined;
      const { line, col } = lines.linePos(start);
      return { line, column: col };
    } catch {
      return undefined;
    }
  };
}

function rangeOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

// The library's messages quote the text, and a line of a collection can hold a secret: only its codes are passed on.
function atError({ code, pos }: YAMLParseError, text: string, file: string): Result<never> {
  const before = text.slice(0, pos[0]);
  const line = before.split('\n').length;
  const column = before.length - before.lastIndexOf('\n');
  const problem = `not YAML (${code.toLowerCase().replaceAll('_', ' ')})`;
  return err(failure('COLLECTION/MALFORMED', { file, problem }, { file, line, column }));
}

function malformed(file: string, problem: string): Result<never> {
  return err(failure('COLLECTION/MALFORMED', { file, problem }, { file }));
}
