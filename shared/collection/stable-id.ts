// Ids of the form `<slug>-<hash>`: the slug is for people, the hash of the key makes it unique. The key is made of the
// workspace-relative path and the names on the way, so an id is the same on every load and every machine.
import { shownName } from './shown-name.ts';

const SLUG_CHARS = 40;
const HALF_BITS = 25;
const HALF_CHARS = 5;

/** `label` gives the slug, `fallback` where it has no letter or digit of ASCII; equal keys give equal hashes. */
export function stableId(label: string, fallback: string, key: string): string {
  return `${slug(shownName(label)) || fallback}-${hash(key)}`;
}

/** An id without what it tells of the name: the hash alone. */
export function withoutSlug(id: string): string {
  return id.slice(id.lastIndexOf('-') + 1);
}

/** The key of a child: unambiguous whatever its name holds, because the name's length is part of it. */
export function childKey(parent: string, kind: string, name: string, ordinal: number): string {
  return `${parent}\n${kind}:${name.length}:${name}:${ordinal}`;
}

/** Numbers the equal ones: the first of a name is 0, whatever stands between. */
export function createOrdinals(): (kind: string, name: string) => number {
  const seen = new Map<string, number>();
  return (kind, name) => {
    const key = `${kind}:${name}`;
    const ordinal = seen.get(key) ?? 0;
    seen.set(key, ordinal + 1);
    return ordinal;
  };
}

function slug(label: string): string {
  const start = label.slice(0, 4 * SLUG_CHARS);
  const plain = /[^\x20-\x7e]/.test(start) ? start.normalize('NFKD').replace(/\p{M}+/gu, '') : start;
  const dashed = dash(plain.toLowerCase());
  return dashed.endsWith('-') ? dashed.slice(0, -1) : dashed;
}

/** The first characters with one dash for all that stands between letters and digits of ASCII, none at the start. */
function dash(text: string): string {
  let dashed = '';
  let from = -1;
  for (let at = 0; at <= text.length; at += 1) {
    if (isSlugCode(text.charCodeAt(at))) {
      if (from < 0) from = at;
    } else if (from >= 0) {
      dashed += `${text.slice(from, at)}-`;
      from = -1;
      if (dashed.length >= SLUG_CHARS) break;
    }
  }
  return dashed.slice(0, SLUG_CHARS);
}

function isSlugCode(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 48 && code <= 57);
}

/** 50 bits of cyrb53 (public domain, bryc) as 10 characters: well mixed, not for security. */
function hash(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 2654435761);
    low = Math.imul(low ^ code, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return half(high) + half(low);
}

// Two small integers print several times faster than one large number.
function half(bits: number): string {
  return (bits >>> (32 - HALF_BITS)).toString(36).padStart(HALF_CHARS, '0');
}
