// The last step of the sealed half: an exchange as it may be shown. Every known value in every encoding goes first, over everything,
// then what sensitive names hold, then what looks like a credential. The names wait because a secret may hold what reads like a
// field, and taking that out alone would hide the rest from the scrubber. Nothing is cut here: a cut could split a secret.
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import {
  markSafe,
  type RawExchange,
  type SafeBody,
  type SafeExchange,
  type SafeHeader,
  type SafeRedirect,
} from '../stages/stages.ts';
import type { RedactedText } from './marker.ts';
import { createNameMatcher } from './names.ts';
import { type BodyTools, type RedactionReason, redactBody, type ShownBody, type Tally } from './redact-body.ts';
import { redactHeader } from './redact-header.ts';
import { redactText } from './redact-text.ts';
import { redactUrl } from './redact-url.ts';
import type { Scrubber } from './scrubber.ts';
import { createWork } from './work.ts';

type HeaderPairs = readonly (readonly [name: string, value: string])[];

export interface RedactInput {
  /** As sent: `url` is origin, path and query. */
  readonly request: { readonly method: string; readonly url: string; readonly headers: HeaderPairs };
  readonly raw: RawExchange;
  /** Earlier hops, oldest first; `url` is what was asked of each. */
  readonly redirects: readonly SafeRedirect[];
  /** Knows every secret bound to the origin and every value resolved for this call. */
  readonly scrubber: Scrubber;
}

/**
 * Makes an exchange safe to show. A body over the redactor's limits is withheld, and INTERNAL/WITHHELD is for an exchange
 * that is over them without its body: the request was sent, and its outcome must not be lost. Trailers follow the headers.
 */
export function redactExchange(input: RedactInput): Result<SafeExchange> {
  const shown = withinStack(() => redactParts(input, safeBody)) ?? redactParts(input, withheldBody);
  return shown
    ? ok(shown)
    : err(failure('INTERNAL/WITHHELD', { reason: 'what it holds unpacks to more than can be looked through' }));
}

// On tens of megabytes without a break, a pattern runs out of the stack that it keeps its way back on.
function withinStack<T>(redact: () => T): T | undefined {
  try {
    return redact();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

type BodyRedactor = (raw: RawExchange, tools: BodyTools) => SafeBody | undefined;

function redactParts(
  { request, raw, redirects, scrubber }: RedactInput,
  redactor: BodyRedactor,
): SafeExchange | undefined {
  const { tally, counted } = createTally();
  const work = createWork(raw.body.length);
  const tools: BodyTools = { judge: createNameMatcher(), scrub: (text) => scrubber.scrub(text, work), tally };
  const body = redactor(raw, tools);
  if (!body) return undefined;
  const exchange = {
    request: { method: request.method, url: safeUrl(request.url, tools), headers: safeHeaders(request.headers, tools) },
    status: raw.status,
    statusText: safeText(raw.statusText, tools),
    headers: safeHeaders([...raw.headers, ...raw.trailers], tools),
    body,
    timing: raw.timing,
    redirects: redirects.map(({ status, method, url }) => ({ status, method, url: safeUrl(url, tools) })),
  };
  return work.left < 0 ? undefined : markSafe({ ...exchange, redactions: counted() });
}

function createTally(): { tally: Tally; counted(): { count: number; reasons: RedactionReason[] } } {
  const counts = new Map<RedactionReason, number>();
  return {
    tally: { add: (reason, count) => void (count > 0 && counts.set(reason, (counts.get(reason) ?? 0) + count)) },
    counted: () => ({
      count: Array.from(counts.values()).reduce((sum, count) => sum + count, 0),
      reasons: Array.from(counts.keys()).sort(),
    }),
  };
}

function safeBody(raw: RawExchange, tools: BodyTools): SafeBody | undefined {
  const shown =
    raw.undecoded !== undefined && raw.body.length > 0 ? opaque(tools) : redactBody(raw.body, claimedType(raw), tools);
  return shown && { ...shown, ...aboutBody(raw, tools) };
}

function withheldBody(raw: RawExchange, tools: BodyTools): SafeBody {
  return { kind: 'withheld', ...aboutBody(raw, tools) };
}

function aboutBody(raw: RawExchange, tools: BodyTools) {
  return { contentType: safeText(claimedType(raw), tools), bytes: raw.body.length };
}

function claimedType({ headers }: RawExchange): string {
  return headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
}

// Its content coding is unknown, so a text that it seems to be is not what the server wrote.
function opaque({ tally }: BodyTools): ShownBody {
  tally.add('binary', 1);
  return { kind: 'binary' };
}

function safeHeaders(pairs: HeaderPairs, tools: BodyTools): SafeHeader[] {
  return pairs.map(([name, value]) => ({
    name: safeText(name, tools),
    value: safeText(value, tools, (text) => redactHeader(name, text)),
  }));
}

function safeUrl(url: string, tools: BodyTools): string {
  return safeText(url, tools, redactUrl);
}

function safeText(text: string, { scrub, tally }: BodyTools, byName?: (text: string) => RedactedText): string {
  const known = scrub(text);
  tally.add('known-value', known.hits);
  const fields = byName?.(known.text) ?? { text: known.text, count: 0 };
  tally.add('field-name', fields.count);
  const shapes = redactText(fields.text);
  tally.add('shape', shapes.count);
  return shapes.text;
}
