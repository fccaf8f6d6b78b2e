// What an alias of YAML under a sensitive name stands for, wherever its anchor is: in a list, in a flow map, behind another name.
import { isSensitive } from '../field-rules.ts';
import { isInert, REDACTED, type RedactedText } from '../marker.ts';
import { endOfBrackets } from './brackets.ts';
import { createEdits, type Edits } from './edits.ts';
import { matchAt } from './match-at.ts';
import { MAX_UNNAMED_CHARS, type MediaWalk, type NamedValue, replacementOf, tellWords } from './media-walk.ts';
import { extentOf, indentOf, readYamlValue } from './yaml-lines.ts';

const USED =
  /(?<=^|[\s,{[])(["']?)([\p{L}_$][^\s:,{}[\]"']{0,99})\1[ \t]*:[ \t]*(?:\[[ \t]*)?\*([^\s,{}[\]]{1,100})/gmu;
const ANCHOR = /(?<=[\s,[{])&([^\s,{}[\]]{1,100})(?=\s)/g;
const IN_FLOW = /[ \t]*(?:![^\s,{}[\]]{0,100}[ \t]+)?("(?:[^"\\\r\n]|\\.)*"?|'[^'\r\n]*'?|[^,{}[\]\r\n]+|(?=[[{]))/y;

/** Takes a YAML text; gives it without what the anchors of such aliases mark. Flow maps are not read yet. */
export function redactAliased(text: string, walk: MediaWalk): RedactedText {
  if (!text.includes('&') || !(walk.incomplete || text.includes('*'))) return { text, count: 0 };
  const wanted = new Map<string, NamedValue>();
  for (const [, , name = '', anchor = ''] of text.matchAll(USED)) {
    const verdict = walk.judge(name);
    if (isSensitive(verdict)) wanted.set(anchor, { name, verdict });
  }
  if (wanted.size === 0 && !walk.incomplete) return { text, count: 0 };
  const edits = createEdits();
  for (const found of text.matchAll(ANCHOR)) {
    const named = wanted.get(found[1] ?? '');
    // Where an anchor is used may be in what was cut off.
    if (named) redactMarked(text, found.index, found[0].length, named, walk, edits);
    else if (walk.incomplete) redactMarked(text, found.index, found[0].length, UNKNOWN, walk, edits);
  }
  return edits.apply(text);
}

const UNKNOWN: NamedValue = { name: 'value', verdict: 'secret' };
const MAX_LINE_CHARS = 1_000;

function redactMarked(text: string, at: number, size: number, named: NamedValue, walk: MediaWalk, edits: Edits): void {
  const head = text.slice(Math.max(0, at - MAX_LINE_CHARS), at);
  const before = head.slice(Math.max(head.lastIndexOf('\n'), head.lastIndexOf('\r')) + 1);
  const line = at - before.length;
  const range = /[[{]/.test(before) ? inFlow(text, at + size) : inBlock(text, line, at, before);
  if (!range) return;
  const raw = text.slice(range.start, range.end);
  // What reads as a name may be that of a field, `*k : value`.
  if (named === UNKNOWN && (range.container || raw.length > MAX_UNNAMED_CHARS || isSensitive(walk.judge(raw)))) return;
  if (range.container) {
    if (isInert(raw.trim())) return;
    tellWords(walk, raw);
    edits.add(range.start, range.end, /\s/.test(text.charAt(range.start - 1)) ? REDACTED : ` ${REDACTED}`);
    return;
  }
  const shown = replacementOf(walk, named, raw.replace(/^(["'])(.*)\1$/s, '$2'));
  if (shown !== undefined) edits.add(range.start, range.end, shown);
}

interface Range {
  readonly start: number;
  readonly end: number;
  readonly container: boolean;
}

function inFlow(text: string, from: number): Range | undefined {
  const found = matchAt(IN_FLOW, text, from);
  if (!found) return undefined;
  const [whole, value = ''] = found;
  const start = from + whole.length - value.length;
  if (value !== '')
    return {
      start: from + whole.length - value.trimStart().length,
      end: start + value.trimEnd().length,
      container: false,
    };
  const close = endOfBrackets(text, start, Math.min(text.length, start + MAX_UNNAMED_CHARS));
  return close < 0 ? undefined : { start, end: close, container: true };
}

function inBlock(text: string, line: number, at: number, before: string): Range | undefined {
  const dashes = /^[ \t]*(?:-[ \t]+)*/.exec(before)?.[0].length ?? 0;
  const indent = dashes < before.length ? dashes : Math.max(indentOf(text, line), before.lastIndexOf('-'));
  return extentOf(text, readYamlValue(text, at, indent));
}
