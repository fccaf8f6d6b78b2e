// A planned request as text and bytes, its secrets opened. Only the signer calls this: what comes out is plaintext. Each
// secret is encoded for the place it stands in, so that no character of it acts as a delimiter.
import type { RequestSettings } from '../collection/model.ts';
import { ok, type Result } from '../failure/result.ts';
import type { Rendered, SecretPiece } from '../template/template.ts';
import { judgeHeaderValue } from './header-policy.ts';
import { escapeJsonString } from './json-text.ts';
import { writeMultipart } from './multipart.ts';
import {
  encodeComponent,
  encodePath,
  encodeQuery,
  encodeQueryName,
  encodeQueryValue,
  encodeUnsendable,
} from './percent-encode.ts';
import type { PlannedBody, PlannedHeader, PlannedUrl } from './plan.ts';

/** Gives the value of a secret piece, which was resolved beforehand. */
export type OpenSecret = (piece: SecretPiece) => string;

type Encode = (text: string) => string;

/**
 * Path and query as sent, percent-encoded as Postman does: an existing %XX stays. A handle's value is encoded wholly, so
 * the server decodes exactly that value; an inline secret is encoded like the text around it, and so is the result of a computation
 * that has been encoded in the script itself.
 */
export function writeTarget(url: PlannedUrl, settings: RequestSettings, open: OpenSecret): string {
  const plain = settings.disableUrlEncoding === true;
  const path = write(url.path, plain ? encodeUnsendable : encodePath, encodePath, open);
  if (url.query.length === 0) return path;
  const text = plain ? encodeUnsendable : encodeQuery;
  const query = url.query.map(({ name, value }) => {
    const left = write(name ?? [], text, encodeQueryName, open);
    return value === null ? left : `${left}=${write(value, text, encodeQueryValue, open)}`;
  });
  return `${path}?${query.join('&')}`;
}

/** The headers with their secrets opened, in order. Failure: REQUEST/HEADER_INVALID, without the value. */
export function writeHeaders(
  headers: readonly PlannedHeader[],
  open: OpenSecret,
): Result<readonly (readonly [name: string, value: string])[]> {
  const written: [string, string][] = [];
  for (const { name, value } of headers) {
    const text = writeText(value, open);
    const judged = judgeHeaderValue(name, text);
    if (!judged.ok) return judged;
    written.push([name, text]);
  }
  return ok(written);
}

export interface WrittenBody {
  readonly bytes?: Uint8Array;
  /** For a request that has no Content-Type header of its own. */
  readonly contentType?: string;
}

/** The body's bytes; `boundary` separates the parts of a multipart body and must not occur in them. */
export function writeBody(body: PlannedBody, open: OpenSecret, boundary: string): WrittenBody {
  switch (body.kind) {
    case 'none':
      return {};
    case 'text':
      return { bytes: encoder.encode(writeText(body.text, open)), ...typeOf(body.contentType) };
    case 'bytes':
      return { bytes: body.bytes, ...typeOf(body.contentType) };
    case 'urlencoded': {
      const field = (rendered: Rendered) => write(rendered, encodeComponent, encodeComponent, open);
      const text = body.fields.map(({ name, value }) => `${field(name)}=${field(value)}`).join('&');
      return { bytes: encoder.encode(text), contentType: 'application/x-www-form-urlencoded' };
    }
    case 'multipart':
      return {
        bytes: writeMultipart(body.parts, (rendered) => writeText(rendered, open), boundary),
        contentType: `multipart/form-data; boundary=${boundary}`,
      };
  }
}

/** A rendered text with its secrets opened, escaped only where a piece asks for it. */
export function writeText(rendered: Rendered, open: OpenSecret): string {
  let text = '';
  for (const piece of rendered) {
    if (piece.kind === 'text') text += piece.text;
    else text += escaped(open(piece), piece.inside);
  }
  return text;
}

function escaped(value: string, inside: SecretPiece['inside']): string {
  if (inside === 'json-string') return escapeJsonString(value);
  return inside === 'form' ? encodeComponent(value) : value;
}

const encoder = new TextEncoder();

function write(rendered: Rendered, text: Encode, inline: Encode, open: OpenSecret): string {
  return rendered
    .map((piece) => {
      if (piece.kind === 'text') return text(piece.text);
      return piece.kind === 'inline' || isPercentEncoded(piece) ? inline(open(piece)) : encodeComponent(open(piece));
    })
    .join('');
}

/** No character of it acts as a delimiter, and encoding it once more would change it. */
function isPercentEncoded(piece: SecretPiece): boolean {
  if (piece.kind !== 'derived') return false;
  const { operation, inputs } = piece;
  if (operation.name === 'percent' || operation.name === 'form') return true;
  const [only, ...others] = inputs[0] ?? [];
  const isCase = operation.name === 'upper' || operation.name === 'lower';
  return isCase && others.length === 0 && only !== undefined && only.kind !== 'text' && isPercentEncoded(only);
}

function typeOf(contentType: string | undefined): { contentType?: string } {
  return contentType === undefined ? {} : { contentType };
}
