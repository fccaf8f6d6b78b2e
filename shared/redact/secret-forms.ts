// Every spelling of a secret that is searched for. Matching folds case, compatibility forms, marks and white space
// (fold.ts), so one form stands for many; what escapes a character at a time is undone in the text instead (unescape.ts).
import { base64, hex, latin1, utf8, utf16 } from './encodings.ts';
import { escapeModes, undoEscapes } from './unescape.ts';

/** `run`: part of a longer run of base64 characters; a hit removes the whole run. */
export interface SecretForm {
  readonly text: string;
  readonly run: boolean;
}

const LONG_SECRET_CHARS = 1_024;

export function secretForms(value: string): readonly SecretForm[] {
  const found = new Map<string, boolean>();
  const add = (texts: readonly string[], run: boolean) => {
    for (const text of texts) found.set(text, (found.get(text) ?? true) && run);
  };
  const bytes = utf8(value);
  const spellings = textForms(value, bytes);
  const long = value.length > LONG_SECRET_CHARS;
  add(spellings, false);
  add(byteForms(bytes, long), false);
  // Also without the last zero, which big-endian order has at the other end.
  if (!long) add([hex(utf16(value)), hex(utf16(value)).slice(0, -2)], false);
  const payloads = long ? [bytes] : [bytes, utf16(value), ...spellings.slice(1, 4).map(utf8)];
  for (const payload of payloads) add(base64Cores(payload), true);
  if (!long) for (const core of base64Cores(bytes, false)) add(base64Cores(utf8(core), false), true);
  return Array.from(found, ([text, run]) => ({ text, run }));
}

// The first four are also what base64 payloads (JSON, forms) hold.
function textForms(value: string, bytes: Uint8Array): readonly string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const percent = percentEncode(value);
  const forms = [
    value,
    json,
    percent,
    json.replaceAll('/', '\\/'),
    percentEncode(percent),
    latin1(bytes),
    rot13(value),
  ];
  if (value.includes(' ')) forms.push(value.replaceAll(' ', '+'));
  if (/[&<>"']/.test(value)) forms.push(named(value), value.replace(/[<>&']/g, unicodeEscape));
  for (const quote of ['"', "'"]) if (value.includes(quote)) forms.push(value.replaceAll(quote, quote + quote));
  forms.push(...misreadings(value));
  if (value.length >= 16) forms.push(Array.from(value).reverse().join(''));
  return forms;
}

// What undoing escapes makes of a secret that holds such marks itself: `a\\b`, `50%25`.
function misreadings(value: string): readonly string[] {
  if (!/[\\%&=<]/.test(value)) return [];
  return escapeModes.flatMap((mode) => undoEscapes(value, mode)?.text ?? []);
}

// encodeURIComponent throws at a lone surrogate; a secret may hold one.
function percentEncode(value: string): string {
  return encodeURIComponent(value.replace(/\p{Cs}/gu, '\ufffd')).replace(/%20/g, '+');
}

function named(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function unicodeEscape(letter: string): string {
  return `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function rot13(value: string): string {
  return value.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97;
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base);
  });
}

function byteForms(bytes: Uint8Array, long: boolean): readonly string[] {
  const forms = [hex(bytes)];
  return long ? forms : [...forms, hex(bytes, ':'), hex(bytes, '-'), hex(bytes, ',0x'), Array.from(bytes).join(',')];
}

/**
 * What base64 makes of the bytes wherever they stand in a longer input: for each of the three alignments, the characters
 * that no neighbour influences. With `-_` and with `+/`, and `+/` percent-encoded.
 */
export function base64Cores(bytes: Uint8Array, alphabets = true): readonly string[] {
  const cores: string[] = [];
  for (const shift of [0, 1, 2]) {
    const padded = new Uint8Array(bytes.length + shift);
    padded.set(bytes, shift);
    const whole = base64(padded);
    const core = whole.slice(Math.ceil((shift * 8) / 6), Math.floor((padded.length * 8) / 6));
    cores.push(core);
    if (alphabets && /[+/]/.test(core)) {
      cores.push(core.replaceAll('+', '-').replaceAll('/', '_'), encodeURIComponent(core));
    }
  }
  return cores;
}
