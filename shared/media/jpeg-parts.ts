// JPEG (ITU T.81 annex B): segments and scans up to EOI.
import { type ByteView, joinBytes, viewBytes } from './byte-view.ts';
import { isColourProfile } from './colour-profile.ts';
import type { ImageBytes, ImageParts } from './image-parts.ts';

const END = 0xd9;
const SCAN = 0xda;
const COMMENT = 0xfe;
/** The tables of Huffman codes are the longest: four of 1 + 16 + 256 bytes, twice. */
const MAX_TABLE_BYTES = 2_200;
const PROFILE = 'ICC_PROFILE\0\x01\x01';

export function jpegParts({ bytes, view }: ImageBytes): ImageParts | undefined {
  const told = new Map<number, Uint8Array[]>();
  const drawn: Uint8Array[] = [];
  for (let at = 2; at + 2 <= view.length; ) {
    const marker = view.u8(at + 1);
    if (view.u8(at) !== 0xff) return undefined;
    if (marker === END) {
      // A text longer than a segment goes on in the next of its kind.
      return at + 2 === view.length ? { told: Array.from(told.values(), joinBytes), drawn } : undefined;
    }
    const data = segmentAt(bytes, view, at);
    if (!data) return undefined;
    at += 4 + data.length;
    if (marker === SCAN) at = scanEnd(view, at);
    if (isProfile(data)) drawn.push(data);
    else if (isTold(marker)) told.set(marker, [...(told.get(marker) ?? []), data]);
  }
  return undefined;
}

/** What follows a marker and its length; undefined where it is none that is looked through. */
function segmentAt(bytes: Uint8Array, view: ByteView, at: number): Uint8Array | undefined {
  const marker = view.u8(at + 1);
  const end = at + 2 + view.u16(at + 2);
  if (!isSegment(marker) || end < at + 4 || end > view.length) return undefined;
  const data = bytes.subarray(at + 4, end);
  return isTold(marker) || data.length <= MAX_TABLE_BYTES ? data : undefined;
}

/** Table B.1: what has a length and belongs to a whole image. */
function isSegment(marker: number): boolean {
  return (marker >= 0xc0 && marker <= 0xcf) || (marker >= SCAN && marker <= 0xdf) || isTold(marker);
}

function isTold(marker: number): boolean {
  return (marker >= 0xe0 && marker <= 0xef) || marker === COMMENT;
}

/** ICC.1:2022 annex B.4, in one segment. */
function isProfile(data: Uint8Array): boolean {
  return viewBytes(data).has(PROFILE, 0) && isColourProfile(data.subarray(PROFILE.length));
}

/** Coded data goes on to a marker: not a stuffed zero (section B.1.1.5), not RST. */
function scanEnd(view: ByteView, from: number): number {
  let at = from;
  while (at < view.length) {
    const next = view.u8(at + 1);
    if (view.u8(at) === 0xff && next !== 0 && !(next >= 0xd0 && next <= 0xd7)) return at;
    at += 1;
  }
  return at;
}
