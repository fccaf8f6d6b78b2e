// What a script uses that is not its own: paths such as `pm.environment.set`, with `()` where a call's result is used further.
import {
  declaredNames,
  isNode,
  type Node,
  nameOf,
  nodeAt,
  nodesAt,
  type Place,
  parseScript,
  walk,
} from './script-coverage-syntax.ts';

/** Paths that a script uses, its own names for them followed; undefined where it is no JavaScript. */
export function usedPaths(source: string): ReadonlySet<string> | undefined {
  const tree = parseScript(source);
  if (!tree) return undefined;
  const declared = declaredNames(tree);
  const aliases = aliasesIn(tree, declared);
  const used = new Set<string>();
  walk(tree, (node, place) => {
    if (!isWhole(node, place)) return;
    // What is assigned to need not be there before.
    const isTarget = place.key === 'left' && node.type === 'MemberExpression';
    const path = pathOf(isTarget ? nodeAt(node, 'object') : node, aliases);
    const root = path === undefined ? '' : rootOf(path);
    const isOwn = declared.has(root) && !aliases.has(root);
    if (path !== undefined && !isOwn) used.add(path);
  });
  return used;
}

const CHAINS = new Set(['MemberExpression', 'CallExpression', 'NewExpression', 'Identifier']);

/** Whether a node is a chain that no longer chain goes on from, and no mere name of a property. */
function isWhole({ type }: Node, { parent, key }: Place): boolean {
  if (!CHAINS.has(type) || !parent) return false;
  if (parent.type === 'MemberExpression') return key === 'property' && parent.computed === true;
  if (key === 'callee') return false;
  const isKey = (parent.type === 'Property' && key === 'key' && parent.computed !== true) || key === 'label';
  return type !== 'Identifier' || (!isKey && parent.type !== 'MethodDefinition');
}

type Aliases = ReadonlyMap<string, string>;

/** Names that a script gives to parts of an API: `const { get } = pm.environment`. */
function aliasesIn(tree: Node, declared: ReadonlySet<string>): Aliases {
  const aliases = new Map<string, string>();
  walk(tree, (node) => {
    const path = node.type === 'VariableDeclarator' ? pathOf(nodeAt(node, 'init'), aliases) : undefined;
    if (path === undefined || declared.has(rootOf(path))) return;
    const id = nodeAt(node, 'id');
    if (id?.type === 'Identifier') aliases.set(nameOf(id) ?? '', path);
    for (const property of nodesAt(id, 'properties')) {
      const [from, to] = [nameOf(nodeAt(property, 'key')), nameOf(nodeAt(property, 'value'))];
      if (from !== undefined && to !== undefined) aliases.set(to, `${path}.${from}`);
    }
  });
  return aliases;
}

/** The text of a chain of names and calls; undefined where it begins with something else. */
function pathOf(node: Node | undefined, aliases: Aliases): string | undefined {
  return node && pathsByType[node.type]?.(node, aliases);
}

type PathOf = (node: Node, aliases: Aliases) => string | undefined;

const pathOfExpression: PathOf = (node, aliases) => pathOf(nodeAt(node, 'expression'), aliases);

const pathsByType: Readonly<Record<string, PathOf>> = {
  Identifier: (node, aliases) => aliases.get(nameOf(node) ?? '') ?? nameOf(node),
  ChainExpression: pathOfExpression,
  ParenthesizedExpression: pathOfExpression,
  AwaitExpression: (node, aliases) => pathOf(nodeAt(node, 'argument'), aliases),
  MemberExpression(node, aliases) {
    const [object, property] = [pathOf(nodeAt(node, 'object'), aliases), nodeAt(node, 'property')];
    const name = node.computed && property?.type === 'Identifier' ? '[]' : (nameOf(property) ?? '[]');
    return object && `${object}.${name}`;
  },
  CallExpression: callPath,
  NewExpression: callPath,
};

function callPath(node: Node, aliases: Aliases): string | undefined {
  const callee = pathOf(nodeAt(node, 'callee'), aliases);
  if (callee !== 'require' && callee !== 'pm.require') return callee && `${callee}()`;
  const [target] = nodesAt(node, 'arguments');
  return `require(${(isNode(target) && nameOf(target)) || '?'})`;
}

/** `pm` of `pm.test()`. */
export function rootOf(path: string): string {
  return /^[^.(]*/.exec(path)?.[0] ?? '';
}
