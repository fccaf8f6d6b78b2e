// How a secret begins: with what every key of its kind begins with, which anybody knows, and then with characters of its own.
import { cloudShapes } from '../shapes/cloud-shapes.ts';
import { developerShapes } from '../shapes/developer-shapes.ts';
import type { Shape } from '../shapes/finder.ts';
import { serviceShapes } from '../shapes/service-shapes.ts';

/** So many characters of its own are a part that nobody guesses at once; fewer could be tried one after the other. */
export const OWN_CHARS = 12;

/** A line that opens a key, the header of a JWT, where a URL leads to. */
const FRAME = /^(?:-----BEGIN [^-\n]{1,40}-----\s*|eyJ[\w-]*\.?|[a-z][a-z\d+.-]{0,20}:\/\/[^/?#]*[/?#]?)/i;
/** Words with a mark behind each, as issuers put them before their keys: `sk_live_`, `sk-ant-api03-`. */
const WORDS = /^(?:(?:[a-z]{0,12}|[A-Z]{0,12})\d{0,3}[a-z]{0,8}[-_.~]{1,2}){1,5}/;
const VENDOR = vendorPattern([...cloudShapes, ...developerShapes, ...serviceShapes]);
/** A version, and one character over and over. */
const FILLING = /^\d{0,2}(?:(.)\1{2,})?/s;

/** The heads of credentials as far as each character is one of a few. */
function vendorPattern(shapes: readonly Shape[]): RegExp {
  const fixed = shapes
    .filter(({ back = 0, inside = false }) => back === 0 && !inside)
    .flatMap(({ heads }) => heads)
    .map((head) => head.replace(/\[[^\]]*\w-\w.*$/, '').replace(/[.*+?^$()|/]/g, '\\$&'))
    .filter((head) => head !== '')
    .toSorted((one, other) => other.length - one.length);
  return new RegExp(`^(?:${fixed.join('|')})`, 'i');
}

/** How many characters at the beginning of a secret are nobody's own, or tell next to nothing. */
function publicChars(value: string): number {
  const lengths = [FRAME, WORDS, VENDOR].map((pattern) => pattern.exec(value)?.[0].length ?? 0);
  const known = Math.max(...lengths);
  return known + (FILLING.exec(value.slice(known))?.[0].length ?? 0);
}

/** The public characters and so many of its own; undefined of a secret that has no more of them. */
export function beginningOf(value: string): string | undefined {
  const size = publicChars(value) + OWN_CHARS;
  return size < value.length ? value.slice(0, size) : undefined;
}

/** How a secret begins, and how it begins where it is written from its end. */
export function beginningsOf(value: string): readonly string[] {
  const [beginning, end] = [beginningOf(value), Array.from(value).slice(-OWN_CHARS)];
  return [...(beginning === undefined ? [] : [beginning]), ...(isReversed(value) ? [end.reverse().join('')] : [])];
}

const LEAST_REVERSED_CHARS = 16;

/** Whether a secret is looked for from its end to its beginning too. */
export function isReversed(value: string): boolean {
  return value.length >= LEAST_REVERSED_CHARS;
}

const LEAST_REST = 4;
const MOST_OWN_CHARS = 24;
const LEAST_DIFFERENT = 6;
const ALIKE = /^eyJ|^MII|^[[{<]|:\/\/|^-----/;

/**
 * The beginning by which a part of a secret is known wherever it stands: one whose own characters mix letters and digits, and that is
 * not what URLs, tokens and documents begin with. Undefined where there is none, or little behind it.
 */
export function headOf(value: string): string | undefined {
  if (ALIKE.test(value)) return undefined;
  const from = publicChars(value);
  for (let size = OWN_CHARS; size <= MOST_OWN_CHARS && from + size + LEAST_REST <= value.length; size += 1) {
    if (isMixed(value.slice(from, from + size))) return withoutSpace(value.slice(0, from + size));
  }
  return undefined;
}

function isMixed(own: string): boolean {
  return /[a-z]/i.test(own) && /\d/.test(own) && new Set(own.toLowerCase()).size >= LEAST_DIFFERENT;
}

function withoutSpace(head: string): string | undefined {
  return /\s/.test(head) ? undefined : head;
}
