const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const MAX_EXPIRY_MS = 100 * 365 * 86_400_000;

/**
 * When a secret ends, in milliseconds since the epoch: `30d`, `12h`, `90m`, `2w` from `now`, or a date `2027-01-31`
 * (the end of that day, UTC). `undefined` for anything else, for the past, and for more than a hundred years.
 */
export function parseExpiry(text: string, now: number): number | undefined {
  const at = fromSpan(text, now) ?? fromDate(text);
  return at !== undefined && at > now && at <= now + MAX_EXPIRY_MS ? at : undefined;
}

/** Milliseconds of `30d`, `12h`, `90m` or `2w`; `undefined` for anything else. */
export function parseSpan(text: string): number | undefined {
  const [, amount, unit] = /^(\d{1,9})([mhdw])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit ?? ''];
  return unitMs === undefined ? undefined : Number(amount) * unitMs;
}

function fromSpan(text: string, now: number): number | undefined {
  const spanMs = parseSpan(text);
  return spanMs === undefined ? undefined : now + spanMs;
}

function fromDate(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const at = Date.parse(`${text}T23:59:59.999Z`);
  // Date.parse takes 31 February for 3 March.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== text ? undefined : at;
}
