// Path segments that follow a telling one: `/reset-password/abcDEF…`, `/token/…`.
import { looksOpaque } from '../field-rules.ts';
import { eitherCase, type Finder } from './finder.ts';
import { isUuid } from './value-look.ts';

const TELLING =
  /^(?:(?:access|refresh|id|auth|api|reset|bearer)?[-_]?tokens?|secrets?|passwords?|reset[-_]?password|password[-_]?reset|api[-_]?keys?|magic[-_]?links?|jwt|otp)$/i;
const LAST_WORDS = ['token', 'secret', 'password', 'reset', 'key', 'link'];

const MIN_TOKEN_CHARS = 16;
const MOST_TELLING_CHARS = 24;

/** Whether a segment is secret because of the one before it. */
export function isTellingSegment(before: string, segment: string): boolean {
  return segment.length >= MIN_TOKEN_CHARS && TELLING.test(before) && (looksOpaque(segment) || isUuid(segment));
}

const SEGMENT = /[\w+=.~-]{16,4096}(?![\w+=.~%-])/y;

const tellingSegment: Finder = {
  heads: [...LAST_WORDS.flatMap((word) => [`${word}/`, `${word}s/`]), 'jwt/', 'otp/'].map(eitherCase),
  inside: true,
  find: ({ text, from }, at) => {
    const slash = text.indexOf('/', at);
    const before = text.slice(Math.max(from, at - MOST_TELLING_CHARS), slash);
    const opened = before.lastIndexOf('/');
    if (opened < 0) return undefined;
    SEGMENT.lastIndex = slash + 1;
    const segment = SEGMENT.exec(text)?.[0];
    if (segment === undefined) return undefined;
    const bare = segment.replace(/\.+$/, '');
    return isTellingSegment(before.slice(opened + 1), bare)
      ? { start: slash + 1, end: slash + 1 + bare.length }
      : undefined;
  },
};

export const tellingSegments: readonly Finder[] = [tellingSegment];
