// Fields in text that is not JSON: assignments and header lines, elements and attributes, form controls, multipart parts,
// lines of JSON (NDJSON, server-sent events). Every pattern is bounded or starts where it cannot start again inside itself.
import { isSensitive } from './field-rules.ts';
import { redactJsonFields } from './json-fields.ts';
import { isInert, REDACTED, type RedactedText, redactWhole } from './marker.ts';
import type { NameVerdict } from './names.ts';
import { redactHeader } from './redact-header.ts';

type Judge = (name: string) => NameVerdict;

/** `withheld`: a line of JSON is over the limits, so nothing of the text may be shown. */
export interface RedactedLines extends RedactedText {
  readonly withheld: boolean;
}

export function redactTextFields(text: string, judge: Judge): RedactedLines {
  const lines = redactJsonLines(text, judge);
  if (lines.withheld) return lines;
  let { count } = lines;
  let out = lines.text;
  for (const redact of [redactElements, redactControls, redactParts, redactAssignments]) {
    const shown = redact(out, judge);
    count += shown.count;
    out = shown.text;
  }
  return { text: out, count, withheld: false };
}

// `data:` and `id:` are the fields of a server-sent event; other prefixes are those put before JSON against cross-site reading.
const LINE_PREFIX = /^(?:data:|\)\]\}',?|while\(1\);|for\(;;\);)?\s*/;

function redactJsonLines(text: string, judge: Judge): RedactedLines {
  if (!text.includes('{') && !text.includes('[')) return { text, count: 0, withheld: false };
  let count = 0;
  let withheld = false;
  const lines = text.split('\n').map((line) => {
    const prefix = LINE_PREFIX.exec(line)?.[0] ?? '';
    const rest = line.slice(prefix.length);
    if (!/^[{[]/.test(rest)) return line;
    const shown = redactJsonFields(rest, judge);
    count += shown.count;
    withheld ||= shown.verdict === 'over-limit';
    return shown.count === 0 ? line : prefix + shown.text;
  });
  return { text: count === 0 ? text : lines.join('\n'), count, withheld };
}

function replacing(
  text: string,
  pattern: RegExp,
  replace: (groups: readonly string[]) => string | undefined,
): RedactedText {
  let count = 0;
  const out = text.replace(pattern, (...found: (string | number)[]) => {
    const groups = found.map((group) => (typeof group === 'string' ? group : ''));
    const replaced = replace(groups);
    if (replaced === undefined) return groups[0] ?? '';
    count += 1;
    return replaced;
  });
  return { text: out, count };
}

const OPEN_TAG = /<([A-Za-z_][\w.:-]{0,99})(?:\s[^<>]{0,2000})?>\s*/g;
const CDATA = '<![CDATA[';

// `<password>…</password>`, with a prefix or attributes.
function redactElements(text: string, judge: Judge): RedactedText {
  if (!text.includes('</')) return { text, count: 0 };
  const parts: string[] = [];
  let from = 0;
  const tags = new RegExp(OPEN_TAG);
  for (let tag = tags.exec(text); tag; tag = tags.exec(text)) {
    const verdict = judge((tag[1] ?? '').replace(/^[^:]*:/, ''));
    if (!isSensitive(verdict)) continue;
    const start = tags.lastIndex;
    const end = endOfElementText(text, start);
    tags.lastIndex = Math.max(start, end);
    if (end <= start || !goes(verdict, text.slice(start, end).trim())) continue;
    parts.push(text.slice(from, start), REDACTED);
    from = end;
  }
  return { text: parts.length === 0 ? text : parts.join('') + text.slice(from), count: parts.length / 2 };
}

/** -1 where no closing tag follows the text; a CDATA section without its end goes to the end of the text. */
function endOfElementText(text: string, start: number): number {
  if (text.startsWith(CDATA, start)) {
    const close = text.indexOf(']]>', start);
    return close < 0 ? text.length : close + 3;
  }
  const next = text.indexOf('<', start);
  return text.charAt(next + 1) === '/' ? next : -1;
}

const TAG = /<[A-Za-z][^<>]{0,4000}>/g;
const NAME_ATTRIBUTE = /\s(?:name|id|key)\s{0,3}=\s{0,3}(?:"([^"]{1,200})"|'([^']{1,200})'|([^\s"'<>]{1,200}))/i;
const VALUE_ATTRIBUTE = /(\s(?:value|content)\s{0,3}=\s{0,3})("[^"]*"|'[^']*'|[^\s"'<>]+)/gi;

// `<input name="password" value="…">`, `<meta name="csrf-token" content="…">`, `<add key="ApiKey" value="…"/>`.
function redactControls(text: string, judge: Judge): RedactedText {
  if (!/\s(?:value|content)\s{0,3}=/i.test(text)) return { text, count: 0 };
  return replacing(text, TAG, ([tag = '']) => {
    const named = NAME_ATTRIBUTE.exec(tag);
    const verdict = judge(named?.[1] ?? named?.[2] ?? named?.[3] ?? '');
    if (!isSensitive(verdict)) return undefined;
    const shown = replacing(tag, VALUE_ATTRIBUTE, ([, before = '', value = '']) => {
      const quote = /^["']/.exec(value)?.[0] ?? '';
      const inner = quote ? value.slice(1, -1) : value;
      return goes(verdict, inner) ? `${before}${quote}${REDACTED}${quote}` : undefined;
    });
    return shown.count > 0 ? shown.text : undefined;
  });
}

const DISPOSITION = /^[ \t]{0,8}content-disposition:([^\r\n]{0,600})[^\r\n]*/gim;
const HEADERS_AND_VALUE = /(\r?\n(?:[\w-]{1,60}:[^\r\n]*\r?\n){0,8}\r?\n)([^\r\n]+)/y;

// RFC 7578: the value of a part is known by the name in its Content-Disposition.
function redactParts(text: string, judge: Judge): RedactedText {
  if (!/content-disposition:/i.test(text)) return { text, count: 0 };
  const parts: string[] = [];
  let from = 0;
  const value = new RegExp(HEADERS_AND_VALUE);
  for (const line of text.matchAll(DISPOSITION)) {
    const verdict = judge(/[;\s]name="([^"\r\n]{1,200})"/i.exec(line[1] ?? '')?.[1] ?? '');
    if (!isSensitive(verdict)) continue;
    value.lastIndex = line.index + line[0].length;
    const found = value.exec(text);
    if (!found || !goes(verdict, found[2] ?? '')) continue;
    parts.push(text.slice(from, found.index), found[1] ?? '', REDACTED);
    from = value.lastIndex;
  }
  return { text: parts.length === 0 ? text : parts.join('') + text.slice(from), count: parts.length / 3 };
}

const HEADER_LINE =
  /^([ \t>*-]{0,8})((?:proxy-)?authorization|(?:set-)?cookie|x-[\w-]{1,60})(:[ \t]{0,4})([^\r\n]+)/gim;
const ASSIGNMENT =
  /(?<![\w.-])([A-Za-z_][\w.-]{0,99})(["']?[ \t]{0,3}[=:]>?[ \t]{0,3})("(?:[^"\\\r\n]|\\.){0,8192}"|'[^'\r\n]{0,8192}'|[^\s"'<>&,;{}()[\]]+)/g;

// `password=…`, `"password": "…"` of broken JSON, YAML and INI lines, header lines of a trace.
function redactAssignments(text: string, judge: Judge): RedactedText {
  const headers = replacing(text, HEADER_LINE, ([, before = '', name = '', colon = '', value = '']) => {
    const shown = redactHeader(name, value);
    return shown.count > 0 ? before + name + colon + shown.text : undefined;
  });
  const rest = replacing(headers.text, ASSIGNMENT, ([, name = '', between = '', value = '']) => {
    const quote = /^["']/.exec(value)?.[0] ?? '';
    const inner = quote ? value.slice(1, -1) : value;
    if (inner.startsWith('//') || !goes(judge(name), inner)) return undefined;
    return `${name}${between}${quote}${redactWhole(inner).text}${quote}`;
  });
  return { text: rest.text, count: headers.count + rest.count };
}

function goes(verdict: NameVerdict, value: string): boolean {
  if (!isSensitive(verdict) || isInert(value) || value.startsWith(REDACTED)) return false;
  return verdict !== 'likely' || !/^\d{1,9}$/.test(value);
}
