const digits = '0123456789abcdef';

export function encodeHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += `${digits[byte >> 4]}${digits[byte & 15]}`;
  return text;
}

/** Bytes up to the first pair that is none. */
export function decodeHex(text: string): Uint8Array {
  const [valid = ''] = /^(?:[0-9a-f]{2})*/i.exec(text) ?? [];
  const bytes = new Uint8Array(valid.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(valid.slice(at * 2, at * 2 + 2), 16);
  return bytes;
}
