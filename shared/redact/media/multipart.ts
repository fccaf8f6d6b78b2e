// Multipart bodies (RFC 2046 section 5.1, RFC 7578): each part by its name, its headers, and its own media type.
import { isSensitive } from '../field-rules.ts';
import { isInert, REDACTED, type RedactedText, WITHHELD } from '../marker.ts';
import { redactHeader } from '../redact-header.ts';
import { createEdits, type Edits } from './edits.ts';
import { matchAt } from './match-at.ts';
import { isBinaryType } from './media-type.ts';
import { type MediaWalk, takeWhole } from './media-walk.ts';

const SNIFFED =
  /^(?:[^\r\n]{0,200}\r?\n){0,5}--([^\s"]{1,100})[ \t]*\r?\n(?=[ \t]{0,8}content-(?:disposition|type)[ \t]{0,8}:)/i;

/** The line that parts the parts, as the media type or the text says; undefined where the text has none. */
export function boundaryOf(text: string, contentType: string): string | undefined {
  const declared = /^\s*multipart\//i.test(contentType)
    ? /;\s*boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType)
    : undefined;
  const boundary = declared?.[1] ?? declared?.[2];
  if (boundary !== undefined && text.includes(`--${boundary}`)) return boundary;
  return text.includes('--') ? SNIFFED.exec(text)?.[1] : undefined;
}

/** Takes a text in which the boundary was found; gives it with the parts of sensitive names replaced. */
export function redactMultipart(text: string, boundary: string, walk: MediaWalk): RedactedText {
  const edits = createEdits();
  const mark = `--${boundary}`;
  let part = -1;
  let outside = 0;
  for (let at = nextMark(text, mark, 0); at >= 0; at = nextMark(text, mark, at + mark.length)) {
    const from = afterLine(text, at + mark.length);
    if (part >= 0) redactPart(text, part, beforeLine(text, at), walk, edits, false);
    else redactOutside(text, outside, at, walk, edits);
    outside = from;
    part = text.startsWith('--', at + mark.length) ? -1 : from;
  }
  if (part >= 0) redactPart(text, part, text.length, walk, edits, true);
  else redactOutside(text, outside, text.length, walk, edits);
  return edits.apply(text);
}

/** What stands before the first part and behind the last one: most readers pass over it. */
function redactOutside(text: string, start: number, end: number, walk: MediaWalk, edits: Edits): void {
  const raw = text.slice(start, end);
  if (raw.trim() === '') return;
  const inner = walk.inner(raw, '', walk.incomplete && end === text.length);
  if (inner.count > 0) edits.add(start, end, inner.text, inner.count);
}

/** The next line that is the mark, or the mark and two dashes. */
function nextMark(text: string, mark: string, from: number): number {
  let at = text.indexOf(mark, from);
  while (at >= 0 && !isMark(text, at, at + mark.length)) at = text.indexOf(mark, at + 1);
  return at;
}

function isMark(text: string, start: number, end: number): boolean {
  const before = text.charCodeAt(start - 1);
  return (
    (start === 0 || before === 10 || before === 13) && /^(?:--|[ \t]*(?:[\r\n]|$))/.test(text.slice(end, end + 40))
  );
}

function afterLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end + 1;
}

function beforeLine(text: string, at: number): number {
  return text.startsWith('\r\n', at - 2) ? at - 2 : at - 1;
}

interface Header {
  readonly name: string;
  readonly value: string;
  readonly end: number;
}

function redactPart(text: string, start: number, end: number, walk: MediaWalk, edits: Edits, last: boolean): void {
  const { headers, body } = readHeaders(text, start, end);
  if (body >= end) return;
  const headerOf = (name: string) => headers.find((header) => header.name === name)?.value ?? '';
  redactHeaders(headers, edits);
  const names = namesOf(headerOf('content-disposition'));
  const raw = text.slice(body, end);
  if (names.some((name) => isSensitive(walk.judge(name)))) {
    const shown = takeWhole(walk, raw);
    if (shown !== undefined && !raw.startsWith(REDACTED)) edits.add(body, end, shown);
    return;
  }
  const type = headerOf('content-type');
  const opaque = isBinaryType(type) || /base64|quoted-printable/i.test(headerOf('content-transfer-encoding'));
  if (opaque && !isInert(raw)) {
    edits.add(body, end, WITHHELD);
    return;
  }
  const inner = walk.inner(raw, type, last && walk.incomplete);
  if (inner.count > 0) edits.add(body, end, inner.text, inner.count);
}

const HEADER_LINE = /([^\s:]{1,100})[ \t]{0,8}:[ \t]*([^\r\n]*(?:\r?\n[ \t]+[^\r\n]*)*)(\r?\n|$)/y;

function readHeaders(text: string, start: number, end: number): { headers: readonly Header[]; body: number } {
  const headers: Header[] = [];
  let at = start;
  while (at < end) {
    const blank = text.startsWith('\r\n', at) ? 2 : text.charCodeAt(at) === 10 ? 1 : 0;
    if (blank > 0) return { headers, body: at + blank };
    const found = matchAt(HEADER_LINE, text, at);
    const next = at + (found?.[0].length ?? 0);
    if (!found || next > end + 2) return { headers, body: at };
    const [, name = '', value = '', eol = ''] = found;
    headers.push({ name: name.toLowerCase(), value, end: next - eol.length });
    at = next;
  }
  return { headers, body: end };
}

function redactHeaders(headers: readonly Header[], edits: Edits): void {
  for (const { name, value, end } of headers) {
    const shown = redactHeader(name, value);
    if (shown.count > 0) edits.add(end - value.length, end, shown.text);
  }
}

const PARAMETER = /;\s{0,40}([\w*-]{1,60})\s{0,8}=\s{0,8}(?:"((?:[^"\\\r\n]|\\.){0,1000})"?|([^\s;"]{0,1000}))/g;
const ANY_NAME = /[;\s]name\s{0,8}=\s{0,8}(?:"((?:[^"\\\r\n]|\\.){0,300})"?|([^\s;"]{1,300}))/i;

/**
 * What a part may be called: parameters may hold `; name=` between quotes, and quotes may be missing. RFC 7578 leaves the encoding of
 * a name open, RFC 5987's form is read as well.
 */
function namesOf(disposition: string): readonly string[] {
  const names: string[] = [];
  for (const [, parameter = '', quoted, bare = ''] of disposition.matchAll(PARAMETER)) {
    const value = quoted?.replace(/\\(.)/g, '$1') ?? bare;
    if (/^name$/i.test(parameter)) names.push(decodeName(value));
    else if (/^name\*$/i.test(parameter)) names.push(decodeName(value.replace(/^[\w-]*'[\w-]*'/, '')));
  }
  const loose = ANY_NAME.exec(disposition);
  if (loose) names.push(decodeName(loose[1]?.replace(/\\(.)/g, '$1') ?? loose[2] ?? ''));
  return names;
}

function decodeName(name: string): string {
  try {
    return name.includes('%') ? decodeURIComponent(name) : name;
  } catch {
    return name;
  }
}
