// WebP of one picture (RFC 9649): chunks that fill the file.
import { isColourProfile } from './colour-profile.ts';
import type { ImageBytes, ImageParts } from './image-parts.ts';

const HEADER_BYTES = 10;

export function webpParts({ bytes, view }: ImageBytes): ImageParts | undefined {
  const told: Uint8Array[] = [];
  if (view.u32(4, true) + 8 !== view.length) return undefined;
  for (let at = 12; at + 8 <= view.length; ) {
    const type = String.fromCharCode(...bytes.subarray(at, at + 4));
    const size = view.u32(at + 4, true);
    const data = bytes.subarray(at + 8, at + 8 + size);
    at += 8 + size + (size & 1);
    if (at > view.length) return undefined;
    if (type === 'EXIF' || type === 'XMP ') told.push(data);
    else if (!isDrawn(type, data)) return undefined;
    if (at === view.length) return { told, drawn: [] };
  }
  return undefined;
}

function isDrawn(type: string, data: Uint8Array): boolean {
  if (type === 'ICCP') return isColourProfile(data);
  return type === 'VP8X' ? data.length === HEADER_BYTES : type === 'VP8 ' || type === 'VP8L' || type === 'ALPH';
}
