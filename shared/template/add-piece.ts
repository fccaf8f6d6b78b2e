// What a rendering puts out, within the budget of its call.
import { type Failure, failure } from '../failure/failure.ts';
import { limits } from '../limits.ts';
import { sealLiteral } from './lex.ts';
import type { Piece } from './template.ts';

export interface Output {
  readonly pieces: Piece[];
  /** Whether anything that the agent supplied took part. */
  fromAgent: boolean;
}

/** By all renderings of one call. */
export interface Spent {
  chars: number;
  references: number;
  derived: number;
}

/** Adds a text to the one before it; a claim stays by itself. Failure: TEMPLATE/TOO_LARGE. */
export function addText(text: string, spent: Spent, out: Output): Failure | undefined {
  if (text === '') return undefined;
  const last = out.pieces.at(-1);
  if (last?.kind !== 'text' || last.claim !== undefined)
    return addPiece({ kind: 'text', text }, text.length, spent, out);
  out.pieces.pop();
  return addPiece({ kind: 'text', text: last.text + text }, text.length, spent, out);
}

/** Adds a text that stands in a sensitive place. Failure: TEMPLATE/TOO_LARGE. */
export function addSealed(text: string, spent: Spent, out: Output): Failure | undefined {
  for (const part of sealLiteral(text, out.pieces.length === 0)) {
    const problem =
      part.kind === 'text'
        ? addText(part.text, spent, out)
        : addPiece({ kind: 'inline', value: part.value }, part.value.length, spent, out);
    if (problem) return problem;
  }
  return undefined;
}

/** What a secret takes beside its characters: computations over secrets multiply them. */
const PIECE_CHARS = 32;

/** Adds a piece that counts for `chars` characters. Failure: TEMPLATE/TOO_LARGE. */
export function addPiece(piece: Piece, chars: number, spent: Spent, out: Output): Failure | undefined {
  spent.chars += piece.kind === 'text' ? chars : chars + PIECE_CHARS;
  if (spent.chars > limits.renderedBytes) return tooLarge();
  out.pieces.push(piece);
  return undefined;
}

export function tooLarge(): Failure {
  return failure('TEMPLATE/TOO_LARGE', { limitBytes: limits.renderedBytes });
}
