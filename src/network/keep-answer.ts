import { limits } from '../../shared/limits.ts';
import type { RawFields } from '../../shared/stages/stages.ts';
import { contentCodings, type Decoded } from './decode.ts';
import { wholeEvents } from './event-stream.ts';
import { announcedBytes, type HeaderPair, type Received } from './receive.ts';

/** The parts of a received and decoded answer as they go on, within the limits of fields; an event stream that was cut ends with a whole event. */
export function keepAnswer(received: Received, decoded: Decoded): Omit<RawFields, 'timing'> {
  const { status, statusText, headers, trailers } = received;
  const { body, undecoded, incomplete } = decoded;
  const kept = keptHeaders(headers);
  const trailing = trailers.slice(0, limits.responseHeaders);
  const leftOut = headers.length - kept.length + trailers.length - trailing.length;
  return {
    status,
    statusText,
    headers: kept,
    trailers: trailing,
    body: incomplete && isEventStream(headers) && undecoded === undefined ? wholeEvents(body) : body,
    ...(undecoded !== undefined && { undecoded }),
    ...(incomplete && { incomplete, ...announced(headers) }),
    ...(leftOut > 0 && { headersLeftOut: leftOut }),
  };
}

// What decides how the answer is read and where a redirect leads counts wherever it stands.
const DECISIVE = new Set(['content-type', 'content-encoding', 'location']);

/** The first fields, and the first of each decisive one behind them. */
function keptHeaders(headers: readonly HeaderPair[]): readonly HeaderPair[] {
  if (headers.length <= limits.responseHeaders) return headers;
  const kept = headers.slice(0, limits.responseHeaders);
  const missing = new Set(DECISIVE);
  for (const [name] of kept) missing.delete(name.toLowerCase());
  return [...kept, ...headers.slice(limits.responseHeaders).filter(([name]) => missing.delete(name.toLowerCase()))];
}

function isEventStream(headers: readonly HeaderPair[]): boolean {
  const type = headers.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? '';
  return /^\s*text\/event-stream\s*(?:;|$)/i.test(type);
}

function announced(headers: readonly HeaderPair[]): Pick<RawFields, 'announcedBytes'> {
  const bytes = announcedBytes(headers);
  return bytes > 0 && contentCodings(headers).length === 0 ? { announcedBytes: bytes } : {};
}
