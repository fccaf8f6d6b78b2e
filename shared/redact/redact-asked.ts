// What a person is shown who decides on it. An agent may have arranged the text, so that nothing in it may take more out of sight than
// itself: the key that a line opens and nothing ends is not the rest of the text.
import { REDACTED, type RedactedText } from './marker.ts';
import { redactText } from './redact-text.ts';

/** What reads as a space once a text is put on one line. */
const GAP = '[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp} ]';
const BEGIN = `(?:-{4,5}${GAP}?BEGIN${GAP}(?:[A-Z0-9]|${GAP}){0,40}PRIVATE${GAP}KEY(?:${GAP}BLOCK)?${GAP}?-{4,5}|Private-Lines:${GAP})`;
const END = '(?:-{4,5} ?END [A-Z0-9 ]{0,40}-{4,5}|Private-(?:MAC|Hash): ?[0-9a-f]{1,128})';
// Of its own line a key takes what no key has behind it; of the next ones those alone that are lines of a key.
const OWN = `(?:(?!${END})[^"'<>&{}\\r\\n])*`;
const FOLD = '[\\r\\n]+[ \\t]*';
const HEAD = '(?:Proc-Type|DEK-Info|Version|Comment|Charset|Hash): [^"\'<>&{}\\r\\n]{0,100}';
const FULL = '[A-Za-z0-9+/]{24,}={0,2}(?=[\\s"\']|$)';
const LAST = `(?:${FOLD}[A-Za-z0-9+/]+={0,2})?(?:${FOLD}=[A-Za-z0-9+/]{4})?(?=${FOLD}${END})`;
const NEXT = `(?:${FOLD}(?:${HEAD}|${FULL}))+(?:${LAST})?`;
const KEY = new RegExp(`${BEGIN}${OWN}(?:${NEXT})?(?:\\s*${END})?`, 'gu');

/** As redactText does, but for private keys without an end: of these no more goes than what may be the key. */
export function redactAsked(text: string): RedactedText {
  let count = 0;
  const bare = text.replace(KEY, () => {
    count += 1;
    return REDACTED;
  });
  const shown = redactText(bare);
  return { text: shown.text, count: count + shown.count };
}
