// PNG (ISO/IEC 15948): chunks up to IEND. Pixels and some texts are zlib streams; the pixels' stream may be cut anywhere into chunks.
import { joinBytes } from './byte-view.ts';
import { isColourProfile } from './colour-profile.ts';
import type { ImageBytes, ImageParts } from './image-parts.ts';

/** Chunks that hold numbers only, and how many bytes of them. */
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ['IHDR', 13],
  ['PLTE', 768],
  ['tRNS', 256],
  ['cHRM', 32],
  ['gAMA', 4],
  ['sBIT', 4],
  ['sRGB', 1],
  ['cICP', 4],
  ['mDCV', 24],
  ['cLLI', 8],
  ['bKGD', 6],
  ['hIST', 512],
  ['pHYs', 9],
  ['tIME', 7],
]);

interface Found {
  readonly told: Uint8Array[];
  readonly drawn: Uint8Array[];
  readonly pixels: Uint8Array[];
}

export function pngParts({ bytes, view, unpack }: ImageBytes): ImageParts | undefined {
  const found: Found = { told: [], drawn: [], pixels: [] };
  for (let at = 8; at + 12 <= view.length; ) {
    const size = view.u32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const data = bytes.subarray(at + 8, at + 8 + size);
    at += 12 + size;
    if (at > view.length) return undefined;
    if (type === 'IEND') return size === 0 && at === view.length ? withPixels(found, unpack) : undefined;
    if (!readChunk(type, data, found, unpack)) return undefined;
  }
  return undefined;
}

function withPixels({ told, drawn, pixels }: Found, unpack: ImageBytes['unpack']): ImageParts | undefined {
  const inflated = unpack(joinBytes(pixels));
  return inflated && { told, drawn: [...drawn, inflated] };
}

/** False for a chunk that is not looked through. */
function readChunk(type: string, data: Uint8Array, found: Found, unpack: ImageBytes['unpack']): boolean {
  const text = textIn(type, data, unpack);
  switch (type) {
    case 'IDAT':
      return found.pixels.push(data) > 0;
    case 'iCCP':
      return text !== undefined && isColourProfile(text) && found.drawn.push(text) > 0;
    case 'tEXt':
    case 'zTXt':
    case 'iTXt':
    case 'eXIf':
      return text !== undefined && found.told.push(text) > 0;
    default:
      return data.length <= (NUMBERS.get(type) ?? -1);
  }
}

/** Sections 11.3.3.2 to 11.3.3.4 and 11.3.2.3: a keyword and a zero byte, then the method of compression, then the stream. */
function textIn(type: string, data: Uint8Array, unpack: ImageBytes['unpack']): Uint8Array | undefined {
  if (type === 'tEXt' || type === 'eXIf') return data;
  const key = data.indexOf(0);
  if (key < 0) return undefined;
  if (type === 'zTXt' || type === 'iCCP') return data[key + 1] === 0 ? unpack(data.subarray(key + 2)) : undefined;
  if (type !== 'iTXt') return undefined;
  if (data[key + 1] === 0) return data;
  const language = data.indexOf(0, key + 3);
  const translated = language < 0 ? -1 : data.indexOf(0, language + 1);
  return translated < 0 ? undefined : unpack(data.subarray(translated + 1));
}
