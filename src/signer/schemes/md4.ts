// MD4 (RFC 1320), which OpenSSL 3 no longer has. It is broken as a hash; NTLM (MS-NLMP section 3.3) keys everything with it.

type Mix = (x: number, y: number, z: number) => number;

interface Pass {
  readonly mix: Mix;
  readonly constant: number;
  readonly order: readonly number[];
  readonly shifts: readonly [number, number, number, number];
}

const PASSES: readonly Pass[] = [
  {
    mix: (x, y, z) => (x & y) | (~x & z),
    constant: 0,
    order: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    shifts: [3, 7, 11, 19],
  },
  {
    mix: (x, y, z) => (x & y) | (x & z) | (y & z),
    constant: 0x5a827999,
    order: [0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15],
    shifts: [3, 5, 9, 13],
  },
  {
    mix: (x, y, z) => x ^ y ^ z,
    constant: 0x6ed9eba1,
    order: [0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15],
    shifts: [3, 9, 11, 15],
  },
];

const BLOCK_BYTES = 64;

type State = readonly [a: number, b: number, c: number, d: number];

/** The MD4 digest of some bytes: 16 bytes. */
export function md4(data: Uint8Array): Buffer {
  const padded = pad(data);
  let state: State = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
  for (let start = 0; start < padded.length; start += BLOCK_BYTES) state = addBlock(state, padded, start);
  const digest = Buffer.alloc(16);
  for (const [index, word] of state.entries()) digest.writeInt32LE(word, 4 * index);
  return digest;
}

/** RFC 1320 sections 3.1 and 3.2. */
function pad(data: Uint8Array): Buffer {
  const padded = Buffer.alloc(Math.ceil((data.length + 9) / BLOCK_BYTES) * BLOCK_BYTES);
  padded.set(data);
  padded[data.length] = 0x80;
  padded.writeBigUInt64LE(BigInt(data.length) * 8n, padded.length - 8);
  return padded;
}

function addBlock(before: State, bytes: Buffer, start: number): State {
  let [a, b, c, d] = before;
  for (const { mix, constant, order, shifts } of PASSES) {
    order.forEach((word, step) => {
      const sum = (a + mix(b, c, d) + bytes.readInt32LE(start + 4 * word) + constant) | 0;
      [a, b, c, d] = [d, rotate(sum, shifts[step % 4] ?? 0), b, c];
    });
  }
  return [(before[0] + a) | 0, (before[1] + b) | 0, (before[2] + c) | 0, (before[3] + d) | 0];
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
