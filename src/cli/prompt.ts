// Questions to a person, and values from standard input. The prompt package is loaded when a question is asked.

import { failure } from '../../shared/failure/failure.ts';
import { err, ok, type Result } from '../../shared/failure/result.ts';
import { limits } from '../../shared/limits.ts';
import { printable, printableBlock } from './terminal.ts';

/** Asks yes or no on stderr; no is the default, and cancelling is no. Only for an interactive terminal. */
export async function confirm(question: string): Promise<boolean> {
  const prompts = await import('@clack/prompts');
  const answer = await prompts.confirm({
    message: printableBlock(question),
    initialValue: false,
    output: process.stderr,
  });
  return answer === true;
}

/** Asks for a value that is not shown while it is typed. `undefined` when the person cancels. */
export async function askHidden(question: string): Promise<string | undefined> {
  const prompts = await import('@clack/prompts');
  const answer = await prompts.password({ message: printable(question), output: process.stderr });
  return typeof answer === 'string' ? answer : undefined;
}

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
