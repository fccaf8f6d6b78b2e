// gitignore(5), for files below a root: the last rule that matches decides, a deeper file before one above it. Whoever walks
// does not enter an ignored folder, so nothing inside one can be taken back in.
import { limits } from '../../shared/limits.ts';
import { compileName, compilePath } from './ignore-pattern.ts';

export const IGNORE_FILE = '.gitignore';

/** The rules that hold in a folder: those of its own ignore file, then those of the folders above. */
export interface IgnoreRules {
  /** Path of the folder that the file stands in, relative to the root; '' at the root. */
  readonly folder: string;
  readonly rules: readonly IgnoreRule[];
  readonly above: IgnoreRules | undefined;
}

export interface IgnoreRule {
  readonly negated: boolean;
  readonly foldersOnly: boolean;
  /** By the path relative to the file's folder, split at its slashes, and by the last name in it. */
  readonly matches: (segments: readonly string[], name: string) => boolean;
}

/** The rules of an ignore file's text, in file order; undefined if it has too many, or one with too many parts. */
export function parseIgnore(text: string): readonly IgnoreRule[] | undefined {
  const rules: IgnoreRule[] = [];
  for (const line of text.split('\n')) {
    const rule = parseRule(line.replace(/\r$/, ''));
    if (rule === 'none') continue;
    if (rule === 'too-long' || rules.length >= limits.ignorePatterns) return undefined;
    rules.push(rule);
  }
  return rules;
}

/** What counts for a folder whose ignore file cannot be followed: nobody knows what it holds back. */
export const ignoreAll: readonly IgnoreRule[] = [{ negated: false, foldersOnly: false, matches: () => true }];

/** Whether a path below the root is ignored; the folders above it are not. */
export function isIgnored(rules: IgnoreRules | undefined, path: string, isFolder: boolean): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1);
  for (let level = rules; level; level = level.above) {
    const inner = level.folder === '' ? path : path.slice(level.folder.length + 1);
    const segments = inner.split('/');
    const rule = level.rules.findLast((each) => (isFolder || !each.foldersOnly) && each.matches(segments, name));
    if (rule) return !rule.negated;
  }
  return false;
}

function parseRule(line: string): IgnoreRule | 'none' | 'too-long' {
  if (line.startsWith('#')) return 'none';
  const trimmed = withoutTrailingSpaces(line);
  const negated = trimmed.startsWith('!');
  const foldersOnly = trimmed.endsWith('/');
  const pattern = trimmed.slice(negated ? 1 : 0, foldersOnly ? -1 : undefined);
  if (pattern === '') return 'none';
  if (!pattern.includes('/')) {
    const matches = compileName(pattern);
    return { negated, foldersOnly, matches: (_, name) => matches(name) };
  }
  const matches = compilePath(pattern.startsWith('/') ? pattern.slice(1) : pattern);
  return matches === undefined ? 'too-long' : { negated, foldersOnly, matches };
}

/** A space that is escaped stays. */
function withoutTrailingSpaces(line: string): string {
  let end = line.length;
  while (line[end - 1] === ' ' && !isEscaped(line, end - 1)) end -= 1;
  return line.slice(0, end);
}

function isEscaped(line: string, at: number): boolean {
  let slashes = 0;
  while (line[at - 1 - slashes] === '\\') slashes += 1;
  return slashes % 2 === 1;
}
