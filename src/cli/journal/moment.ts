import { InvalidArgumentError } from 'commander';
import { parseSpan } from '../expiry.ts';

export const MOMENT = '90d, 12h, 30m or 2w ago, or a date such as 2027-01-31 or 2027-01-31T12:00:00Z';

/**
 * Reads an option that is a time in the past: a span before now, a date (its beginning, UTC) or a time in UTC. Gives milliseconds since
 * the epoch; anything else, and the future, is used wrongly.
 */
export function readMoment(given: string): number {
  const now = Date.now();
  const spanMs = parseSpan(given);
  const at = spanMs === undefined ? fromDate(given) : now - spanMs;
  if (at !== undefined && at >= 0 && at <= now) return at;
  throw new InvalidArgumentError(`Give ${MOMENT}.`);
}

function fromDate(text: string): number | undefined {
  const [, day, time = 'T00:00:00'] = /^(\d{4}-\d{2}-\d{2})(T\d{2}:\d{2}:\d{2}(?:\.\d{3})?)?Z?$/.exec(text) ?? [];
  const at = day === undefined ? Number.NaN : Date.parse(`${day}${time}Z`);
  // Date.parse takes 31 February for 3 March.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day ? undefined : at;
}
