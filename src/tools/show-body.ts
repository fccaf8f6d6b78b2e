// A redacted body as an agent gets it: as much as fits, what is missing in a sentence, and the way to it.
import { limits } from '../../shared/limits.ts';
import { hasParts } from '../../shared/media/image-parts.ts';
import type { SafeBody } from '../../shared/stages/stages.ts';
import { type ReadJson, readJson } from '../execute/read-json.ts';
import {
  BYTES_OF_TEXT,
  BYTES_ON_REQUEST,
  bytesRefused,
  incompleteSentence,
  NOT_SHOWN_TEXT,
  SELECT_NEEDS_JSON,
} from './body-sentences.ts';
import { showJson } from './show-json.ts';
import { aboutBody, type BodyOptions, noteBody, type ShownBody, showText, withNote } from './show-text.ts';
import type { ToolContext } from './tool.ts';

/**
 * Shows a redacted body: whole where it fits, else its beginning with a response_id to read on. The request was sent, so
 * whatever cannot be shown is said in a note: a failure in the place of the answer would have it sent again.
 */
export function showBody(body: SafeBody, options: BodyOptions, context: ToolContext): ShownBody {
  const shown = showKind(body, options, context);
  const missing = incompleteSentence(body);
  return missing === undefined ? shown : { ...withNote(shown, missing), truncated: true };
}

function showKind(body: SafeBody, options: BodyOptions, context: ToolContext): ShownBody {
  switch (body.kind) {
    case 'withheld':
      return noteBody(
        body,
        'it is nested too deeply, has too many parts or unpacks to too much to be redacted',
        context,
      );
    case 'empty':
      return options.selection ? noteBody(body, SELECT_NEEDS_JSON, context) : { ...aboutBody(body), truncated: false };
    case 'binary':
      return options.selection ? noteBody(body, SELECT_NEEDS_JSON, context) : showFile(body, options);
    case 'json':
    case 'text':
      return showReadable(body, options, context);
  }
}

function showReadable(body: SafeBody, options: BodyOptions, context: ToolContext): ShownBody {
  const json = jsonOf(body);
  if (json) return withNote(showJson({ body: { ...body, kind: 'json' }, json, options, context }), formatNote(options));
  if (options.selection) return noteBody(body, SELECT_NEEDS_JSON, context);
  const { text = '', readable } = body;
  const isRendered = readable !== undefined && options.format !== 'source';
  const shown = showText(body, isRendered ? readable : text, options, context);
  return withNote({ ...shown, ...(isRendered && { rendered: 'html' as const }) }, formatNote(options));
}

function formatNote({ format }: BodyOptions): string | undefined {
  return format === 'bytes' ? BYTES_OF_TEXT : undefined;
}

/** The value of a JSON body, and of the beginning of one that did not arrive whole. */
function jsonOf({ kind, text = '', contentType, incomplete }: SafeBody): ReadJson | undefined {
  if (incomplete === undefined) return kind === 'json' ? readJson(text) : undefined;
  const claims = kind === 'json' || /[/+]json\b/i.test(contentType);
  // Read as a part first: as a whole, it would be read to its end in vain.
  return claims ? (readJson(text, true) ?? readJson(text)) : undefined;
}

function showFile(body: SafeBody, { format }: BodyOptions): ShownBody {
  const { media, base64, bytesRefused: refused, bytes } = body;
  const shown = { ...aboutBody(body), ...(media && { media }), truncated: false };
  if (base64 !== undefined) return { ...shown, base64 };
  if (refused !== undefined) return { ...shown, note: bytesRefused(refused) };
  const isOther = media !== undefined && !hasParts(media.format);
  if (format === 'bytes' || bytes > limits.shownBytes || isOther) return { ...shown, note: NOT_SHOWN_TEXT };
  return { ...shown, note: NOT_SHOWN_TEXT, more: BYTES_ON_REQUEST };
}
