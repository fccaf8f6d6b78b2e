/** Numbers in bytes of others: what lies beyond the end reads as zero. */
export interface ByteView {
  readonly length: number;
  u8(at: number): number;
  u16(at: number, little?: boolean): number;
  u24(at: number): number;
  u32(at: number, little?: boolean): number;
  /** Whether these Latin-1 characters stand at a place. */
  has(text: string, at: number): boolean;
  /** The first place of a text from `from` on and before `to`; -1 where it is none. */
  find(text: string, from: number, to: number): number;
}

export function viewBytes(bytes: Uint8Array): ByteView {
  const u8 = (at: number): number => bytes[at] ?? 0;
  const u16 = (at: number, little = false): number =>
    little ? u8(at) | (u8(at + 1) << 8) : (u8(at) << 8) | u8(at + 1);
  const has = (text: string, at: number): boolean => {
    for (let step = 0; step < text.length; step += 1) if (bytes[at + step] !== text.charCodeAt(step)) return false;
    return true;
  };
  return {
    length: bytes.length,
    u8,
    u16,
    u24: (at) => u8(at) | (u8(at + 1) << 8) | (u8(at + 2) << 16),
    u32: (at, little = false) =>
      little ? u16(at, true) + u16(at + 2, true) * 0x1_0000 : u16(at) * 0x1_0000 + u16(at + 2),
    has,
    find(text, from, to) {
      const first = text.charCodeAt(0);
      const last = Math.min(to, bytes.length);
      for (let at = bytes.indexOf(first, from); at >= 0 && at < last; at = bytes.indexOf(first, at + 1)) {
        if (has(text, at)) return at;
      }
      return -1;
    },
  };
}

/** The pieces as one. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((size, { length }) => size + length, 0));
  let size = 0;
  for (const piece of pieces) {
    whole.set(piece, size);
    size += piece.length;
  }
  return whole;
}
