// JMESPath as a syntax tree. The package parses; what it evaluates has no bounds, so the tree is evaluated here.
import { functions } from './functions.ts';

declare module 'jmespath' {
  /** Parses an expression into its syntax tree; throws where it does not parse. */
  function compile(expression: string): unknown;
}

/** The package's tree. Comparators are named EQ, NE, GT, GTE, LT and LTE. */
export type Node =
  | { readonly type: 'Identity' | 'Current' }
  | { readonly type: 'Field'; readonly name: string }
  | { readonly type: 'Index'; readonly value: number }
  | { readonly type: 'Slice'; readonly children: readonly (number | null)[] }
  | { readonly type: 'Literal'; readonly value: unknown }
  | { readonly type: 'Comparator'; readonly name: string; readonly children: readonly [Node, Node] }
  | { readonly type: Pairing; readonly children: readonly [Node, Node] }
  | Projection
  | { readonly type: 'Flatten' | 'NotExpression' | 'ExpressionReference'; readonly children: readonly [Node] }
  | { readonly type: 'MultiSelectList'; readonly children: readonly Node[] }
  | { readonly type: 'MultiSelectHash'; readonly children: readonly { readonly name: string; readonly value: Node }[] }
  | { readonly type: 'Function'; readonly name: string; readonly children: readonly Node[] };

type Pairing = 'Subexpression' | 'IndexExpression' | 'OrExpression' | 'AndExpression' | 'Pipe';

export interface Projection {
  readonly type: 'Projection' | 'ValueProjection' | 'FilterProjection';
  readonly children: readonly [left: Node, right: Node, condition?: Node];
}

export type ParsedExpression =
  | { readonly ok: true; readonly tree: Node }
  | { readonly ok: false; readonly problem: string };

/** The tree of an expression whose functions exist and have as many arguments as they take; else what is wrong with it. */
export async function parseExpression(expression: string): Promise<ParsedExpression> {
  const { default: jmespath } = await import('jmespath');
  try {
    const tree = jmespath.compile(expression) as Node;
    const problem = isReference(tree) ? MALFORMED : problemOf(tree);
    return problem === undefined ? { ok: true, tree } : { ok: false, problem };
  } catch {
    return { ok: false, problem: MALFORMED };
  }
}

const MALFORMED = 'it is not JMESPath';

// The parser lets some malformed expressions through: a missing operand, an index or a bound that is no number.
function problemOf(node: Node | undefined): string | undefined {
  if (node === undefined) return MALFORMED;
  if (node.type === 'Index') return Number.isInteger(node.value) ? undefined : MALFORMED;
  if (node.type === 'Slice') return isSlice(node.children) ? undefined : MALFORMED;
  const own = node.type === 'Function' ? callProblem(node.name, node.children) : undefined;
  const expected = node.type === 'Function' ? functions.get(node.name)?.expressionAt : undefined;
  return childrenOf(node).reduce(
    (problem, child, at) => problem ?? (isReference(child) === (at === expected) ? problemOf(child) : MALFORMED),
    own,
  );
}

function isReference(node: Node | undefined): boolean {
  return node?.type === 'ExpressionReference';
}

function isSlice(bounds: readonly (number | null)[]): boolean {
  return bounds.every((bound) => bound === null || Number.isInteger(bound)) && bounds[2] !== 0;
}

function callProblem(name: string, { length }: readonly Node[]): string | undefined {
  const found = functions.get(name);
  if (found === undefined) return 'it calls a function that does not exist';
  const [least, most] = found.arity;
  return length < least || length > most ? `${name} takes another number of arguments` : undefined;
}

function childrenOf(node: Exclude<Node, { type: 'Slice' }>): readonly (Node | undefined)[] {
  if (node.type === 'MultiSelectHash') return node.children.map(({ value }) => value);
  return 'children' in node ? node.children : [];
}
