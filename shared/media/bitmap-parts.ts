// BMP, and the bitmaps of ICO, as Windows' own headers (BITMAPINFOHEADER and its successors) have them: pixels that are not packed, of
// exactly the size that the header gives.
import type { ByteView } from './byte-view.ts';
import type { ImageBytes, ImageParts } from './image-parts.ts';

const FILE_HEADER_BYTES = 14;
const ENTRY_BYTES = 16;
const INFO_BYTES = 40;
const HEADER_SIZES: readonly number[] = [INFO_BYTES, 52, 56, 108, 124];
/** Colours as they are, or through three masks. */
const PLAIN: readonly number[] = [0, 3];
/** 256 colours, and four masks. */
const MAX_TABLE_BYTES = 1024 + 16;
/** All of it stands in the file as it is. */
const NOTHING_PACKED: ImageParts = { told: [], drawn: [] };

export function bmpParts({ view }: ImageBytes): ImageParts | undefined {
  const headerBytes = view.u32(FILE_HEADER_BYTES, true);
  const pixels = view.u32(10, true);
  const table = pixels - FILE_HEADER_BYTES - headerBytes;
  if (view.u32(2, true) !== view.length || !HEADER_SIZES.includes(headerBytes)) return undefined;
  if (table < 0 || table > MAX_TABLE_BYTES) return undefined;
  const size = pixelBytes(view, FILE_HEADER_BYTES, 1);
  return size !== undefined && pixels + size.colours === view.length ? NOTHING_PACKED : undefined;
}

/** Bitmaps that follow the directory, one after the other; those that are PNG files of their own are not looked through. */
export function icoParts({ view }: ImageBytes): ImageParts | undefined {
  const count = view.u16(4, true);
  let end = 6 + count * ENTRY_BYTES;
  for (let entry = 6; entry < 6 + count * ENTRY_BYTES; entry += ENTRY_BYTES) {
    if (view.u32(entry + 12, true) !== end || !fitsEntry(view, end, view.u32(entry + 8, true))) return undefined;
    end += view.u32(entry + 8, true);
    if (end > view.length) return undefined;
  }
  return end === view.length ? NOTHING_PACKED : undefined;
}

/** The height of an icon counts its mask, of one bit a pixel, which may be left out. */
function fitsEntry(view: ByteView, at: number, bytes: number): boolean {
  const bits = view.u16(at + 14, true);
  const size = pixelBytes(view, at, 2);
  if (view.u32(at, true) !== INFO_BYTES || !size) return false;
  const colours = bits <= 8 ? view.u32(at + 32, true) || 1 << bits : 0;
  const least = INFO_BYTES + colours * 4 + size.colours;
  return colours <= 256 && (bytes === least || bytes === least + size.mask);
}

interface PixelBytes {
  readonly colours: number;
  readonly mask: number;
}

/** Rows are filled up to four bytes. A negative height means that they go from the top down. */
function pixelBytes(view: ByteView, at: number, heights: number): PixelBytes | undefined {
  const width = view.u32(at + 4, true);
  const height = Math.abs(view.u32(at + 8, true) | 0) / heights;
  if (!PLAIN.includes(view.u32(at + 16, true)) || height !== Math.floor(height)) return undefined;
  const rows = (bits: number) => Math.ceil((width * bits) / 32) * 4 * height;
  return { colours: rows(view.u16(at + 14, true)), mask: rows(1) };
}
