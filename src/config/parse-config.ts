// The text of a configuration to what it says, every failure with its line. Sentences are our own: a parser's may quote the file.
import { createRequire } from 'node:module';
import type { Document, LineCounter } from 'yaml';
import { checkConfig } from '../../shared/config/check-config.ts';
import type { Checked, ConfigProblem } from '../../shared/config/check-strict.ts';
import type { Config } from '../../shared/config/schema.ts';
import { failure, type SourceSpan } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';

/** Reads a keyward.yaml. Fails with CONFIG/INVALID at the line and column of what is wrong. */
export function parseConfig(text: string, file: string): Result<Config> {
  const parsed = parseChecked(text, file, checkConfig);
  return parsed.ok ? ok(parsed.value.config) : parsed;
}

export interface ParsedConfig<T> {
  readonly config: T;
  /** CONFIG/INVALID at the line and column of something that only the whole of it shows. */
  readonly refuse: (problem: ConfigProblem) => Result<never>;
}

/** The same of any configuration that `check` judges. */
export function parseChecked<T>(
  text: string,
  file: string,
  check: (value: unknown) => Checked<T>,
): Result<ParsedConfig<T>> {
  // Loaded here, so that a workspace without configuration starts without the parser.
  const yaml = createRequire(import.meta.url)('yaml') as typeof import('yaml');
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [error] = [...document.errors, ...document.warnings];
  if (error) {
    const problem = error.code === 'DUPLICATE_KEY' ? 'a key stands twice' : 'it is not valid YAML';
    return invalid(problem, placeOf(file, lines, error.pos[0]));
  }
  const refuse = ({ path, atKey, problem }: ConfigProblem) =>
    invalid(problem, placeOf(file, lines, offsetOf(yaml, document, path, atKey)));
  const checked = check(toData(document));
  return checked.ok ? ok({ config: checked.config, refuse }) : refuse(checked.problem);
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
  if (yaml.isNode(node)) return node.range?.[0];
  // What is not there is missing from what it should stand in.
  return path.length > 0 ? offsetOf(yaml, document, path.slice(0, -1), false) : undefined;
}

function placeOf(file: string, lines: LineCounter, offset: number | undefined): SourceSpan {
  if (offset === undefined) return { file };
  const { line, col } = lines.linePos(offset);
  return { file, line, column: col };
}

function invalid(problem: string, where: SourceSpan): Result<never> {
  return err(failure('CONFIG/INVALID', { file: where.file, problem }, where));
}
