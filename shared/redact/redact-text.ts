// What can be known of free text: shapes of credentials, and the URLs and assignments that stand in it.
import type { RedactedText } from './marker.ts';
import { redactShapes } from './shapes.ts';

const MOST_PASSES = 4;

/** Takes a text of any kind; gives it with what looks like a credential replaced. Time is linear in its length. */
export function redactText(text: string): RedactedText {
  let shown = redactShapes(text);
  // A taken value can have hidden the beginning of the next one.
  for (let passes = 1, { count } = shown; count > 0 && passes < MOST_PASSES; passes += 1) {
    const again = redactShapes(shown.text);
    count = again.count;
    shown = { text: again.text, count: shown.count + count };
  }
  return shown;
}
