// Percent-encoding of the URL standard. A set is told by what stands in it beside controls and all above U+007E.
import { decodeUtf8, encodeUtf8 } from '../utf8.ts';

const fragment = ' "<>`';
const query = ' "#<>';
const path = `${query}?^\`{}`;
const userinfo = `${path}/:;=@[\\]|`;

export const percentSets = {
  control: '',
  fragment,
  query,
  specialQuery: `${query}'`,
  path,
  userinfo,
  component: `${userinfo}$%&+,`,
} as const;

const hex = '0123456789ABCDEF';

export function percentEncode(text: string, set: string): string {
  let encoded = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code > 0x1f && code < 0x7f && !set.includes(character)) encoded += character;
    else for (const byte of encodeUtf8(character)) encoded += `%${hex[byte >> 4]}${hex[byte & 15]}`;
  }
  return encoded;
}

/** Wrong UTF-8 is read as U+FFFD; what is no escape stays. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (escapes) => {
    const bytes = escapes
      .slice(1)
      .split('%')
      .map((byte) => Number.parseInt(byte, 16));
    return decodeUtf8(Uint8Array.from(bytes));
  });
}
