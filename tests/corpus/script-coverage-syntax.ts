// A script's syntax tree, as far as the look for what it uses goes.
import { parseAst } from 'rolldown/parseAst';

export interface Node {
  readonly type: string;
  readonly [key: string]: unknown;
}

/** Where a node stands in its parent. */
export interface Place {
  readonly parent: Node | undefined;
  readonly key: string;
}

/** The tree of a script, which may await and return at its top; undefined where it is no JavaScript. */
export function parseScript(source: string): Node | undefined {
  try {
    const tree: unknown = parseAst(`async () => {${source}\n}`);
    return isNode(tree) ? tree : undefined;
  } catch {
    return undefined;
  }
}

/** Calls `visit` with every node, parents first. */
export function walk(node: Node, visit: (node: Node, place: Place) => void, place: Place = TOP): void {
  visit(node, place);
  for (const [key, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, visit, { parent: node, key });
    }
  }
}

const TOP: Place = { parent: undefined, key: '' };

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

export function nodeAt(node: Node | undefined, key: string): Node | undefined {
  const value = node?.[key];
  return isNode(value) ? value : undefined;
}

export function nodesAt(node: Node | undefined, key: string): readonly Node[] {
  const value = node?.[key];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** The text of an identifier or of a string literal. */
export function nameOf(node: Node | undefined): string | undefined {
  const text = node?.type === 'Identifier' ? node.name : node?.type === 'Literal' ? node.value : undefined;
  return typeof text === 'string' ? text : undefined;
}

/** Every name that a script gives to something of its own, declared or not. */
export function declaredNames(tree: Node): ReadonlySet<string> {
  const names = new Set<string>();
  walk(tree, (node) => {
    if (node.type === 'VariableDeclarator' || node.type === 'ClassDeclaration') addNames(nodeAt(node, 'id'), names);
    if (node.type === 'CatchClause') addNames(nodeAt(node, 'param'), names);
    if (ASSIGNS.has(node.type)) addNames(identifierAt(node, 'left'), names);
    if (!/Function/.test(node.type)) return;
    addNames(nodeAt(node, 'id'), names);
    for (const parameter of nodesAt(node, 'params')) addNames(parameter, names);
  });
  return names;
}

const ASSIGNS = new Set(['AssignmentExpression', 'ForInStatement', 'ForOfStatement']);

function identifierAt(node: Node, key: string): Node | undefined {
  const found = nodeAt(node, key);
  return found?.type === 'Identifier' ? found : undefined;
}

function addNames(pattern: Node | undefined, names: Set<string>): void {
  if (pattern?.type === 'Identifier') names.add(nameOf(pattern) ?? '');
  for (const key of ['left', 'argument', 'value']) {
    const inner = nodeAt(pattern, key);
    if (inner && pattern?.type !== 'Identifier' && !(pattern?.type === 'AssignmentPattern' && key !== 'left')) {
      addNames(inner, names);
    }
  }
  for (const inner of [...nodesAt(pattern, 'elements'), ...nodesAt(pattern, 'properties')]) addNames(inner, names);
}
