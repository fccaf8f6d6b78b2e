// Bytes of a body that is no text, for a caller who asks for them: only where nothing that would be redacted can be read in them, in
// whatever way they are read. What is packed so that it cannot be looked through is not given.
import { limits } from '../limits.ts';
import { packedFormats } from '../media/magic.ts';
import { mediaFacts } from '../media/media-facts.ts';
import type { BytesRefusal } from '../stages/stages.ts';
import { base64, latin1 } from './encodings.ts';
import { unpack } from './inflate.ts';
import { redactMedia } from './media/redact-media.ts';
import type { NameVerdict } from './names.ts';
import { redactText } from './redact-text.ts';
import type { Scrubber } from './scrubber.ts';
import { createWork, type Work } from './work.ts';

export interface BytesTools {
  readonly scrubber: Scrubber;
  readonly judge: (name: string) => NameVerdict;
}

export type SafeBytes = { readonly base64: string } | { readonly bytesRefused: BytesRefusal };

/** The bytes in base64 (RFC 4648 section 4), or why they are not given. */
export function safeBytes(bytes: Uint8Array, tools: BytesTools): SafeBytes {
  if (bytes.length > limits.shownBytes) return { bytesRefused: 'size' };
  const facts = mediaFacts(bytes);
  if (facts && packedFormats.has(facts.format)) return { bytesRefused: 'packed' };
  const work = createWork(bytes.length);
  const unpacked = unpackAll(bytes, work);
  if (work.left < 0) return { bytesRefused: 'packed' };
  const holds = [bytes, ...unpacked].some((part) => readings(part).some((text) => wouldRedact(text, tools)));
  return holds ? { bytesRefused: 'secret' } : { base64: padded(base64(bytes)) };
}

function padded(text: string): string {
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** Whatever a compressed stream that begins anywhere holds: images have some in the middle of them. */
function unpackAll(bytes: Uint8Array, work: Work): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let at = 0; at + 2 < bytes.length && work.left >= 0; at += 1) {
    if (!mayBeginStream(bytes[at] ?? 0, bytes[at + 1] ?? 0)) continue;
    const inner = unpack(bytes.subarray(at), work);
    if (inner && inner.length >= limits.secretMinScrubChars) found.push(inner);
  }
  return found;
}

/** RFC 1952 section 2.3.1 and RFC 1950 section 2.2. */
function mayBeginStream(one: number, two: number): boolean {
  if (one === 0x1f && two === 0x8b) return true;
  return (one & 0x0f) === 8 && one >> 4 <= 7 && ((one << 8) | two) % 31 === 0;
}

function readings(bytes: Uint8Array): readonly string[] {
  const plain = latin1(bytes);
  const wide = ['utf-16le', 'utf-16be'].flatMap((label) => {
    const decoder = new TextDecoder(label, { ignoreBOM: true });
    return [decoder.decode(bytes), decoder.decode(bytes.subarray(1))];
  });
  return [plain, plain.replaceAll('\0', ''), new TextDecoder().decode(bytes), ...wide];
}

function wouldRedact(text: string, { scrubber, judge }: BytesTools): boolean {
  if (scrubber.scrub(text).hits > 0 || redactText(text).count > 0) return true;
  const fields = redactMedia(text, '', { judge, taken: () => undefined, incomplete: false });
  return fields.withheld || fields.count > 0;
}
