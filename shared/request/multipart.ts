import type { Rendered } from '../template/template.ts';
import type { PlannedPart } from './plan.ts';

/** Writes multipart/form-data (RFC 7578); names are escaped as the WHATWG HTML standard does, so no name can end its header. */
export function writeMultipart(
  parts: readonly PlannedPart[],
  open: (rendered: Rendered) => string,
  boundary: string,
): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (const part of parts) {
    const fileName = part.kind === 'file' ? `; filename="${escapeName(part.fileName)}"` : '';
    const type = part.contentType === undefined ? '' : `Content-Type: ${part.contentType}\r\n`;
    const name = escapeName(open(part.name));
    chunks.push(
      encoder.encode(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"${fileName}\r\n${type}\r\n`),
      part.kind === 'file' ? part.bytes : encoder.encode(open(part.value)),
      encoder.encode('\r\n'),
    );
  }
  chunks.push(encoder.encode(`--${boundary}--\r\n`));
  return join(chunks);
}

const encoder = new TextEncoder();

// HTML 4.10.21.8: only line breaks and the quote are escaped.
function escapeName(name: string): string {
  return name.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((size, chunk) => size + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
