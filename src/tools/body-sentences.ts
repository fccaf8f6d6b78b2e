// What is said where a body is not all there: what is missing, and how to get it. Fixed sentences around numbers of ours.
import { limits } from '../../shared/limits.ts';
import type { SafeBody } from '../../shared/stages/stages.ts';
import type { FirstParts } from '../execute/first-parts.ts';

/** A number with its digits in threes. */
export function counted(number: number): string {
  return String(number).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** Why a body is only the beginning of what the server sends; undefined where it is whole. */
export function incompleteSentence({ incomplete, bytes, announcedBytes }: SafeBody): string | undefined {
  const of = announcedBytes === undefined ? '' : ` of ${counted(announcedBytes)}`;
  if (incomplete === undefined) return undefined;
  switch (incomplete) {
    case 'size':
      return `Only the first ${counted(bytes)}${of} bytes of the answer were read; the operator can raise limits.responseBytes.`;
    case 'time':
      return `Only what had arrived when the time was over is here, ${counted(bytes)}${of} bytes; a longer timeout_ms may bring more.`;
    case 'broken':
      return `The connection, or its content coding, ended early; only what had arrived is here, ${counted(bytes)}${of} bytes.`;
  }
}

export const SELECTED_FROM_PART =
  'The body is only the beginning of the answer, so what select looks for may be in the part that is missing.';
export const NUMBERS_AS_TEXT = 'Numbers with more digits than JSON readers keep stand as texts.';
export const SELECT_NEEDS_JSON = 'select works on JSON only';

/** How to read on after the first characters. */
export function moreCharacters(end: number, whole: number, { isKept, isSelection }: Reading): string {
  const shown = `Shown: characters 0-${counted(end)} of ${counted(whole)}.`;
  if (!isKept) return `${shown} ${NOT_KEPT}`;
  const same = isSelection ? ', the same select' : '';
  return `${shown} More: read_response with this response_id${same} and offset ${end}.`;
}

const NOT_KEPT = `The rest is too long to be kept: use select, or max_body_chars up to ${counted(limits.maxBodyChars)}.`;

/** Which items or members are shown. */
export function shownParts({ kind, path, shown, count }: FirstParts): string {
  const list = kind === 'items' ? ' of the longest list' : ' of the largest object';
  const place = path === undefined ? list : path === '' ? '' : ` in ${path}`;
  const last = shown - 1;
  return kind === 'items'
    ? `items 0-${counted(last)} of ${counted(count)}${place}`
    : `the first ${counted(shown)} of ${counted(count)} members${place}`;
}

interface Reading {
  readonly isKept: boolean;
  readonly isSelection: boolean;
}

/** How to get the items or members that are not shown; those of a selection are reached from what it selects. */
export function moreParts({ kind, path, shown, count }: FirstParts, { isKept, isSelection }: Reading): string {
  const from = isKept ? 'read_response with this response_id and' : 'call again with';
  // A name that is other people's words does not stand in a sentence of ours.
  if (path === undefined)
    return `More: ${from} select, by the names in the value; a call with response_format shape shows all of them.`;
  const by = isSelection ? 'the same select followed by ` | ' : 'select `';
  if (kind === 'items') return `More: ${from} ${by}${path}[${shown}:${Math.min(count, shown * 2)}]\`.`;
  return `More: ${from} ${by}keys(${path === '' ? '@' : path})\` for the names of all, then one of them.`;
}

const REFUSED = {
  size: `there are more than ${counted(limits.shownBytes)}`,
  packed: 'they are packed in a way that is not looked through for secrets',
  format:
    'of files, only PNG, JPEG, GIF, WebP, BMP and ICO images are looked through for secrets, with no unusual parts and nothing behind their end',
  opaque: 'they look compressed or encrypted, so that a secret in them could not be seen',
  secret: 'they hold a known value, or what looks like a credential',
  part: 'not all of them arrived',
} as const;

/** What comes of asking for the bytes of a body that are not given. */
export function bytesRefused(reason: NonNullable<SafeBody['bytesRefused']>): string {
  return `The bytes are not given: ${REFUSED[reason]}.`;
}

export const BYTES_OF_TEXT = 'response_format bytes is for binary bodies; this one is text and shown as such.';
export const NOT_SHOWN_TEXT = 'The body is a file, not text.';
export const BYTES_ON_REQUEST =
  'More: response_format bytes sends the request again and returns them in base64, if they hold nothing that is redacted.';
