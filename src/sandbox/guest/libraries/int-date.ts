// Dates of tokens as jsrsasign writes them: `now`, `now + 1hour`, `20151012125959Z`, seconds since the epoch.
const unitSeconds: Readonly<Record<string, number>> = {
  second: 1,
  sec: 1,
  min: 60,
  minute: 60,
  hour: 3_600,
  day: 86_400,
  month: 2_592_000,
  year: 31_536_000,
};

/** Seconds since the epoch. Failure: an Error where it is none of the forms. */
export function intDate(text: string, nowMs: number): number {
  const now = Math.floor(nowMs / 1_000);
  if (text === 'now') return now;
  const [, sign, amount = '', unit = ''] = /^now\s*([+-])\s*(\d+)\s*([a-z]+?)s?$/i.exec(text) ?? [];
  const seconds = unitSeconds[unit.toLowerCase()];
  if (seconds !== undefined) return now + (sign === '-' ? -1 : 1) * Number(amount) * seconds;
  const [, date, time] = /^((?:\d{2}){3,4})(\d{6})Z$/.exec(text) ?? [];
  if (date !== undefined && time !== undefined) return zuluSeconds(date, time);
  if (/^\d+$/.test(text)) return Number(text);
  throw new Error(`unsupported format: ${text}`);
}

export function isIntDate(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

function zuluSeconds(date: string, time: string): number {
  const century = Number(date) >= 500_000 ? '19' : '20';
  const digits = `${date.length === 8 ? date : century + date}${time}`;
  return Date.parse(digits.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z')) / 1_000;
}
