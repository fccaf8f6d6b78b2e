import { isSensitiveName } from '../redact/names.ts';
import type { LiteralRange } from './seal-ranges.ts';

const PART_NAME = /;\s{0,8}name\s{0,8}=\s{0,8}(?:"([^"\n]*)"|([^;\s]+))/i;

/**
 * The values of a multipart form that is written out (RFC 7578), where the part's name is sensitive. A value ends at the next
 * line that starts with the delimiter of the first line.
 */
export function scanMultipart(text: string): LiteralRange[] {
  const delimiter = /^--[^\r\n{]+/.exec(text.trimStart())?.[0].trimEnd() ?? '--';
  const ranges: LiteralRange[] = [];
  let sensitive = false;
  let inHead = false;
  let start = -1;
  for (const line of linesOf(text)) {
    const content = text.slice(line.start, line.end);
    if (content.startsWith(delimiter)) {
      if (start >= 0) ranges.push({ start, end: beforeBreak(text, start, line.start) });
      [sensitive, inHead, start] = [false, true, -1];
    } else if (inHead && content.trim() === '') {
      inHead = false;
      if (sensitive) start = line.next;
    } else if (inHead) {
      sensitive ||= isSensitivePart(content);
    }
  }
  if (start >= 0) ranges.push({ start, end: text.length });
  return ranges.filter((range) => range.end > range.start);
}

const MAX_HEAD_CHARS = 1_000;

function isSensitivePart(line: string): boolean {
  if (!/^content-disposition\s{0,8}:/i.test(line)) return false;
  const name = PART_NAME.exec(line.slice(0, MAX_HEAD_CHARS));
  return name !== null && isSensitiveName(name[1] ?? name[2] ?? '');
}

/** The line break before a delimiter belongs to the delimiter. */
function beforeBreak(text: string, from: number, at: number): number {
  let end = at;
  if (end > from && text[end - 1] === '\n') end -= 1;
  if (end > from && text[end - 1] === '\r') end -= 1;
  return end;
}

function* linesOf(text: string): Generator<{ readonly start: number; readonly end: number; readonly next: number }> {
  for (let start = 0; start < text.length; ) {
    const found = text.indexOf('\n', start);
    const next = found === -1 ? text.length : found + 1;
    yield { start, end: next, next };
    start = next;
  }
}
