// Dates and numbers as V8, which Postman and Insomnia run on, writes them for en-US where no options are given. The engine here pads
// hours, days and months, and does not group digits.
type Methods = Readonly<Record<string, (this: never) => string>>;

const dates: Methods = {
  toLocaleString(this: Date) {
    return shown(this, (date) => `${dayOf(date)}, ${timeOf(date)}`);
  },
  toLocaleDateString(this: Date) {
    return shown(this, dayOf);
  },
  toLocaleTimeString(this: Date) {
    return shown(this, timeOf);
  },
};

const numbers: Methods = {
  toLocaleString(this: number) {
    return numberText(Number.prototype.valueOf.call(this));
  },
};

/** Puts them over the engine's own. */
export function addLocaleText(): void {
  for (const [target, methods] of [
    [Date.prototype, dates],
    [Number.prototype, numbers],
  ] as const) {
    for (const [name, value] of Object.entries(methods)) {
      Object.defineProperty(target, name, { value, writable: true, configurable: true });
    }
  }
}

function shown(date: Date, text: (date: Date) => string): string {
  return Number.isNaN(date.getTime()) ? 'Invalid Date' : text(date);
}

/** The year before 1 is 1 as well, of the other era, which is not written. */
function dayOf(date: Date): string {
  const year = date.getFullYear();
  return `${date.getMonth() + 1}/${date.getDate()}/${year > 0 ? year : 1 - year}`;
}

function timeOf(date: Date): string {
  const hours = date.getHours();
  const [minutes, seconds] = [date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0'));
  return `${hours % 12 || 12}:${minutes}:${seconds} ${hours < 12 ? 'AM' : 'PM'}`;
}

/** At most three places, rounded half up from the shortest text of the number. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  const sign = value < 0 || Object.is(value, -0) ? '-' : '';
  const [, whole, fraction = '', exponent = '0'] =
    /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(Math.abs(value))) ?? [];
  if (whole === undefined) return `${sign}∞`;
  const thousandths = scaled(BigInt(whole + fraction), Number(exponent) - fraction.length + 3);
  const digits = String(thousandths).padStart(4, '0');
  const places = digits.slice(-3).replace(/0+$/, '');
  const grouped = digits.slice(0, -3).replace(/\B(?=(?:\d{3})+$)/g, ',');
  return `${sign}${grouped}${places === '' ? '' : `.${places}`}`;
}

function scaled(digits: bigint, power: number): bigint {
  if (power >= 0) return digits * 10n ** BigInt(power);
  const divisor = 10n ** BigInt(-power);
  return (digits + divisor / 2n) / divisor;
}
