// Header fields as lines of a trace, a dump or a message (RFC 9112), behind the marks of curl and of quoted mail.
import { isSensitive } from '../field-rules.ts';
import type { RedactedText } from '../marker.ts';
import { hasHeaderRule } from '../redact-header.ts';
import { createEdits } from './edits.ts';
import { type MediaWalk, replacementOf } from './media-walk.ts';

const LINE =
  /^([ \t<>*|#-]{0,8})([A-Za-z][\w-]{0,80}):[ \t]{0,40}([^\r\n]+(?:\r?\n[ \t]+(?![\w-]{1,80}:[ \t])[^\r\n]+){0,20})/gm;

/** Lines of a header whose name is sensitive, or that has a rule of its own, with the lines that they are folded over. */
export function redactHeaderLines(text: string, walk: MediaWalk): RedactedText {
  const edits = createEdits();
  for (const found of text.matchAll(LINE)) {
    const [whole, , name = '', folded = ''] = found;
    // A word of prose before a colon is no header; the rules of assignments are for those.
    if (!hasHeaderRule(name) && !name.includes('-')) continue;
    const verdict = walk.judge(name);
    if (!isSensitive(verdict)) continue;
    const value = folded.trimEnd();
    const shown = replacementOf(walk, { name, verdict }, value);
    const start = found.index + whole.length - folded.length;
    if (shown !== undefined) edits.add(start, start + value.length, shown);
  }
  return edits.apply(text);
}
