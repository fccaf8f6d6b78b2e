// What every reader of a media type shares: the judge of names, who is told of taken values, and the way into a nested document.
import { type Capture, captureText } from '../capture.ts';
import { containerGoes, isSensitive, isVersionRange } from '../field-rules.ts';
import { isInert, REDACTED, type RedactedText, redactWhole } from '../marker.ts';
import type { NameVerdict } from '../names.ts';
import { hasHeaderRule, redactHeader } from '../redact-header.ts';

export interface MediaTools {
  readonly judge: (name: string) => NameVerdict;
  /** Told every value that was taken out by its name, as the server wrote it before any escaping. */
  readonly taken: (value: string) => void;
  /** Asked for what stands in the place of a credential. */
  readonly capture?: Capture | undefined;
  /** Whether the text is only the beginning of a body: what it does not close goes. */
  readonly incomplete: boolean;
  /** Whether people may have written the text: what reads as a sentence behind a name stays. */
  readonly prose?: boolean;
}

export interface MediaWalk extends MediaTools {
  /** Redacts a document that stands inside of this one, decoded. */
  readonly inner: (text: string, contentType: string, incomplete?: boolean) => RedactedText;
  /** Whether `inner` goes into one more document; where it does not, asking it withholds everything. */
  readonly goesDeeper: boolean;
  /** Called where a limit is passed: nothing of the whole text may be shown. */
  readonly withhold: () => void;
}

/** A reader of one media type: gives the text without the values of sensitive names. */
export type MediaReader = (text: string, walk: MediaWalk) => RedactedText;

export interface NamedValue {
  readonly name: string;
  readonly verdict: NameVerdict;
}

const SENTENCE =
  /^(?:(?:the|an?|your|this|these|must|should|may|can|will|is|are|was|if|when|used|see|at|in|for|of|to|it|its|as|not|only|which|that|optional|required|string|number|integer|boolean|object|array)[,.]?(?: [^\r\n]*[a-z]| ?\([^\r\n]*)|(?:string|number|integer|boolean|object|array|optional|required))[^\r\n]*$/i;

/** What stands in the place of a scalar value under a name; undefined where it stays. The value is decoded, without its quotes. */
export function replacementOf(walk: MediaWalk, { name, verdict }: NamedValue, value: string): string | undefined {
  if (!isSensitive(verdict) || isInert(value) || value.startsWith(REDACTED) || isVersionRange(value)) return undefined;
  if (walk.prose === true && SENTENCE.test(value)) return undefined;
  if (verdict === 'likely' && /^\d{1,9}$/.test(value)) return undefined;
  if (hasHeaderRule(name)) {
    const shown = redactHeader(name, value);
    if (shown.count === 0) return undefined;
    tellHeader(walk, name, value);
    return shown.text;
  }
  return takeWhole(walk, value, containerGoes(verdict) ? name : undefined);
}

/** Takes a value whatever its name is; the name of an auth scheme stays. `name` is that of a credential, where it may be kept. */
export function takeWhole(walk: MediaWalk, value: string, name?: string): string | undefined {
  const shown = redactWhole(value);
  if (shown.count === 0) return undefined;
  walk.taken(
    value
      .trim()
      .slice(shown.text.length - REDACTED.length)
      .trimStart(),
  );
  return (name === undefined ? undefined : captureText(walk.capture, name, value.trim())) ?? shown.text;
}

function tellHeader(walk: MediaWalk, name: string, value: string): void {
  const lower = name.toLowerCase();
  if (!lower.includes('cookie')) takeWhole(walk, value);
  else for (const pair of lower.startsWith('set') ? value.split(';', 1) : value.split(';')) tellCookie(walk, pair);
}

function tellCookie(walk: MediaWalk, pair: string): void {
  const value = pair.slice(pair.indexOf('=') + 1).trim();
  if (!isInert(value)) walk.taken(value);
}

/** How long a value may be that goes because the name beside it may be in the part that was cut off. */
export const MAX_UNNAMED_CHARS = 4_096;

/** Tells the words of something that went as a whole: which of them is a credential, whoever is told decides. */
export function tellWords(walk: MediaWalk, whole: string): void {
  for (const [word] of whole.matchAll(/[^\s"'`<>=:,;&|{}[\]()\\]{8,8192}/g)) if (!isInert(word)) walk.taken(word);
}
