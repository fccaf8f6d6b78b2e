// Durations as the package `ms` writes them: `2 days`, `10h`, `-3 min`; a number without a unit is milliseconds.
const second = 1_000;
const unitsMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: second,
  m: 60 * second,
  h: 3_600 * second,
  d: 86_400 * second,
  w: 7 * 86_400 * second,
  y: 365.25 * 86_400 * second,
};

/** A number is seconds already. Failure: an Error where it is no duration. */
export function durationSeconds(duration: string | number): number {
  if (typeof duration === 'number') return duration;
  const [, amount, unit = 'ms'] = /^(-?\d*\.?\d+) *([a-z]+)?$/i.exec(duration) ?? [];
  const scale = unitsMs[shortUnit(unit.toLowerCase())];
  if (amount === undefined || scale === undefined) {
    throw new Error('"expiresIn" should be a number of seconds or string representing a timespan eg: "1d", "20h", 60');
  }
  return Math.floor((Number(amount) * scale) / second);
}

function shortUnit(unit: string): string {
  return unit === 'ms' || unit.startsWith('milli') || unit.startsWith('msec') ? 'ms' : unit.slice(0, 1);
}
