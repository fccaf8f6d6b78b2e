import { LineCounter } from 'yaml';
import { readBlockYaml, withLineFeeds } from './block-yaml.ts';
import { setMember } from './block-yaml-members.ts';
import type { TextPlace } from './json-place.ts';
import { isObject } from './narrow.ts';

/**
 * A function from paths of keys and indexes to the places where their values start; undefined where the fast reader gives
 * the text up. Of several members of one name it finds the last, whose value counts.
 */
export function createBlockYamlLocator(
  text: string,
): ((path: readonly (string | number)[]) => TextPlace | undefined) | undefined {
  const plain = withLineFeeds(text);
  const starts = new Map<unknown, Record<string, unknown> | unknown[]>();
  const root = readBlockYaml(plain, {
    onNode: (holder, step, start) => {
      const known = starts.get(holder) ?? (typeof step === 'number' ? [] : {});
      if (Array.isArray(known)) known.push(start);
      else setMember(known, String(step), start);
      starts.set(holder, known);
    },
  });
  if (root === undefined) return undefined;
  const lines = countLines(plain);
  return (path) => {
    let value: unknown = root;
    let start = memberOf(starts.get(undefined), '');
    for (const step of path) {
      start = memberOf(starts.get(value), step);
      value = memberOf(value, step);
    }
    if (typeof start !== 'number') return undefined;
    const { line, col } = lines.linePos(start);
    return { line, column: col };
  };
}

function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  for (let at = 0; at !== 0 || lines.lineStarts.length === 0; at = text.indexOf('\n', at) + 1) lines.addNewLine(at);
  return lines;
}

function memberOf(holder: unknown, step: string | number): unknown {
  if (Array.isArray(holder)) return holder[Number(step)];
  return isObject(holder) && Object.hasOwn(holder, step) ? holder[step] : undefined;
}
