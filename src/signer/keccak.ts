// Keccak with 512 bits as it was submitted to the SHA-3 competition, which is what CryptoJS calls SHA3: FIPS 202 pads otherwise.

const RATE_BYTES = 72;
const DIGEST_BYTES = 64;
const LANES = 25;

// Keccak reference, section 1.2: round constants in halves of 32 bits, rotations and the order of lanes of rho and pi.
const ROUNDS: readonly (readonly [high: number, low: number])[] = roundConstants();
const ROTATIONS = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];
const ORDER = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

/** The digest of a message, 64 bytes. */
export function keccak512(message: Uint8Array): Buffer {
  const padded = Buffer.alloc((Math.floor(message.length / RATE_BYTES) + 1) * RATE_BYTES);
  padded.set(message);
  padded[message.length] = (padded[message.length] ?? 0) | 0x01;
  padded[padded.length - 1] = (padded[padded.length - 1] ?? 0) | 0x80;
  // Lane by lane: the low half of 32 bits, then the high one.
  const state = new Uint32Array(2 * LANES);
  for (let at = 0; at < padded.length; at += RATE_BYTES) {
    for (let word = 0; word < RATE_BYTES / 4; word += 1) {
      state[word] = (state[word] ?? 0) ^ padded.readUInt32LE(at + 4 * word);
    }
    permute(state);
  }
  const digest = Buffer.alloc(DIGEST_BYTES);
  for (let word = 0; word < DIGEST_BYTES / 4; word += 1) digest.writeUInt32LE(state[word] ?? 0, 4 * word);
  return digest;
}

/** RFC 2104 with that hash. */
export function keccak512Hmac(message: Uint8Array, key: Uint8Array): Buffer {
  const block = Buffer.alloc(RATE_BYTES);
  block.set(key.length > RATE_BYTES ? keccak512(key) : key);
  const inner = keccak512(Buffer.concat([block.map((byte) => byte ^ 0x36), message]));
  return keccak512(Buffer.concat([block.map((byte) => byte ^ 0x5c), inner]));
}

function permute(state: Uint32Array): void {
  for (const [high, low] of ROUNDS) {
    theta(state);
    rhoAndPi(state);
    chi(state);
    state[0] = (state[0] ?? 0) ^ low;
    state[1] = (state[1] ?? 0) ^ high;
  }
}

function theta(state: Uint32Array): void {
  const parity = new Uint32Array(10);
  for (let word = 0; word < 2 * LANES; word += 1) parity[word % 10] = (parity[word % 10] ?? 0) ^ (state[word] ?? 0);
  for (let column = 0; column < 5; column += 1) {
    const before = 2 * ((column + 4) % 5);
    const after = 2 * ((column + 1) % 5);
    const [low, high] = rotated(parity[after] ?? 0, parity[after + 1] ?? 0, 1);
    for (let lane = column; lane < LANES; lane += 5) {
      state[2 * lane] = (state[2 * lane] ?? 0) ^ (parity[before] ?? 0) ^ low;
      state[2 * lane + 1] = (state[2 * lane + 1] ?? 0) ^ (parity[before + 1] ?? 0) ^ high;
    }
  }
}

function rhoAndPi(state: Uint32Array): void {
  let low = state[2] ?? 0;
  let high = state[3] ?? 0;
  for (const [step, lane] of ORDER.entries()) {
    const next = [state[2 * lane] ?? 0, state[2 * lane + 1] ?? 0] as const;
    [state[2 * lane], state[2 * lane + 1]] = rotated(low, high, ROTATIONS[step] ?? 0);
    [low, high] = next;
  }
}

function chi(state: Uint32Array): void {
  for (let row = 0; row < 2 * LANES; row += 10) {
    const words = state.slice(row, row + 10);
    for (let word = 0; word < 10; word += 1) {
      state[row + word] = (words[word] ?? 0) ^ (~(words[(word + 2) % 10] ?? 0) & (words[(word + 4) % 10] ?? 0));
    }
  }
}

function rotated(low: number, high: number, bits: number): readonly [low: number, high: number] {
  if (bits >= 32) return rotated(high, low, bits - 32);
  if (bits === 0) return [low, high];
  return [(low << bits) | (high >>> (32 - bits)), (high << bits) | (low >>> (32 - bits))];
}

/** Bits of a linear feedback shift register, at the places 2^j - 1 of each lane (section 1.2). */
function roundConstants(): (readonly [high: number, low: number])[] {
  let register = 1;
  return Array.from({ length: 24 }, () => {
    let high = 0;
    let low = 0;
    for (let j = 0; j < 7; j += 1) {
      const place = 2 ** j - 1;
      if ((register & 1) === 1 && place < 32) low |= 1 << place;
      if ((register & 1) === 1 && place >= 32) high |= 1 << (place - 32);
      register = (register << 1) ^ ((register & 0x80) === 0 ? 0 : 0x171);
    }
    return [high, low] as const;
  });
}
