// Levenshtein distance by the bit vectors of Myers (J. ACM 46(3), 1999) in Hyyrö's form for whole texts: a column of the
// alignment is two words of bits, so a long list of names is compared in a few milliseconds.

const BLOCK_BITS = 32;
const ASCII = 128;

/** Gives the edits between the wanted text and each text that it is called with. */
export function createEditDistance(wanted: string): (text: string) => number {
  const blocks: Block[] = [];
  for (let from = 0; from < wanted.length; from += BLOCK_BITS) blocks.push(blockOf(wanted, from));
  let steps = new Int8Array(wanted.length);
  return (text) => {
    if (steps.length < text.length) steps = new Int8Array(2 * text.length);
    // The upper edge of the first block counts the letters of the text.
    steps.fill(1, 0, text.length);
    for (const block of blocks) advance(block, text, steps);
    let edits = wanted.length;
    for (let at = 0; at < text.length; at += 1) edits += steps[at] ?? 0;
    return edits;
  };
}

/** Up to 32 letters of the wanted text: where each letter stands among them. */
interface Block {
  readonly ascii: Int32Array;
  readonly wide: ReadonlyMap<number, number>;
  /** The bit of the last letter. */
  readonly top: number;
}

function blockOf(wanted: string, from: number): Block {
  const ascii = new Int32Array(ASCII);
  const wide = new Map<number, number>();
  const end = Math.min(wanted.length, from + BLOCK_BITS);
  for (let at = from; at < end; at += 1) {
    const code = wanted.charCodeAt(at);
    const bit = 1 << (at - from);
    if (code < ASCII) ascii[code] = (ascii[code] ?? 0) | bit;
    else wide.set(code, (wide.get(code) ?? 0) | bit);
  }
  return { ascii, wide, top: 1 << (end - from - 1) };
}

/** Takes the steps (-1, 0, 1) along the block's upper edge, and leaves those along its lower one. */
function advance({ ascii, wide, top }: Block, text: string, steps: Int8Array): void {
  let up = -1;
  let down = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const step = steps[at] ?? 0;
    const found = code < ASCII ? (ascii[code] ?? 0) : (wide.get(code) ?? 0);
    const vertical = found | down;
    const equal = step < 0 ? found | 1 : found;
    const horizontal = (((equal & up) + up) ^ up) | equal;
    const more = down | ~(horizontal | up);
    const less = up & horizontal;
    steps[at] = (more & top) !== 0 ? 1 : (less & top) !== 0 ? -1 : 0;
    const moreBelow = (more << 1) | (step > 0 ? 1 : 0);
    up = (less << 1) | (step < 0 ? 1 : 0) | ~(vertical | moreBelow);
    down = moreBelow & vertical;
  }
}
