// A redacted JSON text as a value. Numbers that a double does not hold become texts, digit by digit; what was cut short is closed
// after its last whole value.

export interface ReadJson {
  readonly value: unknown;
  /** Whether numbers stand as texts because they would have lost digits. */
  readonly numbersAsText: boolean;
}

/** Undefined where the text is no JSON; one that `isPart` may end anywhere. */
export function readJson(text: string, isPart = false): ReadJson | undefined {
  const whole = isPart ? closeJson(text) : text;
  if (whole === undefined) return undefined;
  try {
    const exact = MAY_LOSE.test(whole) ? quoteNumbers(whole) : whole;
    return { value: JSON.parse(exact) as unknown, numbersAsText: exact !== whole };
  } catch {
    return undefined;
  }
}

/** The JSON text of a value that was read; undefined where it is nested too deeply to be written. */
export function writeJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const MAY_LOSE = /[0-9.]{16}|[0-9][eE]/;
const NUMBER_OR_QUOTE = /"|-?[0-9][0-9.eE+-]*/g;

function quoteNumbers(text: string): string {
  const parts: string[] = [];
  let from = 0;
  NUMBER_OR_QUOTE.lastIndex = 0;
  for (let found = NUMBER_OR_QUOTE.exec(text); found; found = NUMBER_OR_QUOTE.exec(text)) {
    const [token] = found;
    if (token === '"') {
      NUMBER_OR_QUOTE.lastIndex = endOfString(text, found.index);
    } else if (!isExact(token)) {
      parts.push(text.slice(from, found.index), `"${token}"`);
      from = found.index + token.length;
    }
  }
  return parts.length === 0 ? text : parts.join('') + text.slice(from);
}

/** The place after a string's closing quote. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let slashes = 0;
  while (text.charAt(at - 1 - slashes) === '\\') slashes += 1;
  return slashes % 2 === 1;
}

const EXACT_DIGITS = 15;

/** IEEE 754: fifteen digits always survive; of more, those that print again. */
function isExact(token: string): boolean {
  const number = Number(token);
  if (!Number.isFinite(number)) return false;
  const digits = significantDigits(token);
  return digits.length <= EXACT_DIGITS ? number !== 0 || digits === '' : digits === significantDigits(String(number));
}

function significantDigits(token: string): string {
  const mantissa = token.split(/[eE]/, 1)[0] ?? '';
  const digits = mantissa.replace(/[-.]/g, '').replace(/^0+/, '');
  let end = digits.length;
  while (digits.charAt(end - 1) === '0') end -= 1;
  return digits.slice(0, end);
}

const closers: ReadonlyMap<string, string> = new Map([
  ['{', '}'],
  ['[', ']'],
]);

interface Open {
  readonly closer: string;
  /** Where its last whole part ends; 0 before there is one. */
  wholeUntil: number;
}

/**
 * The beginning of a JSON text without what is not whole, and with what is open closed: of a list only whole items stay, unless the
 * first is not whole. Undefined where the text begins no object or list.
 */
function closeJson(text: string): string | undefined {
  const open: Open[] = [];
  let started = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    const closer = closers.get(char);
    if (char === '"') at = endOfString(text, at) - 1;
    else if (closer !== undefined) {
      open.push({ closer, wholeUntil: 0 });
      started = at + 1;
    } else if (',]}'.includes(char)) {
      if (char !== ',') open.pop();
      const around = open.at(-1);
      if (!around) return text.slice(0, at + 1);
      around.wholeUntil = char === ',' ? at : at + 1;
    }
  }
  return started === 0 ? undefined : closeAt(text, open, started);
}

function closeAt(text: string, open: readonly Open[], started: number): string {
  const list = open.findIndex(({ closer, wholeUntil }) => closer === ']' && wholeUntil > 0);
  const kept = list < 0 ? open : open.slice(0, list + 1);
  const end =
    list < 0 ? Math.max(started, ...open.slice(-1).map(({ wholeUntil }) => wholeUntil)) : kept.at(-1)?.wholeUntil;
  return (
    text.slice(0, end) +
    kept
      .map(({ closer }) => closer)
      .reverse()
      .join('')
  );
}
