// The beginning of a JSON value that is too long to show: whole first items of its longest list, or whole first members of its largest
// object, with everything around them. JSON that is cut in the middle of a value reads as neither data nor text.

export interface FirstParts {
  /** The whole value, with the parts that did not fit left out. */
  readonly value: unknown;
  readonly kind: 'items' | 'members';
  /** Where they stand, as a JMESPath expression; empty for the value itself, undefined where a name on the way is no plain one. */
  readonly path: string | undefined;
  readonly shown: number;
  readonly count: number;
}

type Container = readonly unknown[] | Readonly<Record<string, unknown>>;

const MAX_LEVELS = 8;
/** Longer lists have no item that is most of them. */
const FEW = 200;

/** Takes a JSON value and how many characters it may take as JSON; undefined where not even one part fits. */
export function firstParts(value: unknown, maxChars: number): FirstParts | undefined {
  const way = wayToBulk(value);
  const bulk = way.at(-1);
  if (bulk === undefined) return undefined;
  const around = JSON.stringify(rebuild(way, Array.isArray(bulk.node) ? [] : {})).length;
  const { part, shown } = takeParts(bulk.node, maxChars - around);
  if (shown === 0) return undefined;
  return {
    value: rebuild(way, part),
    kind: Array.isArray(bulk.node) ? 'items' : 'members',
    path: pathOf(way),
    shown,
    count: Array.isArray(bulk.node) ? bulk.node.length : Object.keys(bulk.node).length,
  };
}

interface Way {
  /** The key or index by which the node is reached. */
  readonly step: string | number;
  readonly node: Container;
}

/** From the value down to the list or object that most of its text is. */
function wayToBulk(value: unknown): readonly Way[] {
  if (!isContainer(value)) return [];
  const way: Way[] = [{ step: '', node: value }];
  for (let level = 1; level < MAX_LEVELS; level += 1) {
    const { node } = way.at(-1) ?? { node: [] };
    const next = largestChild(node);
    if (!next) return way;
    way.push(next);
  }
  return way;
}

function largestChild(node: Container): Way | undefined {
  if (Array.isArray(node) && node.length > FEW) return undefined;
  let all = 0;
  let largest = 0;
  let found: Way | undefined;
  for (const [key, child] of Object.entries(node) as [string, unknown][]) {
    const chars = JSON.stringify(child).length;
    all += chars;
    if (chars <= largest) continue;
    largest = chars;
    found = isContainer(child) ? { step: Array.isArray(node) ? Number(key) : key, node: child } : undefined;
  }
  return largest * 2 > all ? found : undefined;
}

interface Taken {
  readonly part: Container;
  readonly shown: number;
}

function takeParts(node: Container, maxChars: number): Taken {
  if (isList(node)) {
    const shown = countFitting(node, maxChars, (item) => JSON.stringify(item).length + 1);
    return { part: node.slice(0, shown), shown };
  }
  const members = Object.entries(node);
  const shown = countFitting(members, maxChars, ([key, child]) => JSON.stringify([key, child]).length);
  return { part: Object.fromEntries(members.slice(0, shown)), shown };
}

function countFitting<T>(parts: readonly T[], maxChars: number, charsOf: (part: T) => number): number {
  let left = maxChars;
  for (const [at, part] of parts.entries()) {
    left -= charsOf(part);
    if (left < 0) return at;
  }
  return parts.length;
}

function rebuild(way: readonly Way[], bulk: Container): unknown {
  let value: unknown = bulk;
  for (let level = way.length - 1; level > 0; level -= 1) {
    const { step } = way[level] ?? { step: '' };
    const parent = way[level - 1]?.node ?? [];
    value = Array.isArray(parent)
      ? parent.map((item: unknown, at) => (at === step ? value : item))
      : Object.fromEntries(Object.entries(parent).map(([key, child]) => [key, key === step ? value : child]));
  }
  return value;
}

/** What an unquoted identifier of JMESPath is, and not long: any other name may say anything to who reads the path. */
const PLAIN_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;

function pathOf(way: readonly Way[]): string | undefined {
  let path = '';
  for (const { step } of way.slice(1)) {
    if (typeof step === 'number') path += `[${step}]`;
    else if (PLAIN_NAME.test(step)) path += path === '' ? step : `.${step}`;
    else return undefined;
  }
  return path;
}

function isList(node: Container): node is readonly unknown[] {
  return Array.isArray(node);
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}
