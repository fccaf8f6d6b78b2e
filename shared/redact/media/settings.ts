// Settings as lines of `name = value`: .env, INI, Java properties, systemd units, TOML. A value goes to the end of its line, its
// quotes, its brackets or its continuation lines.
import { containerGoes, isSensitive } from '../field-rules.ts';
import { isInert, REDACTED, type RedactedText } from '../marker.ts';
import { endOfBrackets, endOfLine, endOfTripled, nextLine, unquoteLoose } from './brackets.ts';
import { createEdits, type Edits } from './edits.ts';
import { matchAt } from './match-at.ts';
import { type MediaWalk, type NamedValue, replacementOf, tellWords } from './media-walk.ts';
import { mostLinesAre } from './yaml-lines.ts';

interface Settings {
  readonly text: string;
  readonly walk: MediaWalk;
  readonly edits: Edits;
  /** Set in a section that is called like a secret, such as TOML's `[credentials]`: all of its values go. */
  section: NamedValue | undefined;
  /** Marks of here-documents that are known not to come again. */
  readonly unended: Set<string>;
  /** Brackets were met that do not close, so that none are looked for over lines again. */
  broken: boolean;
}

interface Extent {
  readonly start: number;
  readonly end: number;
  /** Where the line goes on behind the value. */
  readonly next: number;
  readonly value: string;
  readonly container: boolean;
}

const SECTION = /[ \t]*\[{1,2}[ \t]*([^\]\r\n]{1,200}?)[ \t]*\]{1,2}[ \t]*(?=[\r\n#;]|$)/y;
const PREFIX =
  '[ \\t]*(?:[#;!][ \\t]*)?(?:(?:export|set|setx|env|ENV|ARG|SET|declare(?: -x)?|let|local)[ \\t]+)?(["\']?)\\$?(?:env:)?';
const ASSIGNED = new RegExp(
  `${PREFIX}([\\p{L}_@][^\\s=:"'#;,(){}<>&|]{0,199}|"[^"\\r\\n]{1,200}"|'[^'\\r\\n]{1,200}')["']?[ \\t]{0,80}(\\+?[=:]|:=)[ \\t]*`,
  'uy',
);
const SPACED = /[ \t]*([A-Za-z_][\w.-]{0,199})[ \t]+(?=[^\s=:])/y;

export interface SettingsOptions {
  /** Whether a colon sets a value as well (Java properties). */
  readonly colon: boolean;
  /** Whether a space does. */
  readonly space: boolean;
}

export function redactSettings(text: string, walk: MediaWalk, options: SettingsOptions): RedactedText {
  const settings: Settings = {
    text,
    walk,
    edits: createEdits(),
    section: undefined,
    unended: new Set(),
    broken: false,
  };
  for (let at = text.startsWith('\ufeff') ? 1 : 0; at < text.length; ) at = readLine(settings, at, options);
  return settings.edits.apply(text);
}

const LINE = /^(?:[#;![]|(?:export[ \t]+)?[\w.$"'-]{1,80}[ \t]{0,40}\+?=(?!=))/;

/** Whether most lines of a text read as `name=value`. */
export function readsAsSettings(text: string): boolean {
  return mostLinesAre(text, LINE);
}

function readLine(settings: Settings, line: number, options: SettingsOptions): number {
  const { text, walk } = settings;
  const section = matchAt(SECTION, text, line)?.[1];
  if (section !== undefined) {
    const name = section.replace(/["']/g, '');
    const verdict = walk.judge(name.slice(name.lastIndexOf('.') + 1));
    const isSecret = verdict === 'secret' || name.split('.').some((part) => walk.judge(part) === 'secret');
    settings.section = isSecret ? { name, verdict: 'secret' } : undefined;
    return nextLine(text, line);
  }
  const found = nameOn(text, line, options);
  const named = found && namedBy(settings, found.name);
  // What stays may be a text or a list over several lines, in which other names stand: those are read as lines.
  if (!found || !named) return nextLine(text, line);
  const extent = extentOf(settings, found.value);
  take(settings, named, withoutQuote(extent, text, found.quote));
  return nextLine(text, extent.next);
}

interface Found {
  readonly name: string;
  /** Where its value begins. */
  readonly value: number;
  /** The quote that stands around name and value both, as in `SET "NAME=value"`. */
  readonly quote: string;
}

function nameOn(text: string, line: number, { colon, space }: SettingsOptions): Found | undefined {
  const assigned = matchAt(ASSIGNED, text, line);
  if (assigned) {
    const [whole, quote = '', name = '', sign] = assigned;
    if (sign === ':' && !colon) return undefined;
    return { name: name.replace(/^["']|["']$/g, ''), value: line + whole.length, quote };
  }
  const spaced = space ? matchAt(SPACED, text, line) : undefined;
  return spaced && { name: spaced[1] ?? '', value: line + spaced[0].length, quote: '' };
}

function withoutQuote(extent: Extent, text: string, quote: string): Extent {
  const { start, end } = extent;
  if (quote === '' || extent.container || text.charAt(end - 1) !== quote) return extent;
  return { ...extent, end: end - 1, value: text.slice(start, end - 1) };
}

function namedBy({ walk, section }: Settings, name: string): NamedValue | undefined {
  const verdict = walk.judge(name);
  if (isSensitive(verdict)) return { name, verdict };
  return section;
}

function extentOf(settings: Settings, start: number): Extent {
  const { text, walk } = settings;
  const eol = endOfLine(text, start);
  const triple = /^(?:"""|''')/.exec(text.slice(start, start + 3))?.[0];
  if (triple !== undefined) return tripled(text, start, triple);
  const mark = text.charAt(start);
  if (mark === '"' || mark === "'") return quoted(text, start, mark, walk.incomplete);
  if (mark === '{' || mark === '[') {
    const close = endOfBrackets(text, start, settings.broken ? eol : text.length, true);
    settings.broken ||= close < 0;
    const end = close < 0 ? (walk.incomplete ? text.length : eol) : close;
    return { start, end, next: end, value: text.slice(start, end), container: true };
  }
  return hereDocument(settings, start, eol) ?? bare(text, start);
}

const HERE = /<<[-~]?[ \t]*(["']?)([A-Za-z_]\w{0,40})\1[ \t]*[)"']?[ \t]*$/;

/** `<<EOF` and all lines to the one that says `EOF`. */
function hereDocument({ text, walk, unended }: Settings, start: number, eol: number): Extent | undefined {
  const mark = HERE.exec(text.slice(start, eol))?.[2];
  if (mark === undefined) return undefined;
  let at = unended.has(mark) ? -1 : text.indexOf(mark, eol);
  while (at >= 0 && !standsAlone(text, at, at + mark.length)) at = text.indexOf(mark, at + 1);
  if (at < 0) unended.add(mark);
  if (at < 0 && !walk.incomplete) return undefined;
  const end = at < 0 ? text.length : Math.max(text.lastIndexOf('\n', at), eol);
  return { start, end, next: at < 0 ? end : at, value: text.slice(eol, end).trim(), container: false };
}

function standsAlone(text: string, start: number, end: number): boolean {
  const before = text.slice(Math.max(0, start - MAX_MARGIN_CHARS), start);
  return /[\r\n][ \t]*$/.test(before) && /^[ \t;,)]*(?:[\r\n]|$)/.test(text.slice(end, end + MAX_MARGIN_CHARS));
}

const MAX_MARGIN_CHARS = 40;

function tripled(text: string, start: number, mark: string): Extent {
  const close = mark === '"""' ? endOfTripled(text, start + 3, mark) : indexOrNone(text, mark, start + 3);
  const end = close ?? text.length;
  return {
    start: start + 3,
    end,
    next: close === undefined ? end : end + 3,
    value: text.slice(start + 3, end),
    container: false,
  };
}

function indexOrNone(text: string, mark: string, from: number): number | undefined {
  const at = text.indexOf(mark, from);
  return at < 0 ? undefined : at;
}

// A quote may close on a later line (.env); if it does not close at all, the value is its line, or all where the text is cut.
function quoted(text: string, start: number, mark: string, incomplete: boolean): Extent {
  const limit = Math.min(text.length, start + MAX_QUOTED_CHARS);
  for (let at = start + 1; at < limit; at += 1) {
    const code = text.charAt(at);
    if (code === '\\' && mark === '"') at += 1;
    else if (code === mark) return closed(text, start, at);
  }
  const end = incomplete && limit === text.length ? limit : endOfLine(text, start);
  return { start: start + 1, end, next: end, value: text.slice(start + 1, end), container: false };
}

const MAX_QUOTED_CHARS = 20_000;

function closed(text: string, start: number, close: number): Extent {
  const eol = endOfLine(text, close);
  const rest = text.slice(close + 1, eol);
  // `KEY="a"b` is one value; a comment, a comma or a further assignment is not part of it.
  const glued = /^[^\s,;#"']/.test(rest);
  const end = glued ? eol : close;
  const token = text.slice(start, close + 1);
  return {
    start: start + 1,
    end,
    next: eol,
    value: glued ? text.slice(start + 1, eol) : unquoteLoose(token),
    container: false,
  };
}

function bare(text: string, start: number): Extent {
  let eol = endOfLine(text, start);
  while (endsInBackslash(text, start, eol) && eol < text.length) eol = endOfLine(text, nextLine(text, eol));
  let end = eol;
  const raw = text.slice(start, eol);
  // A comment, or the next pair of one line (`token=a level=info`).
  const cut = /[ \t]+#|[ \t]+[\p{L}_][\p{L}\p{N}_.-]{0,60}=/u.exec(raw);
  if (cut) end = start + cut.index;
  while (end > start && /[ \t\r]/.test(text.charAt(end - 1))) end -= 1;
  return { start, end, next: eol, value: text.slice(start, end), container: false };
}

function endsInBackslash(text: string, start: number, end: number): boolean {
  let count = 0;
  while (end - count > start && text.charAt(end - count - 1) === '\\') count += 1;
  return count % 2 === 1;
}

function take({ walk, edits }: Settings, named: NamedValue, { start, end, value, container }: Extent): void {
  if (container) {
    if (!containerGoes(named.verdict) || isInert(value) || value.startsWith(REDACTED)) return;
    if (/^[\s[\]\d.,eE+-]*$|^[[{]\s*[\]}]$/.test(value)) return;
    tellWords(walk, value);
    edits.add(start, end, `"${REDACTED}"`);
    return;
  }
  if (value.startsWith('//')) return;
  const shown = replacementOf(walk, named, value);
  if (shown !== undefined) edits.add(start, end, shown);
}
