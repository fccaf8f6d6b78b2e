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
import { type BodyTools, type RedactionReason, redactBody, type Tally } from './redact-body.ts';
import { redactHeader } from './redact-header.ts';
import { redactText } from './redact-text.ts';
import { redactUrl } from './redact-url.ts';
import type { Scrubber } from './scrubber.ts';

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

/** Makes an exchange safe to show. A body over the redactor's limits is INTERNAL/WITHHELD. Trailers follow the headers. */
export function redactExchange({ request, raw, redirects, scrubber }: RedactInput): Result<SafeExchange> {
  const { tally, counted } = createTally();
  const tools: BodyTools = { judge: createNameMatcher(), scrub: (text) => scrubber.scrub(text), tally };
  const body = safeBody(raw, tools);
  if (!body)
    return err(failure('INTERNAL/WITHHELD', { reason: 'the body is nested too deeply or has too many parts' }));
  const exchange = {
    request: { method: request.method, url: safeUrl(request.url, tools), headers: safeHeaders(request.headers, tools) },
    status: raw.status,
    statusText: safeText(raw.statusText, tools),
    headers: safeHeaders([...raw.headers, ...raw.trailers], tools),
    body,
    timing: raw.timing,
    redirects: redirects.map(({ status, method, url }) => ({ status, method, url: safeUrl(url, tools) })),
  };
  return ok(markSafe({ ...exchange, redactions: counted() }));
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
  const claimed = raw.headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  const shown = redactBody(raw.body, claimed, tools);
  return shown && { ...shown, contentType: safeText(claimed, tools), bytes: raw.body.length };
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
