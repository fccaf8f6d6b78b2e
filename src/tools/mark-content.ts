// What others wrote stands between two keys of ours that name one mark. The mark is made when all that they wrote is known and does
// not occur in it, so whatever a body holds, brackets and quotes and earlier marks, its end is not where it says.
import { CONTENT_NOTE, contentNoteOf } from '../../shared/contracts/contract.ts';

type Fields = Readonly<Record<string, unknown>>;

const MAX_TRIES = 8;

/** What both keys add to a result at the most, with a mark as long as an id. */
export const MARK_CHARS = 200;

/**
 * Takes an answer and its text as JSON; gives it with `content_note` first and `content_end` last. Undefined where no mark could be
 * made that does not occur in it, which takes a source of ids that repeats itself.
 */
export function markContent(
  { content_note: _, ...content }: Fields,
  text: string,
  newId: () => string,
): Fields | undefined {
  for (let tried = 0; tried < MAX_TRIES; tried += 1) {
    const mark = `kw-${newId()}`;
    if (!text.includes(mark)) return { content_note: contentNoteOf(mark), ...content, content_end: mark };
  }
  return undefined;
}

/** Whether an answer says of itself that it holds other people's words. */
export function holdsContent(answer: Fields): boolean {
  return answer.content_note === CONTENT_NOTE;
}
