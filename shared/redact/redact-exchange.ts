// The last step of the sealed half: an exchange as it may be shown. Every known value in every encoding goes first, over everything,
// then what sensitive names hold, then what looks like a credential. The names wait because a secret may hold what reads like a
// field, and taking that out alone would hide the rest from the scrubber. Nothing is cut here: a cut could split a secret.
import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { limits } from '../limits.ts';
import {
  type CapturedRef,
  markSafe,
  type RawExchange,
  type SafeExchange,
  type SafeRedirect,
} from '../stages/stages.ts';
import { type Capture, captureCookie, captureText } from './capture.ts';
import { describeBody } from './describe-body.ts';
import { containerGoes } from './field-rules.ts';
import { type HeldValue, withHeldValues } from './held-values.ts';
import { isInert } from './marker.ts';
import { type BodyTools, type RedactionReason, redactBody, type ShownBody, type Tally } from './redact-body.ts';
import { hasHeaderRule } from './redact-header.ts';
import { redactText } from './redact-text.ts';
import type { Scrubber } from './scrubber.ts';
import { sharedJudge } from './shared-judge.ts';
import { createShortTexts, type HeaderPairs } from './short-texts.ts';
import { collectTaken, withoutTaken } from './taken-values.ts';
import { createWork } from './work.ts';

export interface RedactInput {
  /** As we wrote it, with its secrets masked: `url` is origin, path and query, of the hop that the answer came from. */
  readonly request: { readonly method: string; readonly url: string; readonly headers: HeaderPairs };
  readonly raw: RawExchange;
  /** Earlier hops, oldest first; `url` is what was asked of each. */
  readonly redirects: readonly SafeRedirect[];
  /** Knows every secret bound to the origin and every value resolved for this call. */
  readonly scrubber: Scrubber;
  /** Whether the bytes of a binary body are asked for. */
  readonly showBytes?: boolean | undefined;
  /** Keeps what the server minted and gives the reference to show in its place; without it nothing is kept. */
  readonly capture?: Capture;
  /** Knows what no server minted, of which nothing is kept; `scrubber` where absent. */
  readonly unminted?: Scrubber;
  /** What is kept already and may be shown by its reference. */
  readonly held?: readonly HeldValue[];
}

export interface RedactedExchange {
  readonly exchange: SafeExchange;
  /** Values in plain text that a credential's name took out of the answer, its cookies included: what the server minted. At most 64. */
  readonly taken: readonly string[];
}

/**
 * Makes an exchange safe to show. A body over the redactor's limits is withheld, and INTERNAL/WITHHELD is for an exchange
 * that is over them without its body: the request was sent, and its outcome must not be lost. Trailers follow the headers.
 */
export function redactExchange(input: RedactInput): Result<RedactedExchange> {
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

type BodyRedactor = (raw: RawExchange, tools: BodyTools) => ShownBody | { readonly kind: 'withheld' } | undefined;

function redactParts(input: RedactInput, redactor: BodyRedactor): RedactedExchange | undefined {
  const { request, raw, redirects, scrubber } = input;
  const { tally, counted } = createTally();
  const work = createWork(raw.body.length);
  const taken = collectTaken();
  const scrub = (text: string) => scrubber.scrub(text, work);
  const { capture, refer, captured } = createKeeper(input);
  const tools: BodyTools = { judge: sharedJudge, scrub, scrubber, work, taken: taken.add, capture, refer, tally };
  const redacted = redactor(raw, tools);
  if (!redacted) return undefined;
  const { answer, own } = createShortTexts(shortTextsOf(input), tools);
  // Where the first hop leads is what its server wrote.
  const url = redirects.length === 0 ? own.url : answer.url;
  const contentType = answer.text(claimedType(raw));
  const shown = {
    request: { method: request.method, url: url(request.url), headers: own.headers(request.headers) },
    status: raw.status,
    statusText: answer.text(raw.statusText),
    headers: answer.headers([...raw.headers, ...raw.trailers].map((pair) => captureHeader(pair, capture))),
    ...(raw.headersLeftOut !== undefined && { headersLeftOut: raw.headersLeftOut }),
    body: describeBody({ ...redacted, ...aboutBody(raw), contentType }, input, tools),
    timing: raw.timing,
    redirects: redirects.map((hop, index) => ({
      status: hop.status,
      method: hop.method,
      url: index === 0 ? own.url(hop.url) : answer.url(hop.url),
    })),
    redactions: counted(),
    captured: [],
  };
  if (work.left < 0) return undefined;
  for (const cookie of cookieValues(raw.headers)) taken.add(cookie);
  const { exchange, hits } = withoutTaken(shown, taken.values);
  tally.add('known-value', hits);
  return { exchange: markSafe({ ...exchange, redactions: counted(), captured }), taken: Array.from(taken.values) };
}

interface Keeper extends Pick<BodyTools, 'capture' | 'refer'> {
  /** Filled while the answer is read. */
  readonly captured: CapturedRef[];
}

/** What holds a secret that no server minted is not kept; nor is more than an answer may have kept. */
function createKeeper({ capture, scrubber, unminted = scrubber, held = [] }: RedactInput): Keeper {
  const captured: CapturedRef[] = [];
  if (!capture) return { captured };
  const seen = new Map<string, string | undefined>();
  const keep: Capture = (field, value) => {
    if (seen.has(value) || seen.size >= limits.capturedInAnswer) return seen.get(value);
    const isKnown = isInert(value) || unminted.scrub(value).hits > 0 || unminted.isShortSecret(value);
    const name = redactText(scrubber.scrub(field).text).text;
    const reference = isKnown ? undefined : capture(name, value);
    seen.set(value, reference);
    if (reference !== undefined) captured.push({ field: name, reference });
    return reference;
  };
  if (held.length === 0) return { capture: keep, captured };
  const refer = (text: string): string => {
    const referred = withHeldValues(text, held);
    if (referred.found.length === 0) return text;
    // What no server minted goes first: a piece of it that one did mint would hide the rest of it.
    const shown = withHeldValues(unminted.scrub(text).text, held);
    captured.push(...shown.found);
    return shown.text;
  };
  return { capture: keep, refer, captured };
}

type HeaderPair = HeaderPairs[number];

function captureHeader(pair: HeaderPair, capture: Capture | undefined): HeaderPair {
  const [name, value] = pair;
  const lower = name.toLowerCase();
  if (!capture) return pair;
  if (lower === 'set-cookie') return [name, captureCookie(capture, value) ?? value];
  if (hasHeaderRule(lower) || !containerGoes(sharedJudge(lower))) return pair;
  return [name, captureText(capture, name, value) ?? value];
}

function shortTextsOf({ request, raw, redirects }: RedactInput): string[] {
  const pairs = [...request.headers, ...raw.headers, ...raw.trailers].flat();
  return [request.url, raw.statusText, ...pairs, ...redirects.map(({ url }) => url)];
}

/** RFC 6265 section 5.2. */
function cookieValues(headers: HeaderPairs): string[] {
  return headers
    .filter(([name]) => name.toLowerCase() === 'set-cookie')
    .map(([, cookie]) => /^[^=;]*=\s*"?([^;"]*)/.exec(cookie)?.[1]?.trim() ?? '');
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

function safeBody(raw: RawExchange, tools: BodyTools): ShownBody | undefined {
  const { body: bytes, incomplete, undecoded } = raw;
  if (undecoded !== undefined && bytes.length > 0) return opaque(tools);
  return redactBody({ bytes, contentType: claimedType(raw), incomplete: incomplete !== undefined }, tools);
}

function withheldBody() {
  return { kind: 'withheld' as const };
}

function aboutBody({ body, incomplete, announcedBytes }: RawExchange) {
  return {
    bytes: body.length,
    ...(incomplete && { incomplete }),
    ...(announcedBytes !== undefined && { announcedBytes }),
  };
}

function claimedType({ headers }: RawExchange): string {
  return headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
}

// Its content coding is unknown, so a text that it seems to be is not what the server wrote.
function opaque({ tally }: BodyTools): ShownBody {
  tally.add('binary', 1);
  return { kind: 'binary' };
}
