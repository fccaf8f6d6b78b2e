// Bytes of a body that is no text, for a caller who asks for them: only where nothing that would be redacted can be read in them, as they
// are or unpacked. What cannot be looked through to its end is not given: files of other formats than the images that are, images with
// anything unusual in them, and what looks packed. What an image shows is not read: pixels may draw anything.
import { limits } from '../limits.ts';
import { hasParts, type ImageParts, imageParts } from '../media/image-parts.ts';
import { holdsImage, holdsPacked, packedFormats } from '../media/magic.ts';
import { mediaFacts } from '../media/media-facts.ts';
import type { BytesRefusal } from '../stages/stages.ts';
import { base64, latin1 } from './encodings.ts';
import { looksPacked, streamsIn } from './hidden-streams.ts';
import { redactMedia } from './media/redact-media.ts';
import type { NameVerdict } from './names.ts';
import { redactText } from './redact-text.ts';
import type { Scrubber } from './scrubber.ts';
import { createWork, type Work } from './work.ts';
import { unpackZlib } from './zlib-stream.ts';

export interface BytesTools {
  readonly scrubber: Scrubber;
  readonly judge: (name: string) => NameVerdict;
}

export type SafeBytes = { readonly base64: string } | { readonly bytesRefused: BytesRefusal };

/** Bytes that may be unpacked: the pixels of an image are many more than its bytes. */
const UNPACKED_BYTES = 2 * 1024 * 1024;

/** The bytes in base64 (RFC 4648 section 4), or why they are not given. */
export function safeBytes(bytes: Uint8Array, tools: BytesTools): SafeBytes {
  const bytesRefused = refusalOf(bytes, tools);
  return bytesRefused === undefined ? { base64: padded(base64(bytes)) } : { bytesRefused };
}

function refusalOf(bytes: Uint8Array, tools: BytesTools): BytesRefusal | undefined {
  if (bytes.length > limits.shownBytes) return 'size';
  const format = mediaFacts(bytes)?.format;
  if (holdsPacked(bytes) || (format && packedFormats.has(format))) return 'packed';
  if (format && !hasParts(format)) return 'format';
  const work: Work = { left: UNPACKED_BYTES };
  const unpack = (stream: Uint8Array) => unpackZlib(stream, work);
  // What is no file is all that it tells.
  const parts: ImageParts | undefined = format ? imageParts(format, bytes, unpack) : { told: [bytes], drawn: [] };
  if (!parts) return work.left < 0 ? 'packed' : 'format';
  const { told, drawn } = parts;
  if ([...told, ...drawn].some(holdsPacked) || told.some(holdsImage)) return 'packed';
  if (told.some(looksPacked)) return 'opaque';
  const shows = (part: Uint8Array) => readings(part).some((text) => holdsSecret(text, tools));
  const tells = (part: Uint8Array) =>
    readings(part).some((text) => holdsSecret(text, tools) || holdsField(text, tools));
  if ([bytes, ...drawn].some(shows) || told.some(tells)) return 'secret';
  const tries = createWork(bytes.length);
  const hidden = told.map((part) => streamsIn(part, tries));
  return tries.left < 0 ? 'opaque' : hidden.some(tells) ? 'secret' : undefined;
}

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

function readings(bytes: Uint8Array): readonly string[] {
  const plain = latin1(bytes);
  const wide = ['utf-16le', 'utf-16be'].flatMap((label) => {
    const decoder = new TextDecoder(label, { ignoreBOM: true });
    return [decoder.decode(bytes), decoder.decode(bytes.subarray(1))];
  });
  return [plain, plain.replaceAll('\0', ''), new TextDecoder().decode(bytes), ...wide];
}

function holdsSecret(text: string, { scrubber }: BytesTools): boolean {
  return scrubber.scrub(text).hits > 0 || redactText(text).count > 0;
}

/** Noise of thousands of bytes has a name and a colon somewhere: this is for what may be text. */
function holdsField(text: string, { judge }: BytesTools): boolean {
  const fields = redactMedia(text, '', { judge, taken: () => undefined, incomplete: false });
  return fields.withheld || fields.count > 0;
}
