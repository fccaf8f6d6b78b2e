// The last step of the sealed half: an exchange as it may be shown. Field names first, while structure is still whole, then every
// known value in every encoding over everything, then shapes. Nothing is cut here: a cut could split a secret.
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
  return pairs.map(([name, value]) => {
    const shown = redactHeader(name, value);
    tools.tally.add('field-name', shown.count);
    return { name: safeText(name, tools), value: safeText(shown.text, tools) };
  });
}

function safeUrl(url: string, tools: BodyTools): string {
  const shown = redactUrl(url);
  tools.tally.add('field-name', shown.count);
  return safeText(shown.text, tools);
}

function safeText(text: string, { scrub, tally }: BodyTools): string {
  const known = scrub(text);
  tally.add('known-value', known.hits);
  const shapes = redactText(known.text);
  tally.add('shape', shapes.count);
  return shapes.text;
}
