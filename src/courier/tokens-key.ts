import type { PlannedAuth } from '../../shared/request/plan.ts';
import type { SecretTier } from '../../shared/secret/secret-ref.ts';
import type { Piece, Rendered } from '../../shared/template/template.ts';
import { createSealedDigest } from '../signer/sealed-digest.ts';
import type { Signer } from '../signer/sign.ts';
import type { Minting } from './tokens-mint.ts';

/** What a token comes of. */
export interface KeyParts extends Pick<Minting['source'], 'fields' | 'grant' | 'login'> {
  /** What else makes two tokens different. */
  readonly stated: readonly string[];
  readonly url: string;
  /** Of the credentials. */
  readonly tier: SecretTier;
  readonly signer: Pick<Signer, 'describe'>;
}

export interface TokenKeys {
  /** The same for requests that can have the same token. */
  readonly token: string;
  /** The same for those that use up one refresh token, whoever makes them. */
  readonly refresh: string;
}

/** Makes what tells tokens apart: secrets count by the record that they are in and its last change. */
export function createKeys(): (parts: KeyParts) => TokenKeys {
  const sealedDigest = createSealedDigest();
  const pieceKey = (piece: Piece, of: Pick<KeyParts, 'tier' | 'signer'>): readonly string[] => {
    if (piece.kind === 'text') return ['text', piece.text];
    if (piece.kind === 'inline') return ['inline', sealedDigest(piece.value)];
    if (piece.kind === 'derived') {
      const inputs = piece.inputs.map((input) => input.map((each) => pieceKey(each, of)));
      return ['derived', JSON.stringify([piece.operation, inputs])];
    }
    const info = of.signer.describe(piece.id, of.tier);
    return info.ok ? ['handle', info.value.id, String(info.value.updatedAt)] : ['handle', piece.id];
  };
  return ({ stated, url, tier, signer, fields, grant, login }) => {
    const textKey = (rendered: Rendered) => rendered.map((piece) => pieceKey(piece, { tier, signer }));
    const { refreshToken = [], ...others } = fields;
    // That of a login changes as it is used.
    const refreshKey = login ? recordOf(login.id, tier, signer) : textKey(refreshToken);
    const named = Object.entries<PlannedAuth['fields'][string]>(others).map(([name, value]) => [name, textKey(value)]);
    const token = JSON.stringify([stated, url, grant, refreshKey, named]);
    return { token, refresh: grant === 'refresh_token' ? JSON.stringify([url, refreshKey]) : token };
  };
}

/** The id of the credential that a tier takes. */
export function recordOf(id: string, tier: SecretTier, signer: Pick<Signer, 'describe'>): string {
  const info = signer.describe(id, tier);
  return info.ok ? info.value.id : id;
}
