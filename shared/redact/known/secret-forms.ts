// Every spelling of a secret that is searched for. Matching folds case, compatibility forms, marks, white space and the alphabets of
// base64 (folding.ts), so one form stands for many; what escapes a character at a time is undone in the text instead (unescape.ts).
import { utf8 as encode, latin1, utf16 } from '../encodings.ts';
import { headOf, isReversed, OWN_CHARS } from './beginnings.ts';
import { base32Cores, base64Cores, hexDigits } from './digits.ts';
import { createUnescaped, escapeModes, findMarks, undoEscapes } from './unescape.ts';

/** What is looked for. */
export interface Searched {
  readonly value: string;
  /** See KnownSecret. */
  readonly leaf?: boolean | undefined;
}

/**
 * One spelling, as UTF-8. `run`: part of a longer run of base64 characters; a hit removes the whole run. `head`: only the beginning;
 * what follows it goes as well, whatever that is.
 */
export interface SecretForm {
  readonly bytes: Uint8Array;
  readonly kind: 'whole' | 'run' | 'head';
}

// Longer than keys and tokens are.
const LONG_SECRET_CHARS = 8_192;

// Most forms are short and of ASCII, which takes no encoder.
function utf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code > 127) return encode(text);
    bytes[at] = code;
  }
  return bytes;
}

/**
 * Every form of this value. The first is the value itself. What is less than all of it is known of a leaf alone: of a text whose ends
 * somebody else has chosen, it could be all but one character of their own.
 */
export function secretForms({ value, leaf = false }: Searched): readonly SecretForm[] {
  const bytes = utf8(value);
  const long = value.length > LONG_SECRET_CHARS;
  const payloads = payloadSpellings(value);
  const forms: SecretForm[] = [];
  const add = (kind: SecretForm['kind'], found: Iterable<Uint8Array>) => {
    for (const form of found) forms.push({ bytes: form, kind });
  };
  add('whole', Array.from(new Set([value, ...payloads, ...textForms(value, bytes, payloads)]), utf8));
  add('whole', [hexDigits(bytes), ...(leaf && payloads.length > 1 ? misreadings(bytes) : [])]);
  for (const payload of payloads) add('run', base64Cores(payload === value ? bytes : utf8(payload)));
  const head = leaf ? headOf(value) : undefined;
  if (head !== undefined) add('head', [utf8(head)]);
  if (long && !leaf) return forms;
  // A hit in a run takes the whole run: of a very long secret a part is enough there.
  const part = long ? partOf(value) : value;
  const partBytes = long ? utf8(part) : bytes;
  const [little, ...wide] = utf16Forms(part);
  for (const each of new Set([little, ...wide])) add(long ? 'run' : 'whole', [hexDigits(each)]);
  for (const each of wide) add('run', base64Cores(each));
  add('run', base32Cores(partBytes));
  for (const core of base64Cores(partBytes)) add('run', base64Cores(core));
  if (!long) add('whole', separatedForms(value, bytes));
  return forms;
}

const PART_CHARS = 64;

// From the middle: many keys begin alike.
function partOf(value: string): string {
  const first = value.length >> 1;
  return value.slice(first, first + PART_CHARS);
}

/** Little-endian first; then what stands in either order, where one form is enough: without the last zero, if every other byte is one. */
function utf16Forms(value: string): readonly [Uint8Array, ...Uint8Array[]] {
  const little = utf16(value);
  if (little.every((byte, at) => at % 2 === 0 || byte === 0)) return [little, little.subarray(0, -1)];
  return [little, little, little.map((_, at) => little[at ^ 1] ?? 0)];
}

const PLAIN = /^[\w.~-]*$/;

// What JSON and forms hold before they are encoded as a whole.
function payloadSpellings(value: string): readonly string[] {
  if (PLAIN.test(value)) return [value];
  const json = JSON.stringify(value).slice(1, -1);
  return Array.from(new Set([value, json, percentEncode(value), json.replaceAll('/', '\\/')]));
}

function textForms(value: string, bytes: Uint8Array, payloads: readonly string[]): readonly string[] {
  const forms = [rot13(value)];
  if (isReversed(value)) forms.push(Array.from(value).reverse().join(''));
  if (payloads.length === 1) return forms;
  forms.push(percentEncode(percentEncode(value)), latin1(bytes));
  if (value.includes(' ')) forms.push(value.replaceAll(' ', '+'));
  if (/[&<>"']/.test(value)) forms.push(named(value), value.replace(/[<>&']/g, unicodeEscape));
  for (const quote of ['"', "'"]) if (value.includes(quote)) forms.push(value.replaceAll(quote, quote + quote));
  return forms;
}

// What undoing escapes makes of a secret that holds such marks itself: `a\\b`, `50%25`.
function misreadings(bytes: Uint8Array): readonly Uint8Array[] {
  const out = createUnescaped();
  const list = { places: new Int32Array(0), count: 0 };
  const read = escapeModes.map((mode) => {
    findMarks(mode, bytes, bytes.length, list);
    const { places, count } = list;
    undoEscapes(mode, bytes, { from: 0, to: bytes.length, places, first: 0, last: count }, out);
    return out.bytes.slice(0, out.size);
  });
  // What stood between angle brackets is gone, and what is left of it may be little.
  return read.filter(({ length }, index) => escapeModes[index] !== 'seams' || length >= OWN_CHARS);
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

// With something between each two characters or bytes; white space between them is no difference to the search.
function separatedForms(value: string, bytes: Uint8Array): readonly Uint8Array[] {
  const letters = Array.from(value);
  return [
    ...[':', '-', ',0x'].map((separator) => hexDigits(bytes, separator)),
    ...['.', '-', ','].map((separator) => utf8(letters.join(separator))),
    ...[',', ''].map((separator) => utf8(bytes.join(separator))),
  ];
}
