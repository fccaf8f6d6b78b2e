// ITU-T X.690, as far as archives of keys need it. Reading is total: what is not there is an empty node.

export interface BerNode {
  /** The first octet; 0 for a node that is not there. */
  readonly tag: number;
  readonly content: Buffer;
  /** Tag, length and content. */
  readonly whole: Buffer;
}

const NOTHING: BerNode = { tag: 0, content: Buffer.alloc(0), whole: Buffer.alloc(0) };
const END_BYTES = 2;
const INDEFINITE = 0x80;
const CONSTRUCTED = 0x20;

/** The nodes that stand one after another in these bytes. */
export function readNodes(bytes: Buffer): BerNode[] {
  const nodes: BerNode[] = [];
  for (let at = 0; at + END_BYTES <= bytes.length; at += nodes.at(-1)?.whole.length ?? bytes.length) {
    nodes.push(readNode(bytes.subarray(at)));
  }
  return nodes;
}

/** The node at the end of a path of positions, each counted from 0. */
export function nodeAt(node: BerNode, ...path: readonly number[]): BerNode {
  return path.reduce((inner, position) => readNodes(inner.content)[position] ?? NOTHING, node);
}

/** The octets of a string, whose parts may be nodes of their own (section 8.7.3). */
export function octetsOf({ tag, content }: BerNode): Buffer {
  return (tag & CONSTRUCTED) === 0 ? content : Buffer.concat(readNodes(content).map(octetsOf));
}

/** A small whole number; what does not fit gives NaN. */
export function numberOf({ content }: BerNode): number {
  return content.length > 0 && content.length <= 6 ? content.readUIntBE(0, content.length) : Number.NaN;
}

function readNode(bytes: Buffer): BerNode {
  const [tag = 0, first = 0] = bytes;
  if (first === INDEFINITE) return readIndefinite(bytes, tag);
  const lengthBytes = first > INDEFINITE ? first - INDEFINITE : 0;
  const start = END_BYTES + lengthBytes;
  const length = lengthBytes === 0 ? first : lengthIn(bytes.subarray(END_BYTES, start));
  return { tag, content: bytes.subarray(start, start + length), whole: bytes.subarray(0, start + length) };
}

function lengthIn(octets: Buffer): number {
  return octets.reduce((length, octet) => length * 256 + octet, 0);
}

/** Two octets of zero end it (section 8.1.3.6). */
function readIndefinite(bytes: Buffer, tag: number): BerNode {
  let at = END_BYTES;
  while (at + END_BYTES <= bytes.length && (bytes[at] !== 0 || bytes[at + 1] !== 0)) {
    at += readNode(bytes.subarray(at)).whole.length;
  }
  return { tag, content: bytes.subarray(END_BYTES, at), whole: bytes.subarray(0, at + END_BYTES) };
}
