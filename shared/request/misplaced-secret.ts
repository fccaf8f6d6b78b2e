import { failure } from '../failure/failure.ts';
import { err, ok, type Result } from '../failure/result.ts';
import { CAPTURED_PREFIX } from '../secret/captured-name.ts';
import type { Piece, Rendered, SecretPiece } from '../template/template.ts';
import { secretsOf } from './secret-pieces.ts';

/** SECRET/PLACE_NOT_ALLOWED for a secret that stands where it may not. */
export function misplacedSecret(piece: SecretPiece, place: string): Result<never> {
  const secret = piece.kind === 'handle' ? `The secret "${piece.name}"` : 'A secret';
  return err(failure('SECRET/PLACE_NOT_ALLOWED', { secret, place }));
}

/** SECRET/PLACE_NOT_ALLOWED for a captured token in a name: what an agent places is a value. */
export function judgeName(name: Rendered | null, place: string): Result<void> {
  const captured = name?.find(isCaptured);
  return captured ? misplacedSecret(captured, place) : ok(undefined);
}

/** What the place is called where that is a field of a body. */
export const FIELD_NAME = 'name of a field';

/** Whether a piece is, or is computed over, a token that an answer gave to the agent, which no file can name. */
export function isCaptured(piece: Piece): piece is SecretPiece {
  return secretsOf([piece]).some((leaf) => leaf.kind === 'handle' && leaf.name.startsWith(CAPTURED_PREFIX));
}
