import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';

declare module 'jmespath' {
  /** Parses an expression into its syntax tree; throws where it does not parse. */
  function compile(expression: string): unknown;
}

/** A node of jmespath's syntax tree, as far as the guard reads it. */
interface Node {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly value?: unknown;
  readonly children?: unknown;
}

/**
 * Applies a JMESPath expression to a redacted JSON value. INPUT/SELECT_INVALID where the expression does not parse, does
 * not fit the data, or could repeat the data so often that its result would not fit into memory.
 */
export async function select(value: unknown, expression: string): Promise<Result<unknown>> {
  const { default: jmespath } = await import('jmespath');
  if (expression.length > limits.selectChars) return invalid(`it is longer than ${limits.selectChars} characters`);
  try {
    if (growth(jmespath.compile(expression)) > limits.selectGrowth)
      return invalid('it repeats the same data too often');
  } catch {
    return invalid('it is not JMESPath');
  }
  try {
    const selected: unknown = jmespath.search(value, expression);
    // A reference to a function or to an inherited property is not data.
    const text = JSON.stringify(selected ?? null) as string | undefined;
    return ok(text === undefined ? null : (JSON.parse(text) as unknown));
  } catch {
    return invalid('it does not fit the data');
  }
}

function invalid(problem: string): Result<never> {
  return err(failure('INPUT/SELECT_INVALID', { problem }));
}

// JMESPath has no loops, but lists of the whole value, chained (`[@,@][] | [@,@][]`), double the data at each step. The
// product of how often each list or hash repeats the same data bounds that.
function growth(tree: unknown): number {
  if (typeof tree !== 'object' || tree === null) return 1;
  const node: Node = tree;
  const children = Array.isArray(node.children) ? (node.children as readonly unknown[]) : [];
  const own = node.type === 'MultiSelectList' || node.type === 'MultiSelectHash' ? repeats(children) : 1;
  return [...children, node.value].reduce<number>((product, child) => product * growth(child), own);
}

function repeats(children: readonly unknown[]): number {
  const counts = new Map<string, number>();
  for (const child of children) {
    const root = rootField(child);
    if (root === undefined) continue;
    counts.set(root, (counts.get(root) ?? 0) + 1);
  }
  const whole = counts.get('') ?? 0;
  counts.delete('');
  return Math.max(1, whole + Math.max(0, ...counts.values()));
}

/** The field that an expression starts from, empty where it may start from the whole value, undefined for a literal. */
function rootField(tree: unknown): string | undefined {
  let node = tree as Node;
  while (typeof node === 'object' && node !== null) {
    if (node.type === 'Field' && typeof node.name === 'string') return node.name;
    if (node.type === 'Literal') return undefined;
    const first: unknown = Array.isArray(node.children) ? node.children[0] : node.value;
    if (first === undefined) return '';
    node = first as Node;
  }
  return '';
}
