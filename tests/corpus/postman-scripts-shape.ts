// What a script reads of an answer, so that an answer without a saved example has it and the script gets further than its first line.
import { usedPaths } from './script-coverage-usage.ts';

/** Parts that the scripts read of the answer's JSON; a part is text where nothing says otherwise. */
export function partsRead(sources: readonly string[]): Readonly<Record<string, unknown>> {
  const parts = new Map<string, Part>();
  for (const path of sources.flatMap((source) => [...(usedPaths(source) ?? [])])) {
    const [, read] = /^(?:pm\.response\.json|JSON\.parse)\(\)\.(.+)$/.exec(path) ?? [];
    if (read !== undefined) note(parts, read.split('.'));
  }
  return toObject(parts);
}

interface Part {
  kind: 'text' | 'list' | 'number' | 'unknown';
  readonly parts: Map<string, Part>;
}

const LISTS = /^(?:forEach|map|find|filter|some|every|reduce|sort|join|push|length|\[\])(?:\(\))?$/;
const TEXTS =
  /^(?:substr|substring|split|trim|replace|indexOf|slice|match|includes|toUpperCase|toLowerCase|startsWith)\(\)$/;
const NUMBERS = /^toFixed\(\)$/;

function note(parts: Map<string, Part>, [name = '', ...rest]: readonly string[]): void {
  if (!/^\w[\w-]*$/.test(name) || LISTS.test(name) || TEXTS.test(name)) return;
  const part = parts.get(name) ?? { kind: 'unknown', parts: new Map() };
  parts.set(name, part);
  const [next] = rest;
  if (next === undefined) return;
  if (LISTS.test(next)) part.kind = 'list';
  else if (TEXTS.test(next)) part.kind = 'text';
  else if (NUMBERS.test(next)) part.kind = 'number';
  else note(part.parts, rest);
}

function toObject(parts: ReadonlyMap<string, Part>): Readonly<Record<string, unknown>> {
  return Object.fromEntries([...parts].map(([name, part]) => [name, toValue(name, part)]));
}

function toValue(name: string, { kind, parts }: Part): unknown {
  if (kind === 'list') return [{ id: 1, name: 'first' }];
  if (kind === 'number') return 1;
  return parts.size > 0 ? toObject(parts) : `value of ${name}`;
}
