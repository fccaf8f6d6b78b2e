// The readable text of an HTML body. It is made of what was redacted already, and looked through once more: a tag that is gone may
// have stood in the middle of a secret, or between a name and its value.
import { readableHtml } from '../render/readable-html.ts';
import type { SafeBody } from '../stages/stages.ts';
import { WITHHELD } from './marker.ts';
import { redactMedia } from './media/redact-media.ts';
import type { BodyTools } from './redact-body.ts';
import { redactText } from './redact-text.ts';

const HTML_TYPE = /^\s*(?:text\/html|application\/xhtml\+xml)\b/i;
const HTML_START = /^\s*(?:<!doctype html\b|<html[\s>])/i;

/** Takes a redacted body; undefined where it is no HTML, or HTML that has no readable text. */
export function readableBody({ text = '', contentType, incomplete }: SafeBody, tools: BodyTools): string | undefined {
  if (!HTML_TYPE.test(contentType) && !HTML_START.test(text)) return undefined;
  const readable = readableHtml(text);
  if (readable === undefined) return undefined;
  const known = tools.scrub(readable);
  if (known.text === WITHHELD) return undefined;
  const { judge, taken, tally } = tools;
  const fields = redactMedia(known.text, 'text/plain', { judge, taken, incomplete: incomplete !== undefined });
  if (fields.withheld) return undefined;
  const shapes = redactText(fields.text);
  tally.add('known-value', known.hits);
  tally.add('field-name', fields.count);
  tally.add('shape', shapes.count);
  return shapes.text;
}
