// Assignments anywhere in a text: `password=…`, `"password": "…"` of broken JSON, `password => '…'`, escaped JSON in a log line, the
// parts of a connection string. One pass from separator to separator; the name is read backwards, the value forwards.
import { containerGoes, isSensitive } from '../field-rules.ts';
import { isInert, REDACTED, type RedactedText } from '../marker.ts';
import { redactProse } from '../redact-prose.ts';
import { isFlowDescription } from '../schema-objects.ts';
import { isPlaceholder } from '../shapes/value-look.ts';
import { endOfBrackets, endOfLine, endOfQuoted, isOpenTriple, isQuote, unquoteLoose } from './brackets.ts';
import { createEdits, type Edits } from './edits.ts';
import { matchAt } from './match-at.ts';
import { type MediaWalk, type NamedValue, replacementOf, tellWords } from './media-walk.ts';

interface Reader {
  readonly text: string;
  readonly walk: MediaWalk;
  readonly edits: Edits;
  /** Brackets were met that do not close. */
  broken: boolean;
}

/** Takes any text; gives it with the values of sensitive names replaced. Time is linear in its length. */
export function redactAssignments(text: string, walk: MediaWalk): RedactedText {
  const reader: Reader = { text, walk, edits: createEdits(), broken: false };
  const separators = /[=:]/g;
  for (let found = separators.exec(text); found; found = separators.exec(text)) {
    const after = afterSeparator(text, found.index);
    const name = after < 0 ? '' : nameBefore(text, found.index);
    separators.lastIndex = Math.max(after, found.index + 1);
    if (name === '' || isMarkup(text, found.index, name, after)) continue;
    const verdict = walk.judge(name);
    const next = isSensitive(verdict)
      ? takeValue(reader, { name, verdict }, after, found.index)
      : passValue(reader, after);
    separators.lastIndex = Math.max(next, separators.lastIndex);
  }
  return reader.edits.apply(text);
}

// HTML's `accesskey` is a letter on the keyboard, and the name of a namespace is no field.
function isMarkup(text: string, separator: number, name: string, value: number): boolean {
  if (text.charCodeAt(separator) !== 61) return false;
  if (/^accesskey$/i.test(name)) return /^["']?[^"'\s]{1,3}["'\s/>]/.test(text.slice(value, value + 6));
  return text.startsWith('xmlns:', separator - name.length - 6);
}

/** Where a value may begin behind `=`, `:`, `:=`, `=>`; -1 for comparisons, scopes and `://`. */
function afterSeparator(text: string, at: number): number {
  const [code, next] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
  const before = text.charCodeAt(at - 1);
  if (code === 61 && (next === 61 || before === 33 || before === 60 || before === 62)) return -1;
  if (code === 58 && next === 58 && isLdif(text, at)) return at + 3;
  if (code === 58 && (next === 58 || before === 58 || (next === 47 && text.charCodeAt(at + 2) === 47))) return -1;
  let value = at + 1;
  if (next === 62 || (code === 58 && next === 61)) value += 1;
  for (let spaces = 0; spaces < MAX_SPACES && isGap(text.charCodeAt(value)); spaces += 1) value += 1;
  return value;
}

/** `userPassword:: e1NT…`: in LDIF (RFC 2849) a value in base64 stands behind two colons. */
function isLdif(text: string, at: number): boolean {
  return (
    text.charCodeAt(at + 2) === 32 && /(?:^|[\r\n])[A-Za-z][\w;-]{0,60}$/.test(text.slice(Math.max(0, at - 62), at))
  );
}

const MAX_SPACES = 60;
const MAX_BROKEN_CHARS = 200;
const MAX_NAME_CHARS = 100;

function isBreak(code: number): boolean {
  return code === 10 || code === 13;
}

function isGap(code: number): boolean {
  return code === 32 || code === 9;
}

const CLOSING = /(?:\\{0,4}["'`]|&quot;|&#0{0,4}(?:34|39);|&apos;|%22|%27|\\u0022)$/i;

/** `config['password']`, as a member of something. */
const MEMBER = /[\w$\])]\[[ \t]{0,3}(["'`])([^"'`\r\n]{1,100})\1[ \t]{0,3}\]$/;

const QUOTED_NEXT = /^[=:>\s]{1,12}["'`]/;

// A name in quotes may hold spaces; in a connection string (`;Shared Key=`) it may as well.
function nameBefore(text: string, separator: number): string {
  let end = separator;
  while (end > separator - MAX_SPACES && isGap(text.charCodeAt(end - 1))) end -= 1;
  const member = text.charAt(end - 1) === ']' ? MEMBER.exec(text.slice(Math.max(0, end - 110), end))?.[2] : undefined;
  // Only a text in quotes is a value there: anything else is code that makes one.
  if (member !== undefined) return QUOTED_NEXT.test(text.slice(separator, separator + 20)) ? member : '';
  if (text.charAt(end - 1) === '+' || text.charAt(end - 1) === '?') end -= 1;
  const quote = isWordEnd(text.charCodeAt(end - 1))
    ? undefined
    : CLOSING.exec(text.slice(Math.max(0, end - 8), end))?.[0];
  if (quote !== undefined) end -= quote.length;
  let start = end;
  while (start > end - MAX_NAME_CHARS && isNamePart(text.charCodeAt(start - 1))) start -= 1;
  const words = text.slice(Math.max(0, start - 40), start);
  const more =
    quote === undefined ? /;[ \t]*([A-Za-z]+ (?:[A-Za-z]+ )?)$/.exec(words) : /["'`]((?:[\w-]+ ){1,3})$/.exec(words);
  return (more?.[1] ?? '') + text.slice(start, end).replace(/^[-.]+/, '');
}

function isWordEnd(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

// Letters, digits, `_`, `-`, `.`, `$`, brackets of `user[password]`, and everything beyond ASCII.
function isNamePart(code: number): boolean {
  return (
    isWordEnd(code) ||
    code === 95 ||
    code === 45 ||
    code === 46 ||
    code === 36 ||
    code === 91 ||
    code === 93 ||
    (code > 127 && code !== 0xa0 && (code < 0x2000 || code > 0x200a) && code !== 0x3000)
  );
}

interface Value {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function takeValue(reader: Reader, named: NamedValue, start: number, separator: number): number {
  const { text, walk, edits } = reader;
  const code = text.charCodeAt(start);
  if ((code === 123 || code === 91) && containerGoes(named.verdict)) return takeContainer(reader, start);
  const value = valueAt(reader, start, separator);
  if (isSentence(reader, named, value, separator)) return start;
  if (isNoValue(text, value, separator)) return start;
  // `//` is the rest of a URL; a mark or a tag of YAML stands before a value.
  if (value.text.startsWith('//') || /^(?:[|>][+-]?\d?|!!\w+)$/.test(value.text)) return start;
  const shown = replacementOf(walk, named, value.text);
  if (shown !== undefined) edits.add(value.start, value.end, shown);
  // What stays, such as a bare scheme, may be followed by an assignment of its own.
  return shown === undefined && value.end === start ? start : value.end;
}

const TYPED = /[ \t]{0,3}=(?![=>~])[ \t]{0,3}/y;
const FOLDED = /(?:\r?\n [\w+/=]+)+/y;

function valueAt(reader: Reader, start: number, separator: number): Value {
  const { text } = reader;
  const quoted = readQuoted(reader, start);
  if (quoted) return quoted;
  const bare = readBare(text, start, separator);
  if (text.charCodeAt(separator) !== 58) return bare;
  const folded = text.charCodeAt(separator + 1) === 58 ? matchAt(FOLDED, text, bare.end)?.[0] : undefined;
  if (folded !== undefined) return sliceOf(text, start, bare.end + folded.length);
  // `$password: String = "…"`: what stands behind the colon is a type.
  const typed = /^[A-Za-z]\w*[!?]?$/.test(bare.text) ? matchAt(TYPED, text, bare.end)?.[0] : undefined;
  const behind = bare.end + (typed?.length ?? 0);
  return typed === undefined ? bare : (readQuoted(reader, behind) ?? readBare(text, behind, behind - 1));
}

// `The token: a string` and `First pass: determine it` are sentences; `password: hunter` is none, nor is what ends its line.
function isSentence({ text, walk }: Reader, { name, verdict }: NamedValue, value: Value, separator: number): boolean {
  const { start, end } = value;
  if (text.charCodeAt(separator) !== 58 || start === separator + 1 || !/^[a-z]+[.,]?$/.test(value.text)) return false;
  if (isQuote(text.charCodeAt(start - 1)) || !/^ {1,2}[A-Za-z`("*]/.test(text.slice(end, end + 3))) return false;
  const word = value.text.replace(/[.,]$/, '');
  if (isPlaceholder(word, walk.judge)) return true;
  const before = separator - name.length;
  return verdict === 'likely' && /[A-Za-z,.)] $/.test(text.slice(Math.max(0, before - 2), before));
}

// The quote behind `'set token:', name` closes a text, and a lone sign stands for nothing.
function isNoValue(whole: string, { start, text }: Value, separator: number): boolean {
  if (/^[^\p{L}\p{N}]?$/u.test(text)) return true;
  if (!isWordEnd(whole.charCodeAt(separator - 1)) || start !== separator + 2) return false;
  return /["'`]/.test(whole.charAt(separator + 1)) && /^\s*(?:[,);+]\s|[,);]*$)/.test(text);
}

function takeContainer(reader: Reader, start: number): number {
  const { text, walk, edits, broken } = reader;
  const close = endOfBrackets(text, start, broken ? Math.min(text.length, start + MAX_BROKEN_CHARS) : text.length);
  reader.broken ||= close < 0;
  const end = close < 0 ? (walk.incomplete ? text.length : endOfLine(text, start)) : close;
  const whole = text.slice(start, end);
  if (isFlowDescription(whole)) return end;
  if (isInert(whole) || whole.startsWith(REDACTED) || /^(?:[[{]\s*[\]}]|\[[\s\d.,eE+-]*\])$/.test(whole)) return end;
  // A list of words is no object: `tokens: [a-z]`, `session [1]:`; only what holds an assignment or a quoted text goes.
  if (!/[:="']/.test(whole) && close >= 0) return start + 1;
  tellWords(walk, whole);
  edits.add(start, end, REDACTED);
  return end;
}

const OPENING = /\\{1,4}["']|&quot;|&#0{0,4}(?:34|39);|&apos;|%22|%27|\\u0022/iy;

function readQuoted({ text, walk }: Reader, start: number): Value | undefined {
  const mark = text.charAt(start);
  if (walk.incomplete && isOpenTriple(text, start)) return sliceOf(text, start + 3, text.length);
  if (mark === '"' || mark === "'" || mark === '`') {
    const close = endOfQuoted(text, start);
    // Without its closing quote a text goes to the end of its line.
    if (close < 0) return sliceOf(text, start + 1, endOfLine(text, start));
    return { start: start + 1, end: close - 1, text: unquoteLoose(text.slice(start, close)) };
  }
  const escaped = matchAt(OPENING, text, start)?.[0];
  if (escaped === undefined) return undefined;
  const from = start + escaped.length;
  let end = from;
  while (end < text.length && !isBreak(text.charCodeAt(end)) && !text.startsWith(escaped, end)) end += 1;
  return sliceOf(text, from, end);
}

function sliceOf(text: string, start: number, end: number): Value {
  return { start, end, text: text.slice(start, end) };
}

const BARE =
  /(?:(?:bearer|basic|token|apikey|digest|negotiate)[ \t]{1,3}(?=[^\s=:]{4}))?[^\s"'<>&,;{}()[\]\\]+(?:\\(?!["'nrt])[^\s"'<>&,;{}()[\]\\]*)*/iy;
const PART = /[^;\r\n"'`<]+/y;

// Between the semicolons of a connection string a value holds any sign.
function readBare(text: string, start: number, separator: number): Value {
  const connection = isConnection(text, start, separator);
  const whole = matchAt(connection ? PART : BARE, text, start)?.[0] ?? '';
  const raw = whole.includes('`') && opensCode(text, separator) ? whole.slice(0, whole.indexOf('`')) : whole;
  const end = start + raw.length;
  // A connection string as a value goes on behind its semicolons.
  const joined = !connection && text.charAt(end) === ';' && /^[A-Za-z][\w .-]{0,40}=[^=]/.test(raw);
  return sliceOf(text, start, joined ? endOfJoined(text, end) : end);
}

/** Whether a backtick before this place of a line opens code that one behind it closes. */
function opensCode(text: string, at: number): boolean {
  const line = text.slice(Math.max(0, at - MAX_BROKEN_CHARS), at);
  return line.slice(line.lastIndexOf('\n') + 1).split('`').length % 2 === 0;
}

function endOfJoined(text: string, start: number): number {
  let at = start;
  while (at < text.length && !/[\r\n"'`]/.test(text.charAt(at))) at += 1;
  return at;
}

function isConnection(text: string, start: number, separator: number): boolean {
  if (text.charCodeAt(separator) !== 61) return false;
  const before = text.slice(Math.max(0, separator - 60), separator);
  if (/=[^=\s]*;[ \t]*[A-Za-z][\w .-]*$/.test(before)) return true;
  return /^[^;\r\n"'`<]{0,200};[ \t]*[A-Za-z][\w .-]{1,40}=/.test(text.slice(start, start + 260));
}

// What a text in quotes says under a name that stays is prose: there a colon takes a value only where it looks like one.
function passValue({ text, edits }: Reader, start: number): number {
  const mark = text.charAt(start);
  if (mark !== '"' && mark !== "'") return start;
  const close = endOfQuoted(text, start);
  if (close < 0 || close - start > MAX_PROSE_CHARS) return start;
  const inner = text.slice(start + 1, close - 1);
  const shown = /[=:]/.test(inner) ? redactProse(inner) : { text: inner, count: 0 };
  if (shown.count > 0) edits.add(start + 1, close - 1, shown.text, shown.count);
  return close;
}

const MAX_PROSE_CHARS = 100_000;
