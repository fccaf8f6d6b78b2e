// The text of a keyward.yaml to a Config, every failure with its line. Sentences are our own: a parser's may quote the file.
import { createRequire } from 'node:module';
import type { Document, LineCounter } from 'yaml';
import { checkConfig } from '../../shared/config/check-config.ts';
import type { Config } from '../../shared/config/schema.ts';
import { failure, type SourceSpan } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';

/** Fails with CONFIG/INVALID at the line and column of what is wrong. */
export function parseConfig(text: string, file: string): Result<Config> {
  // Loaded here, so that a workspace without configuration starts without the parser.
  const yaml = createRequire(import.meta.url)('yaml') as typeof import('yaml');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = [...document.errors, ...document.warnings];
  if (error) {
    const problem = error.code === 'DUPLICATE_KEY' ? 'a key stands twice' : 'it is not valid YAML';
    return invalid(problem, placeOf(file, lines, error.pos[0]));
  }
  const checked = checkConfig(toData(document));
  if (checked.ok) return ok(checked.config);
  const { path, atKey, problem } = checked.problem;
  return invalid(problem, placeOf(file, lines, offsetOf(yaml, document, path, atKey)));
}

const MAX_ALIASES = 10;
const UNREADABLE = Symbol('a value that no rule accepts');

function toData(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: MAX_ALIASES });
  } catch {
    return UNREADABLE;
  }
}

function offsetOf(
  yaml: typeof import('yaml'),
  document: Document,
  path: readonly (string | number)[],
  atKey: boolean,
): number | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  const pair = yaml.isMap(parent)
    ? parent.items.find(({ key }) => yaml.isScalar(key) && String(key.value) === String(path.at(-1)))
    : undefined;
  const node = atKey ? pair?.key : (document.getIn(path, true) ?? pair?.key);
  return yaml.isNode(node) ? node.range?.[0] : undefined;
}

function placeOf(file: string, lines: LineCounter, offset: number | undefined): SourceSpan {
  if (offset === undefined) return { file };
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

function invalid(problem: string, where: SourceSpan): Result<never> {
  return err(failure('CONFIG/INVALID', { file: where.file, problem }, where));
}
