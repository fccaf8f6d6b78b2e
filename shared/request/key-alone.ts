import { type FrameSide, isKeyFrame } from '../secret/pem-frame.ts';
import { isSealedFrame } from '../secret/seal.ts';
import type { Piece, Rendered } from '../template/template.ts';

/** What is known of one piece of a text without its value. */
export interface SecretForm {
  readonly holdsSecret: boolean;
  /** One secret, decoded or in other letters, and nothing else. */
  readonly isOwn: boolean;
}

/**
 * Whether a text that is read as a private key holds no secret, or one that nothing stands beside but the frame of a key. With bytes of
 * one's own around it, characters of the secret would be lengths in DER, and which key can be read would tell them.
 */
export function isKeyAlone(rendered: Rendered, forms: readonly SecretForm[]): boolean {
  const secrets = rendered.filter(
    (piece, index) => forms[index]?.holdsSecret && !isFrame(piece, 'before') && !isFrame(piece, 'behind'),
  );
  const [only, ...others] = secrets;
  if (only === undefined) return true;
  const at = rendered.indexOf(only);
  return (
    others.length === 0 &&
    forms[at]?.isOwn === true &&
    rendered.slice(0, at).every((piece) => isFrame(piece, 'before')) &&
    rendered.slice(at + 1).every((piece) => isFrame(piece, 'behind'))
  );
}

function isFrame(piece: Piece, side: FrameSide): boolean {
  if (piece.kind === 'text') return isKeyFrame(piece.text, side);
  return piece.kind === 'inline' && isSealedFrame(piece.value, side);
}
