// What a number of a JSON text is once it has been read: `1.2e13` is shown as 12000000000000.

// Only an exponent, or more digits than a double holds (IEEE 754: 15 are always kept), makes it another text than the token.
const CHANGING = /(?:^|[,:[\s])-?([0-9][0-9.]{0,400}[eE][+-]?[0-9]{1,3}|[0-9.]{16,400})/g;

/** The other texts of all numbers in a JSON text, joined by what stands in no number. */
export function otherNumberTexts(text: string): string {
  return Array.from(text.matchAll(CHANGING), ([, token = '']) => numberTexts(token).join('|')).join('|');
}

/** The texts of one number token beside itself: as a double prints, and with the exponent carried out. */
export function numberTexts(token: string): readonly string[] {
  const plain = plainDigits(token);
  return plain === undefined ? [String(Number(token))] : [String(Number(token)), plain];
}

const MAX_EXPONENT = 400;

function plainDigits(token: string): string | undefined {
  const [mantissa = '', exponent] = token.split(/[eE]/);
  const shift = Number(exponent);
  if (exponent === undefined || !(Math.abs(shift) <= MAX_EXPONENT)) return undefined;
  const [whole = '', fraction = ''] = mantissa.split('.');
  if (shift < 0) return whole.padStart(-shift + whole.length, '0') + fraction;
  return `${whole}${fraction.slice(0, shift).padEnd(shift, '0')}.${fraction.slice(shift)}`;
}
