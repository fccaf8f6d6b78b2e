// Evaluates a JMESPath tree over JSON. A null on the way gives null, as the specification has it.
import type { Budget } from './budget.ts';
import { functions } from './functions.ts';
import type { Node, Projection } from './syntax.ts';
import { equal, isFalse, isList, isObject } from './values.ts';

/** The value that an expression selects. Throws Refusal where that costs too much or does not fit the data. */
export function evaluate(node: Node, value: unknown, budget: Budget): unknown {
  budget.spend(1);
  switch (node.type) {
    case 'Identity':
    case 'Current':
      return value;
    case 'Literal':
      return node.value;
    case 'Field':
      return isObject(value) && Object.hasOwn(value, node.name) ? (value[node.name] ?? null) : null;
    case 'Index':
      return isList(value) ? (value.at(node.value) ?? null) : null;
    case 'Slice':
      return isList(value) ? slice(value, node.children, budget) : null;
    case 'Subexpression':
    case 'IndexExpression':
    case 'Pipe':
      return evaluate(node.children[1], evaluate(node.children[0], value, budget), budget);
    case 'Projection':
    case 'ValueProjection':
    case 'FilterProjection':
      return project(node, value, budget);
    case 'Flatten':
      return flatten(evaluate(node.children[0], value, budget), budget);
    case 'Comparator':
      return compare(node, value, budget);
    case 'OrExpression':
    case 'AndExpression':
      return choose(node.type === 'OrExpression', node.children, value, budget);
    case 'NotExpression':
      return isFalse(evaluate(node.children[0], value, budget), budget);
    case 'MultiSelectList':
      return value === null ? null : selectList(node, value, budget);
    case 'MultiSelectHash':
      return value === null ? null : selectHash(node, value, budget);
    case 'Function':
      return call(node, value, budget);
    case 'ExpressionReference':
      return (item: unknown) => evaluate(node.children[0], item, budget);
  }
}

function choose(isOr: boolean, [left, right]: readonly [Node, Node], value: unknown, budget: Budget): unknown {
  const first = evaluate(left, value, budget);
  return isFalse(first, budget) === isOr ? evaluate(right, value, budget) : first;
}

function call({ name, children }: Extract<Node, { type: 'Function' }>, value: unknown, budget: Budget): unknown {
  const given = children.map((child) => evaluate(child, value, budget));
  return functions.get(name)?.run(given, budget) ?? null;
}

function project(node: Projection, value: unknown, budget: Budget): unknown {
  const [left, right, condition] = node.children;
  const base = evaluate(left, value, budget);
  const items = node.type === 'ValueProjection' ? isObject(base) && Object.values(base) : base;
  if (!isList(items)) return null;
  budget.spend(items.length);
  return items
    .filter((item) => condition === undefined || !isFalse(evaluate(condition, item, budget), budget))
    .map((item) => evaluate(right, item, budget))
    .filter((item) => item !== null);
}

const LIST_STEPS = 4;
const MEMBER_STEPS = 4;

function selectList({ children }: Extract<Node, { type: 'MultiSelectList' }>, value: unknown, budget: Budget) {
  budget.spend(LIST_STEPS + children.length);
  return children.map((child) => evaluate(child, value, budget));
}

function selectHash({ children }: Extract<Node, { type: 'MultiSelectHash' }>, value: unknown, budget: Budget) {
  budget.spend(LIST_STEPS + MEMBER_STEPS * children.length);
  return Object.fromEntries(children.map(({ name, value: child }) => [name, evaluate(child, value, budget)]));
}

function flatten(list: unknown, { spend }: Budget): unknown {
  if (!isList(list)) return null;
  spend(list.reduce<number>((sum, item) => sum + (isList(item) ? item.length : 1), 0));
  const flat: unknown[] = [];
  for (const item of list) {
    if (isList(item)) for (const each of item) flat.push(each);
    else flat.push(item);
  }
  return flat;
}

function slice(list: readonly unknown[], [from, to, by]: readonly (number | null | undefined)[], { spend }: Budget) {
  spend(list.length);
  const step = by ?? 1;
  const down = step < 0;
  const within = (at: number) => {
    const positive = at < 0 ? at + list.length : at;
    return down ? Math.min(Math.max(positive, -1), list.length - 1) : Math.min(Math.max(positive, 0), list.length);
  };
  const start = from == null ? (down ? list.length - 1 : 0) : within(from);
  const stop = to == null ? (down ? -1 : list.length) : within(to);
  const taken: unknown[] = [];
  for (let at = start; down ? at > stop : at < stop; at += step) taken.push(list[at]);
  return taken;
}

function compare(node: Extract<Node, { type: 'Comparator' }>, value: unknown, budget: Budget): boolean | null {
  const { name, children } = node;
  const [a, b] = [evaluate(children[0], value, budget), evaluate(children[1], value, budget)];
  if (name === 'EQ') return equal(a, b, budget);
  if (name === 'NE') return !equal(a, b, budget);
  const ordered = typeof a === 'string' ? typeof b === 'string' : typeof a === 'number' && typeof b === 'number';
  if (!ordered) return null;
  const [left, right] = [a as number, b as number];
  switch (name) {
    case 'GT':
      return left > right;
    case 'GTE':
      return left >= right;
    case 'LT':
      return left < right;
    default:
      return left <= right;
  }
}
