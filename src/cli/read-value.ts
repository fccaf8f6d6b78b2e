import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';

/**
 * The whole of standard input as UTF-8, without one final line break. Fails with SECRET/INVALID where it is empty, not
 * UTF-8, or longer than a secret may be (a secret is counted in UTF-16 units, so at most four bytes each are read).
 */
export async function readValue(input: AsyncIterable<Buffer | string>): Promise<Result<string>> {
  const maxBytes = limits.secretChars * 4;
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input) {
    const piece = Buffer.from(chunk);
    bytes += piece.length;
    if (bytes > maxBytes) return err(failure('SECRET/INVALID', { problem: `it is larger than ${maxBytes} bytes` }));
    chunks.push(piece);
  }
  const text = decode(Buffer.concat(chunks));
  if (text === undefined) return err(failure('SECRET/INVALID', { problem: 'standard input is not UTF-8 text' }));
  const value = text.replace(/\r?\n$/, '');
  if (value === '') return err(failure('SECRET/INVALID', { problem: 'standard input is empty' }));
  return ok(value);
}

function decode(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
