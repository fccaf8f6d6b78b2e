// What stands in an image, from its structure as its format's own document fixes it. Only images that are followed to the last of their
// bytes have parts: what has a part of a kind that is not named here, or anything between or behind its parts, has none.
import { bmpParts, icoParts } from './bitmap-parts.ts';
import { type ByteView, viewBytes } from './byte-view.ts';
import { gifParts } from './gif-parts.ts';
import { jpegParts } from './jpeg-parts.ts';
import type { MediaFormat } from './magic.ts';
import { pngParts } from './png-parts.ts';
import { webpParts } from './webp-parts.ts';

export interface ImageParts {
  /** What the image says of itself, whole and unpacked: comments, EXIF, XMP. */
  readonly told: readonly Uint8Array[];
  /** What draws it, where the bytes of the file do not show it in one piece: any bytes may stand there. */
  readonly drawn: readonly Uint8Array[];
}

export interface ImageBytes {
  readonly bytes: Uint8Array;
  readonly view: ByteView;
  /** All of a zlib stream (RFC 1950) that ends where the bytes do; undefined for anything else. */
  readonly unpack: (stream: Uint8Array) => Uint8Array | undefined;
}

type Reader = (image: ImageBytes) => ImageParts | undefined;

const readers: ReadonlyMap<MediaFormat | undefined, Reader> = new Map<MediaFormat, Reader>([
  ['png', pngParts],
  ['jpeg', jpegParts],
  ['gif', gifParts],
  ['webp', webpParts],
  ['bmp', bmpParts],
  ['ico', icoParts],
]);

/** Whether images of a format can be looked through at all. */
export function hasParts(format: MediaFormat): boolean {
  return readers.has(format);
}

/** The parts of an image; undefined where it is none that is followed to its end. */
export function imageParts(
  format: MediaFormat,
  bytes: Uint8Array,
  unpack: ImageBytes['unpack'],
): ImageParts | undefined {
  return readers.get(format)?.({ bytes, view: viewBytes(bytes), unpack });
}
