// GIF (GIF89a specification): blocks up to the trailer. Data is cut into pieces of at most 255 bytes, which are joined here.
import { joinBytes } from './byte-view.ts';
import type { ImageBytes, ImageParts } from './image-parts.ts';

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const GRAPHIC_CONTROL = 0xf9;

export function gifParts({ bytes, view }: ImageBytes): ImageParts | undefined {
  const told: Uint8Array[] = [];
  const drawn: Uint8Array[] = [];
  for (let at = 13 + tableBytes(view.u8(10)); at < view.length; ) {
    const kind = view.u8(at);
    if (kind === TRAILER) return at + 1 === view.length ? { told, drawn } : undefined;
    if (kind !== EXTENSION && kind !== IMAGE) return undefined;
    // A descriptor of nine bytes, its table and the size of the first code stand before the data of an image.
    const start = kind === EXTENSION ? at + 2 : at + 11 + tableBytes(view.u8(at + 9));
    const data = piecesFrom(bytes, start);
    if (!data) return undefined;
    if (kind === EXTENSION && view.u8(at + 1) !== GRAPHIC_CONTROL) told.push(data.joined);
    else drawn.push(data.joined);
    at = data.end;
  }
  return undefined;
}

function tableBytes(flags: number): number {
  return flags & 0x80 ? 3 << ((flags & 7) + 1) : 0;
}

interface Data {
  readonly joined: Uint8Array;
  readonly end: number;
}

function piecesFrom(bytes: Uint8Array, start: number): Data | undefined {
  const pieces: Uint8Array[] = [];
  let at = start;
  for (let size = bytes[at]; size !== undefined; size = bytes[at]) {
    at += 1 + size;
    if (size === 0) return { joined: joinBytes(pieces), end: at };
    pieces.push(bytes.subarray(at - size, at));
  }
  return undefined;
}
