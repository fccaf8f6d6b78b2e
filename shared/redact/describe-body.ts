// What is told of a body beside its redacted text: how HTML reads, what a file is, which charset it had, its bytes where they may go.
import { mediaFacts } from '../media/media-facts.ts';
import type { RawExchange, SafeBody } from '../stages/stages.ts';
import { bodyCharset } from './body-text.ts';
import { readableBody } from './readable-body.ts';
import type { BodyTools } from './redact-body.ts';
import { safeBytes } from './safe-bytes.ts';
import type { Scrubber } from './scrubber.ts';

export interface DescribeInput {
  readonly raw: RawExchange;
  readonly scrubber: Scrubber;
  /** Whether the bytes of a binary body are asked for. */
  readonly showBytes?: boolean | undefined;
}

/** Takes a body as it was redacted; gives it with all that is known of it. */
export function describeBody(body: SafeBody, input: DescribeInput, tools: BodyTools): SafeBody {
  switch (body.kind) {
    case 'binary':
      return { ...body, ...binaryParts(input, tools) };
    case 'json':
    case 'text':
      return { ...body, ...textParts(body, input, tools) };
    case 'empty':
    case 'withheld':
      return body;
  }
}

function binaryParts({ raw, scrubber, showBytes }: DescribeInput, { judge }: BodyTools): Partial<SafeBody> {
  // Bytes in a content coding that is not known are no file of the format that they seem to be.
  if (raw.undecoded !== undefined) return showBytes ? { bytesRefused: 'packed' } : {};
  const media = mediaFacts(raw.body);
  const shown = media ? { media } : {};
  if (!showBytes) return shown;
  if (raw.incomplete !== undefined) return { ...shown, bytesRefused: 'part' };
  return { ...shown, ...safeBytes(raw.body, { scrubber, judge }) };
}

const BEYOND_ASCII = /[^\0-\x7f]/;

function textParts(body: SafeBody, { raw, scrubber }: DescribeInput, tools: BodyTools): Partial<SafeBody> {
  const { kind, text = '', contentType } = body;
  const charset = bodyCharset(raw.body, contentType);
  const tells = charset !== undefined && charset !== 'utf-8' && BEYOND_ASCII.test(text);
  // The source has used up its own work; what it reads like is another text, with a share of its own.
  const own = { ...tools, scrub: (each: string) => scrubber.scrub(each) };
  const readable = kind === 'text' ? readableBody(body, own) : undefined;
  return { ...(tells && { charset }), ...(readable !== undefined && { readable }) };
}
