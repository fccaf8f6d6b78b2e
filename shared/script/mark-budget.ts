// What reading texts back may cost. Each brace, colon and the like may begin a reference or the name of a secret, and each of those is an
// object of its own: a text of nothing else would hold up everybody.
import { limits } from '../limits.ts';

const MARKS = new Set([...'{[(<=:;&'].map((char) => char.charCodeAt(0)));
const CODES = 128;
const isMark = Uint8Array.from({ length: CODES }, (_, code) => (MARKS.has(code) ? 1 : 0));

/** Takes the marks of a text off what one phase may have, limits.scriptTextMarks; false where they are more than is left. */
export function createMarkBudget(): (text: string) => boolean {
  let left = limits.scriptTextMarks;
  return (text) => {
    for (let at = 0; at < text.length && left >= 0; at += 1) left -= isMark[text.charCodeAt(at)] ?? 0;
    return left >= 0;
  };
}
