// Free text that people wrote: what redactText knows, and assignments under a sensitive name (`password=…`, `token: …`). After a
// colon most words are part of a sentence, so a bare word has to look like a value there.
import { isSensitive } from './field-rules.ts';
import { isInert, REDACTED, type RedactedText } from './marker.ts';
import { createNameMatcher, type NameVerdict } from './names.ts';
import { redactText } from './redact-text.ts';
import { isPlaceholder, looksMade } from './shapes/value-look.ts';

const NAME = '(?<![\\w.-])(?:([A-Za-z]{1,20})[ ])?([A-Za-z_][\\w.-]{0,99})';
const BETWEEN = '(["\'`*]{0,3}[ \\t]{0,3}(?:=(?![=>~])|:(?![:/]))[*]{0,3}[ \\t]{0,3})';
const SCHEME = '((?:(?:bearer|basic|token|apikey|digest|negotiate)[ \\t]{1,3})?)';
const VALUE = '("[^"\\r\\n]{1,4096}"|\'[^\'\\r\\n]{1,4096}\'|`[^`\\r\\n]{1,4096}`|[^\\s"\'`<>&,;{}()[\\]|]+)';
const ASSIGNMENT = new RegExp(NAME + BETWEEN + SCHEME + VALUE, 'gi');

// `password \`letmein1\``, `the PIN is 1234`, `token (abc123)`.
const LINK = '(?:[ \\t]{1,3}(?:is|was|→|->)(?:[ \\t]{0,2}:)?)';
const ENCLOSED = '("[^\\s"]{4,200}"|\'[^\\s\']{4,200}\'|`[^\\s`]{4,200}`|\\([^\\s()]{4,200}\\))';
const SAID = new RegExp(
  `${NAME}(?:${LINK}?[ \\t]{1,3}${ENCLOSED}|${LINK}[ \\t]{1,3}([^\\s"'\`<>&,;{}()[\\]|]{4,200}))`,
  'gi',
);

/** Takes descriptive text; gives it with credentials and assigned secrets replaced. Time is linear in its length. */
export function redactProse(text: string): RedactedText {
  const shaped = redactText(text);
  const judge = createNameMatcher();
  const assigned = /[=:]/.test(shaped.text) ? cut(shaped.text, assignedSecrets(shaped.text, judge)) : unchanged(shaped);
  const said = cut(assigned.text, saidSecrets(assigned.text, judge));
  return { text: said.text, count: shaped.count + assigned.count + said.count };
}

function unchanged({ text }: RedactedText): RedactedText {
  return { text, count: 0 };
}

function cut(text: string, ranges: Iterable<Range>): RedactedText {
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of ranges) {
    parts.push(text.slice(from, start), REDACTED);
    from = end;
  }
  return parts.length === 0 ? { text, count: 0 } : { text: parts.join('') + text.slice(from), count: parts.length / 2 };
}

function* saidSecrets(text: string, judge: Judge): Generator<Range> {
  for (const found of text.matchAll(SAID)) {
    const [whole, before = '', name = '', enclosed, bare = ''] = found;
    const verdict = judgeWords(before, name, judge);
    if (!isSensitive(verdict)) continue;
    const given = enclosed === undefined ? bareValue(bare) : enclosed.slice(1, -1);
    if (/^\d[\d,]*\.[A-Z]/.test(given)) continue;
    const isDigits = /^\d{4,}$/.test(given) && verdict === 'secret' && enclosed === undefined;
    if (!isDigits && (isInert(given) || !looksMade(given) || isPlaceholder(given, judge))) continue;
    const start = found.index + whole.length - (enclosed === undefined ? bare.length : given.length + 1);
    yield { start, end: start + given.length };
  }
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where `Login: password: …` has an assignment in the place of a value, that one is looked at too. */
const ASSIGNS = /^["'`]?[\w.-]{1,100}["'`*]{0,3}[:=]/;

type Judge = (name: string) => NameVerdict;

function* assignedSecrets(text: string, judge: Judge): Generator<Range> {
  const pattern = new RegExp(ASSIGNMENT);
  // A value is read a second time once: each further one would take the square.
  let read = 0;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const given = found[5] ?? '';
    const end = found.index + found[0].length;
    const value = bareValue(given);
    if (isAssigned(text, found, value, judge)) {
      const start = end - given.length + given.indexOf(value);
      yield { start, end: start + value.length };
    } else if (end - given.length >= read && ASSIGNS.test(given)) {
      read = end;
      pattern.lastIndex = end - given.length + (/^["'`]/.test(given) ? 1 : 0);
    }
  }
}

function isAssigned(text: string, found: RegExpExecArray, value: string, judge: Judge): boolean {
  const [whole, before = '', name = '', between = '', , given = ''] = found;
  const verdict = judgeWords(before, name, judge);
  if (!isSensitive(verdict)) return false;
  const isLast = endsAt(text, found.index + whole.length);
  return isValue({ value, isQuoted: value !== given, isEqual: between.includes('='), isLast }, verdict, judge);
}

/** Without quotes, or the marks of the sentence behind it. */
function bareValue(given: string): string {
  if (/^["'`]/.test(given)) return given.slice(1, -1);
  let end = given.length;
  while (end > 1 && '.!?:*'.includes(given.charAt(end - 1))) end -= 1;
  return given.slice(0, end);
}

/** `key` alone says nothing, `API key` does. */
function judgeWords(before: string, name: string, judge: Judge): NameVerdict {
  const verdict = judge(name);
  if (verdict !== 'context' || before === '') return verdict;
  return isSensitive(judge(`${before}_${name}`)) ? 'likely' : verdict;
}

const LINE_END = /(?:[,;)|]|[.!?]?(?:\s*$|[ \t]*[\r\n]))/y;

function endsAt(text: string, at: number): boolean {
  const ends = new RegExp(LINE_END);
  ends.lastIndex = at;
  return ends.test(text);
}

interface Written {
  readonly value: string;
  readonly isQuoted: boolean;
  readonly isEqual: boolean;
  /** Nothing but punctuation or the end of the line stands behind it. */
  readonly isLast: boolean;
}

function isValue({ value, isQuoted, isEqual, isLast }: Written, verdict: NameVerdict, judge: Judge): boolean {
  if (/^\d+$/.test(value)) return verdict !== 'likely' && value.length >= 3 && (isEqual || isQuoted || isLast);
  if (isInert(value) || isPlaceholder(value, judge)) return false;
  if (isEqual || isQuoted || looksMade(value)) return true;
  return verdict === 'secret' && isLast && value.length >= 4;
}
