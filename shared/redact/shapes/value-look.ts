// What a written value looks like: made by a machine or chosen as a password, or a word, a measure, a date, an id.
import type { NameVerdict } from '../names.ts';
import { proseWords } from '../prose-words.ts';

/** Letters and at least two digits. */
export function isMixed(text: string): boolean {
  return /\d[^\d]*\d/.test(text) && /[A-Za-z]/.test(text);
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return text.length === 36 && UUID.test(text);
}

/** A word that stands for a value: `string`, `<token>`, `YOUR_TOKEN`, `$TOKEN`, `****`, or another field's name. */
export function isPlaceholder(value: string, judge: (name: string) => NameVerdict): boolean {
  if (/^(?:[<${%:#/\\]|your|my[-_]|x{3,}|\W+$)/i.test(value) && !/\d.*\d/.test(value)) return true;
  if (/^\W*$/.test(value) || TERM.test(value)) return true;
  if (!/\d/.test(value) && areProseWords(value)) return true;
  return /^[A-Za-z_.-]+$/.test(value) && judge(value) !== 'plain';
}

function areProseWords(value: string): boolean {
  const words = value
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
  return words.length > 0 && words.every((word) => proseWords.has(word));
}

// Names of standards, measures, versions and dates hold digits too.
const TERM =
  /^(?:v\d[\d.]*|\d[\d.,]*[-–:/x]?(?:\d[\d.,]*)?(?:[smhd]|ms|px|[kmg]i?b|-?(?:bits?|bytes?|chars?|characters?|digits?|days?|hours?|minutes?|min|seconds?|sec|years?))?|\d{4}-\d\d-\d\d\S*|(?:oauth|oidc|saml|md|sha|hs|rs|es|ps|eddsa|ed|aes|rsa|rfc|utf|iso|base|argon|hmac|tls|ssl|http|x|pkcs|pbkdf)[-_/.]?(?:sha|gcm|cbc)?[-_\d.]{1,9}\w{0,8})$/i;

/** Letters and digits mixed, or marks inside: no word of a sentence. */
export function looksMade(value: string): boolean {
  if (value.length < 6) return false;
  return (/\d/.test(value) && /[a-z]/i.test(value)) || /\w[@#$%^*!+=~]+\w/.test(value);
}

/** Only so much of a value is looked at. */
const MOST_CHARS = 64;
const CODE = /[()[\]{}<>\\|]|::|:\/\/|^[./~]|^[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)+$/;
const WORD_AND_NUMBER = /^[A-Za-z]*(?:[-_./:][A-Za-z]+)*[-_./:]?\d{1,6}$/;
const DATE = /^\d{4}-?\d\d-?\d\d(?:[T_ -]|$)|^\d{1,2}[:/.]\d\d/;
const ID_WORDS = /(?:^|[-_.:])(?:id|uuid|guid|arn|urn|ref|sha\d*|md5|v\d+)(?:[-_.:]|$)/i;

/**
 * Whether a bare value can only have been made: its letters and digits change places, or marks stand between them. Words, words
 * with a number, dates, versions, UUIDs, paths, calls and dotted names are none.
 */
export function isMade(given: string): boolean {
  const value = given.slice(0, MOST_CHARS);
  if (value.length < 8 || isUuid(value) || CODE.test(value) || DATE.test(value)) return false;
  if (WORD_AND_NUMBER.test(value) || ID_WORDS.test(value) || !/[A-Za-z]/.test(value)) return false;
  const longest = value.split(/[-_./:]+/).reduce((best, part) => (changesOf(part) > changesOf(best) ? part : best), '');
  if (/[A-Za-z0-9][@#$%^*!+~][A-Za-z0-9@#$%^*!+~]/.test(value) && /\d/.test(value)) return true;
  return /\d/.test(longest) && longest.length >= 7 && changesOf(longest) >= MIN_CHANGES;
}

const MIN_CHANGES = 3;

/** How often letters and digits, or lower and upper case against the way of camelCase, change. */
function changesOf(part: string): number {
  let changes = 0;
  for (let at = 1; at < part.length; at += 1) {
    const [before, now] = [kindOf(part.charCodeAt(at - 1)), kindOf(part.charCodeAt(at))];
    if (before !== now && !(before === UPPER && now === LOWER)) changes += 1;
  }
  return changes;
}

const [LOWER, UPPER, DIGIT, MARK] = [0, 1, 2, 3];

function kindOf(code: number): number {
  if (code >= 0x61 && code <= 0x7a) return LOWER;
  if (code >= 0x41 && code <= 0x5a) return UPPER;
  return code >= 0x30 && code <= 0x39 ? DIGIT : MARK;
}
