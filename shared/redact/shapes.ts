// Credentials that no one told us of, known by their look or their place. Each kind has heads; one pass over the text finds the
// places where a head stands, and only there is a pattern tried. No pattern begins inside what another one read, so time is linear.
import { REDACTED, type RedactedText } from './marker.ts';
import { createNameMatcher, type NameVerdict } from './names.ts';
import { authSchemes } from './shapes/auth-schemes.ts';
import { besideWords } from './shapes/beside-words.ts';
import { cloudShapes } from './shapes/cloud-shapes.ts';
import { developerShapes } from './shapes/developer-shapes.ts';
import { type Finder, isTokenCode, type Look, type Pass, shapeFinder } from './shapes/finder.ts';
import { type Head, indexHeads, MARK_HERE, SEEN_BEFORE, SEEN_HERE } from './shapes/heads.ts';
import { keyBlocks } from './shapes/key-blocks.ts';
import { serviceShapes } from './shapes/service-shapes.ts';
import { tellingSegments } from './shapes/telling-segments.ts';
import { findParameter, urlPlaces } from './shapes/url-places.ts';
import type { Span } from './span.ts';

const finders: readonly Finder[] = [
  ...keyBlocks,
  ...urlPlaces,
  ...tellingSegments,
  ...[...cloudShapes, ...developerShapes, ...serviceShapes].map(shapeFinder),
  ...authSchemes,
  ...besideWords,
];
const { classes, flags, heads } = indexHeads(finders);

const [EQUALS, AT_SIGN, QUOTE, COLON, SLASH] = [0x3d, 0x40, 0x22, 0x3a, 0x2f];

/**
 * Where in UTF-8 something may begin that `redactText` or `redactUrl` would change: sorted offsets, each in the text it stands for or
 * before what would be changed in it. Texts end at a quote, as in JSON; one with a backslash is to be looked at in any case.
 */
export function credentialCandidates(bytes: Uint8Array): readonly number[] {
  const found: number[] = [];
  scanBytes(bytes, true, (at) => {
    let place = found.length;
    // Only the name before an `@` is older than what was found after it.
    while (place > 0 && (found[place - 1] ?? 0) > at) place -= 1;
    if (found[place - 1] !== at) found.splice(place, 0, at);
    return true;
  });
  return found;
}

type OnPlace = (at: number) => boolean;

/** Every second place is looked at: what is searched shows at its first or at its second character. */
function scanBytes(bytes: Uint8Array, quoted: boolean, onPlace: OnPlace): void {
  const look: Look = { quoted, runEnd: 0 };
  const last = bytes.length - 2;
  let at = 0;
  for (; at < last; at += 2) {
    const code =
      ((classes[bytes[at] ?? 0] ?? 0) << 10) |
      ((classes[bytes[at + 1] ?? 0] ?? 0) << 5) |
      (classes[bytes[at + 2] ?? 0] ?? 0);
    const flag = flags[code] ?? 0;
    if (flag !== 0 && !visitBytes(bytes, at, flag, look, onPlace)) return;
  }
  if (at < bytes.length) visitBytes(bytes, at, SEEN_BEFORE | SEEN_HERE | MARK_HERE, look, onPlace);
}

/** False where no more is wanted. */
function visitBytes(bytes: Uint8Array, at: number, flag: number, look: Look, onPlace: OnPlace): boolean {
  const before = (flag & SEEN_BEFORE) === 0 ? undefined : headInBytes(bytes, at - 1, look);
  if (before !== undefined && !onPlace(before)) return false;
  const here = (flag & SEEN_HERE) === 0 ? undefined : headInBytes(bytes, at, look);
  if (here !== undefined && !onPlace(here)) return false;
  return (flag & MARK_HERE) === 0 || (visitMark(bytes, at, onPlace) && visitMark(bytes, at + 1, onPlace));
}

function visitMark(bytes: Uint8Array, at: number, onPlace: OnPlace): boolean {
  if (bytes[at] === EQUALS) return !isParameter(bytes, at) || onPlace(at);
  const user = bytes[at] === AT_SIGN ? userBefore(bytes, at) : undefined;
  return user === undefined || onPlace(user);
}

/** Where a head begins whose rarest part is at a place. */
function headInBytes(bytes: Uint8Array, place: number, look: Look): number | undefined {
  const found =
    heads[(byteClass(bytes, place) << 10) | (byteClass(bytes, place + 1) << 5) | byteClass(bytes, place + 2)];
  if (found === undefined) return undefined;
  for (const head of found) {
    const at = place - head.shift;
    if (!standsInBytes(head.steps, bytes, at)) continue;
    if (!head.inside && isTokenCode(bytes[at - head.back - 1] ?? 0)) continue;
    if (head.peek === undefined || head.peek(bytes, at, look)) return at;
  }
  return undefined;
}

function byteClass(bytes: Uint8Array, at: number): number {
  return classes[bytes[at] ?? 0] ?? 0;
}

function standsInBytes(steps: Head['steps'], bytes: Uint8Array, at: number): boolean {
  for (let step = 0; step < steps.length; step += 1) if (steps[step]?.[bytes[at + step] ?? 0] !== 1) return false;
  return true;
}

/** Whether `?`, `&`, `#` or `;` begins the name before a `=`. A backslash may hide one. */
function isParameter(bytes: Uint8Array, equals: number): boolean {
  for (let at = equals - 1; at >= 0; at -= 1) {
    const byte = bytes[at] ?? 0;
    if (byte === 0x3f || byte === 0x26 || byte === 0x23 || byte === 0x3b || byte === 0x5c) return at < equals - 1;
    if (byte === EQUALS || byte === QUOTE || byte < 0x20) return false;
  }
  return true;
}

/** The `:` of `user:password@` or the slash of `//user@`, in the run of characters before an `@`. */
function userBefore(bytes: Uint8Array, atSign: number): number | undefined {
  for (let at = atSign - 1; at >= 0; at -= 1) {
    const byte = bytes[at] ?? 0;
    if (byte === COLON || (byte === SLASH && bytes[at - 1] === SLASH)) return at;
    if (byte === AT_SIGN || byte === QUOTE || byte <= 0x20) return undefined;
  }
  return 0;
}

/** Texts up to here are looked through as they are; of longer ones only the pieces in which the bytes show something. */
const SHORT_CHARS = 2_048;
const PIECE_CHARS = 16_384;
/** A piece is looked at with so much of the next one as the tests of its last heads need. */
const OVERLAP_CHARS = 256;

/** Takes a text; gives it with what looks like a credential replaced by `[redacted]`. */
export function redactShapes(text: string): RedactedText {
  const pass: TextPass = { text, judge: lazyMatcher(), from: 0, rejected: 0, runEnd: 0, copied: 0, parts: [] };
  if (text.length <= SHORT_CHARS) scanText(pass, 0, text.length);
  else {
    const encoder = new TextEncoder();
    for (let start = 0; start < text.length; start += PIECE_CHARS) {
      const end = Math.min(text.length, start + PIECE_CHARS);
      let hasPlace = false;
      scanBytes(encoder.encode(text.slice(start, end + OVERLAP_CHARS)), false, () => {
        hasPlace = true;
        return false;
      });
      if (hasPlace) scanText(pass, start, end);
    }
  }
  const { parts, copied } = pass;
  return parts.length === 0
    ? { text, count: 0 }
    : { text: parts.join('') + text.slice(copied), count: parts.length / 2 };
}

// Most texts hold no name to judge.
function lazyMatcher(): (name: string) => NameVerdict {
  let matcher: ((name: string) => NameVerdict) | undefined;
  return (name) => {
    matcher ??= createNameMatcher();
    return matcher(name);
  };
}

interface TextPass extends Pass {
  /** What has been shown so far, and the end of what it stands for. */
  readonly parts: string[];
  copied: number;
}

function scanText(pass: TextPass, start: number, end: number): void {
  const { text } = pass;
  let second = charClass(text, start);
  for (let at = start; at < end; at += 2) {
    const first = second;
    second = charClass(text, at + 2);
    const flag = flags[(first << 10) | (charClass(text, at + 1) << 5) | second] ?? 0;
    if (flag === 0) continue;
    if ((flag & SEEN_BEFORE) !== 0) visitText(pass, at - 1);
    if ((flag & SEEN_HERE) !== 0) visitText(pass, at);
    if ((flag & MARK_HERE) === 0) continue;
    if (text.charCodeAt(at) === EQUALS) take(pass, findParameter(pass, at));
    if (text.charCodeAt(at + 1) === EQUALS) take(pass, findParameter(pass, at + 1));
  }
}

function charClass(text: string, at: number): number {
  return classes[text.charCodeAt(at)] ?? NO_CLASS;
}

/** The class of what is no character: behind the end of a text. */
const NO_CLASS = 31;

function visitText(pass: TextPass, place: number): void {
  const { text } = pass;
  const found = heads[(charClass(text, place) << 10) | (charClass(text, place + 1) << 5) | charClass(text, place + 2)];
  if (found === undefined) return;
  for (const head of found) {
    const at = place - head.shift;
    const begin = at - head.back;
    if (begin < pass.from || !standsInText(head.steps, text, at)) continue;
    // What was taken is no part of a word any more.
    if (!head.inside && begin > pass.from && isTokenCode(text.charCodeAt(begin - 1))) continue;
    take(pass, head.find(pass, begin));
  }
}

function standsInText(steps: Head['steps'], text: string, at: number): boolean {
  for (let step = 0; step < steps.length; step += 1) if (steps[step]?.[text.charCodeAt(at + step)] !== 1) return false;
  return true;
}

function take(pass: TextPass, span: Span | undefined): void {
  if (!span || span.start < pass.from) return;
  pass.from = span.end;
  if (span.end === span.start) return;
  pass.parts.push(pass.text.slice(pass.copied, span.start), REDACTED);
  pass.copied = span.end;
}
