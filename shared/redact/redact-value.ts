// Structured data by field name. The rules are those of json/fields.ts, on values instead of text.
import { type Failure, failure } from '../failure/failure.ts';
import { limits } from '../limits.ts';
import {
  containerGoes,
  contextGoes,
  isSensitive,
  isVersionRange,
  mayNamePair,
  numberGoes,
  oauthNames,
  pairNames,
  pairValues,
} from './field-rules.ts';
import { isKeptShape } from './kept-shape.ts';
import { isInert, REDACTED } from './marker.ts';
import type { NameVerdict } from './names.ts';
import { hasHeaderRule, redactHeader } from './redact-header.ts';
import { redactString } from './redact-string.ts';
import { isDescription } from './schema-objects.ts';
import { sharedJudge } from './shared-judge.ts';

export type Path = readonly (string | number)[];

export interface RedactValueOptions {
  /** True for a key of our own contract at this path: its name is not tested, its children are. */
  readonly own?: (path: Path) => boolean;
}

/** `failure` is INTERNAL/WITHHELD where the value was over a limit; `value` is then the text `[withheld]`. */
export interface RedactedValue {
  readonly value: unknown;
  readonly count: number;
  readonly failure?: Failure;
}

interface Walk {
  readonly judge: (name: string) => NameVerdict;
  readonly own: (path: Path) => boolean;
  readonly path: (string | number)[];
  nodes: number;
  count: number;
  over: string | undefined;
}

/**
 * Gives a copy of a JSON-like value in which the values of sensitive names, and credentials in its texts, are replaced. SecretRefs,
 * `{{references}}` and shared references stay. Deeper than `limits.redactDepth` or larger than `limits.redactNodes`: withheld.
 */
export function redactValue(value: unknown, options: RedactValueOptions = {}): RedactedValue {
  const walk: Walk = {
    judge: sharedJudge,
    own: options.own ?? (() => false),
    path: [],
    nodes: 0,
    count: 0,
    over: undefined,
  };
  const shown = walkNode(walk, value, false);
  if (walk.over === undefined) return { value: shown, count: walk.count };
  return { value: '[withheld]', count: walk.count, failure: failure('INTERNAL/WITHHELD', { reason: walk.over }) };
}

function walkNode(walk: Walk, node: unknown, underAuth: boolean): unknown {
  walk.nodes += 1;
  if (walk.nodes > limits.redactNodes) walk.over = 'it has too many parts';
  if (walk.path.length > limits.redactDepth) walk.over = 'it is nested too deeply';
  if (walk.over !== undefined) return undefined;
  if (typeof node === 'string') return counted(walk, redactString(node));
  if (typeof node === 'bigint') return node.toString();
  if (typeof node === 'function' || typeof node === 'symbol') return undefined;
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return walkArray(walk, node);
  const printed = printable(node);
  return printed === node ? walkObject(walk, node, underAuth) : walkNode(walk, printed, underAuth);
}

function counted(walk: Walk, shown: { readonly text: string; readonly count: number }): string {
  walk.count += shown.count;
  return shown.text;
}

// Bytes would show as a list of numbers, and an error's own fields hide its name and message.
function printable(node: object): unknown {
  if (ArrayBuffer.isView(node)) return `[${node.byteLength} bytes]`;
  if ('toJSON' in node && typeof node.toJSON === 'function')
    return safely(() => (node as { toJSON(): unknown }).toJSON());
  if (node instanceof Error)
    return { name: node.name, message: node.message, ...('code' in node ? { code: String(node.code) } : {}) };
  if (node instanceof Map) return Array.from(node.entries());
  return node instanceof Set ? Array.from(node) : node;
}

function safely(make: () => unknown): unknown {
  try {
    return make();
  } catch {
    return '[withheld]';
  }
}

function walkArray(walk: Walk, list: readonly unknown[]): unknown[] {
  const [name, value] = list;
  const verdict =
    list.length === 2 && typeof name === 'string' && typeof value === 'string' ? walk.judge(name) : 'plain';
  return list.map((child, index) => {
    if (index === 1 && containerGoes(verdict)) return replaceValue(walk, String(name), child, false);
    return at(walk, index, () => walkNode(walk, child, false));
  });
}

function at<T>(walk: Walk, step: string | number, visit: () => T): T {
  walk.path.push(step);
  const out = visit();
  walk.path.pop();
  return out;
}

interface Company {
  readonly pairs: readonly { readonly name: string; readonly verdict: NameVerdict }[];
  readonly oauth: boolean;
  readonly hasPairValue: boolean;
  readonly underAuth: boolean;
  /** Whether it is a Kubernetes Secret. */
  readonly secrets: boolean;
}

function walkObject(walk: Walk, node: object, underAuth: boolean): object {
  const entries: [string, unknown][] = Object.entries(node);
  const company: Company = {
    pairs: findPairs(walk, entries),
    oauth: entries.some(([name]) => oauthNames.has(name)),
    hasPairValue: entries.some(([name]) => pairValues.has(name)),
    underAuth,
    secrets: entries.some(([name, child]) => name === 'kind' && (child === 'Secret' || child === 'SealedSecret')),
  };
  const copy = {};
  for (const [name, child] of entries) {
    const value = at(walk, name, () => walkMember(walk, name, child, company));
    // Assigning `__proto__` would set the prototype and lose the field.
    Object.defineProperty(copy, counted(walk, redactString(name)), {
      value,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
  return copy;
}

// One for each verdict is enough: what goes under a name depends on nothing else.
function findPairs(walk: Walk, entries: readonly [string, unknown][]): Company['pairs'] {
  const pairs = new Map<NameVerdict, Company['pairs'][number]>();
  for (const [member, name] of entries) {
    if (typeof name !== 'string' || !pairNames.has(member)) continue;
    const verdict = walk.judge(name);
    const says = isSensitive(verdict) || (verdict === 'context' && mayNamePair(name));
    if (says && !pairs.has(verdict)) pairs.set(verdict, { name, verdict });
  }
  return Array.from(pairs.values());
}

function walkMember(walk: Walk, name: string, child: unknown, company: Company): unknown {
  const verdict = walk.own(walk.path) ? 'plain' : walk.judge(name);
  if (goes(verdict, child)) return replaceValue(walk, name, child, company.underAuth);
  if (company.secrets && (name === 'data' || name === 'stringData') && goes('secret', child))
    return replaceValue(walk, '', child, false);
  const pair = pairValues.has(name) ? company.pairs.find((each) => pairGoes(each, child)) : undefined;
  if (pair) return replaceValue(walk, pair.name, child, company.underAuth);
  const lonely = company.underAuth && name === 'value' && typeof child === 'string';
  const pairName = name.toLowerCase() === 'key' && company.hasPairValue;
  if (lonely || (verdict === 'context' && !pairName && contextText(name, child, company))) {
    return replaceValue(walk, name, child, false);
  }
  return walkNode(walk, child, name.toLowerCase() === 'auth');
}

function pairGoes({ name, verdict }: Company['pairs'][number], child: unknown): boolean {
  if (verdict !== 'context') return goes(verdict, child);
  return typeof child === 'string' && contextGoes(name, child, false);
}

function contextText(name: string, child: unknown, { oauth }: Company): boolean {
  return typeof child === 'string' && contextGoes(name, child, oauth);
}

function goes(verdict: NameVerdict, child: unknown): boolean {
  if (typeof child === 'string') return isSensitive(verdict);
  if (typeof child === 'number' || typeof child === 'bigint') return numberGoes(verdict);
  if (typeof child !== 'object' || child === null) return false;
  return (
    containerGoes(verdict) &&
    !(Array.isArray(child) && child.every((item) => typeof item === 'number' || typeof item === 'boolean'))
  );
}

function replaceValue(walk: Walk, name: string, child: unknown, underAuth: boolean): unknown {
  if (typeof child === 'string') {
    if (isInert(child) || isVersionRange(child)) return child;
    return counted(walk, hasHeaderRule(name) ? redactHeader(name, child) : { text: REDACTED, count: 1 });
  }
  if (typeof child === 'object' && child !== null) {
    const printed = printable(child);
    if (isReference(printed) || isDescription(printed) || isKeptShape(printed))
      return walkNode(walk, printed, underAuth);
    if (Object.keys(child).length === 0 && printed === child) return child;
  }
  walk.count += 1;
  return REDACTED;
}

/** A SecretRef: exactly its own fields, so that nothing else rides along. */
function isReference(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  const names = Object.keys(value);
  if (value.kind === 'inline') return names.length === 1;
  return (
    value.kind === 'handle' &&
    names.every((name) => name === 'kind' || name === 'id' || name === 'label') &&
    'id' in value &&
    typeof value.id === 'string'
  );
}
