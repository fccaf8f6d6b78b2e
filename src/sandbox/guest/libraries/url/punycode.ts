// RFC 3492, and the names of hosts that are made with it.
const base = 36;
const MAX_INT = 0x7fff_ffff;

/** Failure: a RangeError where a number is too large. */
export function encodePunycode(text: string): string {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const basic = points.filter((point) => point < 0x80);
  let output = String.fromCodePoint(...basic) + (basic.length > 0 ? '-' : '');
  let [n, delta, bias, handled] = [0x80, 0, 72, basic.length];
  while (handled < points.length) {
    const next = Math.min(...points.filter((point) => point >= n));
    if (next - n > Math.floor((MAX_INT - delta) / (handled + 1))) throw new RangeError('Overflow');
    delta += (next - n) * (handled + 1);
    n = next;
    for (const point of points) {
      if (point < n) delta += 1;
      if (point !== n) continue;
      output += variableLength(delta, bias);
      bias = adapt(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled += 1;
    }
    delta += 1;
    n += 1;
  }
  return output;
}

/** Failure: a RangeError where the text is none. */
export function decodePunycode(text: string): string {
  const split = Math.max(0, text.lastIndexOf('-'));
  const output = Array.from(text.slice(0, split), (character) => character.codePointAt(0) ?? 0);
  if (output.some((point) => point >= 0x80)) throw new RangeError('Illegal input >= 0x80 (not a basic code point)');
  let [n, i, bias] = [0x80, 0, 72];
  for (let at = split > 0 ? split + 1 : 0; at < text.length; ) {
    const before = i;
    for (let [weight, k] = [1, base]; ; k += base) {
      const digit = digitOf(text.charCodeAt(at));
      at += 1;
      if (digit >= base || digit > Math.floor((MAX_INT - i) / weight)) throw new RangeError('Invalid input');
      i += digit * weight;
      const threshold = thresholdOf(k, bias);
      if (digit < threshold) break;
      weight *= base - threshold;
    }
    bias = adapt(i - before, output.length + 1, before === 0);
    n += Math.floor(i / (output.length + 1));
    i %= output.length + 1;
    if (n > 0x10_ffff) throw new RangeError('Invalid input');
    output.splice(i, 0, n);
    i += 1;
  }
  return String.fromCodePoint(...output);
}

function variableLength(delta: number, bias: number): string {
  let text = '';
  let left = delta;
  for (let k = base; ; k += base) {
    const threshold = thresholdOf(k, bias);
    if (left < threshold) return text + digitCharacter(left);
    text += digitCharacter(threshold + ((left - threshold) % (base - threshold)));
    left = Math.floor((left - threshold) / (base - threshold));
  }
}

/** `a` to `z` are 0 to 25, `0` to `9` are 26 to 35. */
function digitCharacter(digit: number): string {
  return String.fromCharCode(digit < 26 ? digit + 97 : digit + 22);
}

function digitOf(code: number): number {
  if (code >= 48 && code < 58) return code - 22;
  if (code >= 65 && code < 91) return code - 65;
  return code >= 97 && code < 123 ? code - 97 : base;
}

function thresholdOf(k: number, bias: number): number {
  return Math.min(26, Math.max(1, k - bias));
}

function adapt(delta: number, points: number, isFirst: boolean): number {
  let left = Math.floor(delta / (isFirst ? 700 : 2));
  left += Math.floor(left / points);
  let k = 0;
  while (left > 455) {
    left = Math.floor(left / 35);
    k += base;
  }
  return k + Math.floor((36 * left) / (left + 38));
}

const perLabel = (name: string, change: (label: string) => string): string =>
  name
    .split(/[.\u3002\uff0e\uff61]/)
    .map(change)
    .join('.');

/** The package `punycode`. */
export const punycode = {
  version: '2.3.1',
  encode: encodePunycode,
  decode: decodePunycode,
  toASCII: (name: string) =>
    perLabel(name, (label) => (/[^\0-\x7f]/.test(label) ? `xn--${encodePunycode(label)}` : label)),
  toUnicode: (name: string) =>
    perLabel(name, (label) => (label.startsWith('xn--') ? decodePunycode(label.slice(4).toLowerCase()) : label)),
  ucs2: {
    decode: (text: string) => Array.from(text, (character) => character.codePointAt(0) ?? 0),
    encode: (points: readonly number[]) => String.fromCodePoint(...points),
  },
};
