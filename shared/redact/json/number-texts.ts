// What a number of a JSON text is once it has been read: `1.2e13` is shown as 12000000000000.

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
