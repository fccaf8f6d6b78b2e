import { failure } from '../failure/failure.ts';
import { err, type Result } from '../failure/result.ts';
import type { SecretPiece } from '../template/template.ts';

/** SECRET/PLACE_NOT_ALLOWED for a secret that stands where it may not. */
export function misplacedSecret(piece: SecretPiece, place: string): Result<never> {
  const secret = piece.kind === 'handle' ? `The secret "${piece.name}"` : 'A secret';
  return err(failure('SECRET/PLACE_NOT_ALLOWED', { secret, place }));
}
