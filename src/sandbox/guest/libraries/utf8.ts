// UTF-8 as the Encoding standard has it: a lone surrogate is written as U+FFFD, and each maximal wrong sequence is read as one.

export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return /[^\0-\x7f]/.test(text) ? encodeAll(text) : encodeAscii(text);
}

function encodeAscii(text: string): Uint8Array<ArrayBuffer> {
  const { length } = text;
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

function encodeAll(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 3);
  let to = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    const point = code >= 0xd800 && code <= 0xdfff ? 0xfffd : code;
    if (point < 0x80) {
      bytes[to++] = point;
    } else {
      const more = point < 0x800 ? 1 : point < 0x1_0000 ? 2 : 3;
      bytes[to++] = ((0xf0 << (3 - more)) & 0xff) | (point >> (6 * more));
      for (let shift = 6 * (more - 1); shift >= 0; shift -= 6) bytes[to++] = 0x80 | ((point >> shift) & 0x3f);
    }
  }
  return bytes.slice(0, to);
}

/** Undefined where the bytes are no UTF-8. */
export function decodeUtf8Strictly(bytes: Uint8Array): string | undefined {
  const { text, wrong } = read(bytes);
  return wrong ? undefined : text;
}

/** Wrong bytes are read as U+FFFD. */
export function decodeUtf8(bytes: Uint8Array): string {
  return read(bytes).text;
}

function read(bytes: Uint8Array): { text: string; wrong: boolean } {
  const chunks: string[] = [];
  let points: number[] = [];
  let wrong = false;
  for (let at = 0; at < bytes.length; ) {
    const { point, length } = pointAt(bytes, at);
    wrong ||= point === undefined;
    points.push(point ?? 0xfffd);
    at += length;
    if (points.length === 4_096) {
      chunks.push(String.fromCodePoint(...points));
      points = [];
    }
  }
  return { text: chunks.join('') + String.fromCodePoint(...points), wrong };
}

/** Bounds of the second byte, where they are not 80 to BF: overlong forms, surrogates and what is beyond U+10FFFF. */
const seconds: Readonly<Record<number, readonly [number, number]>> = {
  224: [0xa0, 0xbf],
  237: [0x80, 0x9f],
  240: [0x90, 0xbf],
  244: [0x80, 0x8f],
};

function pointAt(bytes: Uint8Array, at: number): { point: number | undefined; length: number } {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return { point: first, length: 1 };
  if (first < 0xc2 || first > 0xf4) return { point: undefined, length: 1 };
  const more = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
  let point = first & (0x3f >> more);
  let [low, high] = seconds[first] ?? [0x80, 0xbf];
  for (let index = 1; index <= more; index += 1) {
    const next = bytes[at + index];
    if (next === undefined || next < low || next > high) return { point: undefined, length: index };
    [low, high] = [0x80, 0xbf];
    point = (point << 6) | (next & 0x3f);
  }
  return { point, length: more + 1 };
}
