// Free text that people wrote: what redactText knows, and assignments under a sensitive name (`password=…`, `token: …`). After a
// colon most words are part of a sentence, so a bare word has to look like a value there.
import { isSensitive } from './field-rules.ts';
import { isInert, REDACTED, type RedactedText } from './marker.ts';
import { judgeName, type NameVerdict } from './names.ts';
import { proseWords } from './prose-words.ts';
import { redactText } from './redact-text.ts';

const NAME = '(?<![\\w.-])(?:([A-Za-z]{1,20})[ ])?([A-Za-z_][\\w.-]{0,99})';
const BETWEEN = '(["\'`*]{0,3}[ \\t]{0,3}(?:=(?![=>~])|:(?![:/]))[*]{0,3}[ \\t]{0,3})';
const SCHEME = '((?:(?:bearer|basic|token|apikey|digest|negotiate)[ \\t]{1,3})?)';
const VALUE = '("[^"\\r\\n]{1,4096}"|\'[^\'\\r\\n]{1,4096}\'|`[^`\\r\\n]{1,4096}`|[^\\s"\'`<>&,;{}()[\\]|]+)';
const ASSIGNMENT = new RegExp(NAME + BETWEEN + SCHEME + VALUE, 'gi');

/** Takes descriptive text; gives it with credentials and assigned secrets replaced. Time is linear in its length. */
export function redactProse(text: string): RedactedText {
  const shaped = redactText(text);
  if (!shaped.text.includes('=') && !shaped.text.includes(':')) return shaped;
  const parts: string[] = [];
  let from = 0;
  for (const { start, end } of assignedSecrets(shaped.text)) {
    parts.push(shaped.text.slice(from, start), REDACTED);
    from = end;
  }
  return parts.length === 0
    ? shaped
    : { text: parts.join('') + shaped.text.slice(from), count: shaped.count + parts.length / 2 };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** Where `Login: password: …` has an assignment in the place of a value, that one is looked at too. */
const ASSIGNS = /^["'`]?[\w.-]{1,100}["'`*]{0,3}[:=]/;

function* assignedSecrets(text: string): Generator<Range> {
  const pattern = new RegExp(ASSIGNMENT);
  // A value is read a second time once: each further one would take the square.
  let read = 0;
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    const given = found[5] ?? '';
    const end = found.index + found[0].length;
    const value = bareValue(given);
    if (isAssigned(text, found, value)) {
      const start = end - given.length + given.indexOf(value);
      yield { start, end: start + value.length };
    } else if (end - given.length >= read && ASSIGNS.test(given)) {
      read = end;
      pattern.lastIndex = end - given.length + (/^["'`]/.test(given) ? 1 : 0);
    }
  }
}

function isAssigned(text: string, found: RegExpExecArray, value: string): boolean {
  const [whole, before = '', name = '', between = '', , given = ''] = found;
  const verdict = judgeWords(before, name);
  const isLast = endsAt(text, found.index + whole.length);
  const written = { value, isQuoted: value !== given, isEqual: between.includes('='), isLast };
  return isSensitive(verdict) && isValue(written, verdict);
}

/** Without quotes, or the marks of the sentence behind it. */
function bareValue(given: string): string {
  if (/^["'`]/.test(given)) return given.slice(1, -1);
  let end = given.length;
  while (end > 1 && '.!?:*'.includes(given.charAt(end - 1))) end -= 1;
  return given.slice(0, end);
}

/** `key` alone says nothing, `API key` does. */
function judgeWords(before: string, name: string): NameVerdict {
  const verdict = judgeName(name);
  if (verdict !== 'context' || before === '') return verdict;
  return isSensitive(judgeName(`${before}_${name}`)) ? 'likely' : verdict;
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

function isValue({ value, isQuoted, isEqual, isLast }: Written, verdict: NameVerdict): boolean {
  if (/^\d+$/.test(value)) return verdict !== 'likely' && value.length >= 3 && (isEqual || isQuoted || isLast);
  if (isInert(value) || isPlaceholder(value)) return false;
  if (isEqual || isQuoted || looksMade(value)) return true;
  return verdict === 'secret' && isLast && value.length >= 4;
}

/** A word that stands for a value: `string`, `<token>`, `YOUR_TOKEN`, `$TOKEN`, `****`, or another field's name. */
function isPlaceholder(value: string): boolean {
  if (/^(?:[<${%:#/\\]|your|my[-_]|x{3,}|\W+$)/i.test(value) && !/\d.*\d/.test(value)) return true;
  if (/^\W*$/.test(value) || TERM.test(value)) return true;
  const words = value
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  if (words.length > 0 && !/\d/.test(value) && words.every((word) => proseWords.has(word))) return true;
  return /^[A-Za-z_.-]+$/.test(value) && judgeName(value) !== 'plain';
}

// Names of standards, measures, versions and dates hold digits too.
const TERM =
  /^(?:v\d[\d.]*|\d[\d.,]*[-–:/x]?(?:\d[\d.,]*)?(?:[smhd]|ms|px|[kmg]i?b|-?(?:bits?|bytes?|chars?|characters?|digits?|days?|hours?|minutes?|min|seconds?|sec|years?))?|\d{4}-\d\d-\d\d\S*|(?:oauth|oidc|saml|md|sha|hs|rs|es|ps|eddsa|ed|aes|rsa|rfc|utf|iso|base|argon|hmac|tls|ssl|http|x|pkcs|pbkdf)[-_/.]?(?:sha|gcm|cbc)?[-_\d.]{1,9}\w{0,8})$/i;

/** Letters and digits mixed, marks inside, or capitals inside: no word of a sentence. */
function looksMade(value: string): boolean {
  if (value.length < 6) return false;
  return (/\d/.test(value) && /[a-z]/i.test(value)) || /\w[@#$%^*!+=~]+\w/.test(value);
}
