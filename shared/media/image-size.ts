// Width and height of an image, from its own header. Every loop goes forward in the bytes and is bounded besides.
import type { ByteView } from './byte-view.ts';
import type { MediaFormat } from './magic.ts';

/** In pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

type Reader = (view: ByteView) => ImageSize | undefined;

const readers: Partial<Record<MediaFormat, Reader>> = {
  // ISO/IEC 15948 section 11.2.2: IHDR is the first chunk.
  png: (view) => (view.has('IHDR', 12) ? { width: view.u32(16), height: view.u32(20) } : undefined),
  gif: (view) => ({ width: view.u16(6, true), height: view.u16(8, true) }),
  jpeg: jpegSize,
  webp: webpSize,
  bmp: bmpSize,
  ico: icoSize,
  tiff: tiffSize,
  avif: boxSize,
  heic: boxSize,
};

/** Undefined where the format has none, or the header does not say. */
export function imageSize(format: MediaFormat, view: ByteView): ImageSize | undefined {
  const size = readers[format]?.(view);
  return size && size.width > 0 && size.height > 0 ? size : undefined;
}

const MAX_SEGMENTS = 2_000;
/** Start-of-frame markers (ITU T.81 table B.1); C4, C8 and CC are others. */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);

function jpegSize(view: ByteView): ImageSize | undefined {
  let at = 2;
  for (let count = 0; count < MAX_SEGMENTS && at + 9 <= view.length; count += 1) {
    if (view.u8(at) !== 0xff) return undefined;
    const marker = view.u8(at + 1);
    if (marker === 0xff) at += 1;
    else if (isFrame(marker)) return { width: view.u16(at + 7), height: view.u16(at + 5) };
    else if (marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7)) at += 2;
    else at += 2 + Math.max(2, view.u16(at + 2));
  }
  return undefined;
}

/** RFC 9649: lossy (VP8, RFC 6386 section 9.1), lossless (VP8L) and extended (VP8X). */
function webpSize(view: ByteView): ImageSize | undefined {
  if (view.has('VP8 ', 12) && view.has('\x9d\x01\x2a', 23)) {
    return { width: view.u16(26, true) & 0x3fff, height: view.u16(28, true) & 0x3fff };
  }
  if (view.has('VP8L', 12) && view.u8(20) === 0x2f) {
    const bits = view.u32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  return view.has('VP8X', 12) ? { width: view.u24(24) + 1, height: view.u24(27) + 1 } : undefined;
}

function bmpSize(view: ByteView): ImageSize {
  if (view.u32(14, true) === 12) return { width: view.u16(18, true), height: view.u16(20, true) };
  // A negative height means that the rows go from the top down.
  return { width: Math.abs(view.u32(18, true) | 0), height: Math.abs(view.u32(22, true) | 0) };
}

function icoSize(view: ByteView): ImageSize {
  let largest = { width: 0, height: 0 };
  const images = Math.min(view.u16(4, true), 256);
  for (let at = 6; at < 6 + images * 16 && at + 16 <= view.length; at += 16) {
    const size = { width: view.u8(at) || 256, height: view.u8(at + 1) || 256 };
    if (size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}

const MAX_TAGS = 500;

/** TIFF 6.0: tags 256 and 257 of the first directory, as SHORT (3) or LONG (4). */
function tiffSize(view: ByteView): ImageSize {
  const little = view.has('II', 0);
  const start = view.u32(4, little);
  const size = { width: 0, height: 0 };
  const tags = Math.min(view.u16(start, little), MAX_TAGS);
  for (let at = start + 2; at < start + 2 + tags * 12 && at + 12 <= view.length; at += 12) {
    const value = view.u16(at + 2, little) === 3 ? view.u16(at + 8, little) : view.u32(at + 8, little);
    if (view.u16(at, little) === 256) size.width = value;
    if (view.u16(at, little) === 257) size.height = value;
  }
  return size;
}

const BOX_BYTES = 64 * 1024;

/** ISO/IEC 23008-12: the largest of the spatial extents; thumbnails and tiles have their own. */
function boxSize(view: ByteView): ImageSize | undefined {
  let largest: ImageSize | undefined;
  for (let at = view.find('ispe', 0, BOX_BYTES); at >= 0; at = view.find('ispe', at + 4, BOX_BYTES)) {
    const size = { width: view.u32(at + 8), height: view.u32(at + 12) };
    if (!largest || size.width * size.height > largest.width * largest.height) largest = size;
  }
  return largest;
}
