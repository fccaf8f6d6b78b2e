// Applies a text redactor to a JSON text: as a whole where that finds nothing, else string by string, so that the
// result stays JSON.
import { limits } from '../limits.ts';
import { type JsonVerdict, scanJson, unquote } from './json-scan.ts';
import { REDACTED, type RedactedText } from './marker.ts';
import { numberTexts, otherNumberTexts } from './number-texts.ts';

export interface TextRedactor {
  /** Whether there is anything to redact in the whole text. */
  readonly finds: (text: string) => boolean;
  readonly redact: (text: string) => RedactedText;
  /** Whether a number counts as what it is read as too. */
  readonly readsNumbers?: boolean;
}

export interface RedactedStrings extends RedactedText {
  readonly verdict: JsonVerdict;
  /** Whether something was found in the whole text, which may also stand across its strings. */
  readonly dirty: boolean;
}

/**
 * Names, strings and numbers of the JSON text pass `redact`; a number in which it finds something, as written or as read, becomes a
 * string.
 */
export function redactJsonStrings(text: string, redactor: TextRedactor): RedactedStrings {
  const { finds, redact, readsNumbers = false } = redactor;
  const dirty = finds(text);
  const numbers = readsNumbers ? otherNumberTexts(text) : '';
  const dirtyNumbers = numbers !== '' && finds(numbers);
  if (!dirty && !dirtyNumbers && !text.includes('\\')) return { verdict: 'json', dirty, text, count: 0 };
  const parts: string[] = [];
  let from = 0;
  let count = 0;
  const visit = (start: number, end: number, kind: 'string' | 'number' | 'literal') => {
    const token = text.slice(start, end);
    // Without a hit in the whole text, only what the escapes hide can hold one.
    const hides = kind === 'string' ? token.includes('\\') : dirtyNumbers;
    if (kind === 'literal' || !(dirty || hides)) return;
    const shown = kind === 'string' ? redact(unquote(token)) : redactNumber(token, redactor);
    if (shown.count === 0) return;
    count += shown.count;
    parts.push(text.slice(from, start), JSON.stringify(kind === 'string' ? shown.text : REDACTED));
    from = end;
  };
  const verdict = scanJson(
    text,
    { depth: limits.redactDepth, nodes: limits.redactNodes },
    {
      open: () => undefined,
      close: () => undefined,
      name: (start, end) => visit(start, end, 'string'),
      scalar: (kind, start, end) => visit(start, end, kind),
    },
  );
  return { verdict, dirty, text: parts.length === 0 ? text : parts.join('') + text.slice(from), count };
}

function redactNumber(token: string, { redact, readsNumbers = false }: TextRedactor): RedactedText {
  const spellings = readsNumbers ? [token, ...numberTexts(token)] : [token];
  return { text: token, count: spellings.some((spelling) => redact(spelling).count > 0) ? 1 : 0 };
}
