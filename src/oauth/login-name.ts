// What a login of a person is kept under: the same for every request whose auth says the same.
import { createHash } from 'node:crypto';
import type { PlannedAuth } from '../../shared/request/plan.ts';
import type { Piece } from '../../shared/template/template.ts';

export interface LoginNames {
  readonly refresh: string;
  readonly access: string;
}

/** What makes two logins different. Secrets count by their handle, inline ones alike. */
const FIELDS = [
  'accessTokenUrl',
  'refreshTokenUrl',
  'authUrl',
  'deviceAuthorizationUrl',
  'clientId',
  'scope',
  'audience',
  'resource',
];

/** Names of the handles that a login's refresh token, or its access token where it has none, is stored as. */
export function loginNames({ fields }: PlannedAuth): LoginNames {
  const stated = FIELDS.map((name) => (fields[name] ?? []).map(shownPiece));
  const digest = createHash('sha256').update(JSON.stringify(stated)).digest('hex').slice(0, 16);
  return { refresh: `login-${digest}-refresh`, access: `login-${digest}-access` };
}

function shownPiece(piece: Piece): readonly string[] {
  switch (piece.kind) {
    case 'text':
      return ['text', piece.text];
    case 'handle':
      return ['handle', piece.id];
    case 'inline':
      return ['inline'];
    case 'derived':
      return ['derived', JSON.stringify([piece.operation, piece.inputs.map((input) => input.map(shownPiece))])];
  }
}
