// Who a credential says it is for, before anybody has checked it: what failures are counted under.
import { createHash } from 'node:crypto';
import { parseKeyText } from '../../shared/access/key-text.ts';
import type { Credentials } from './access.ts';
import { keyIn } from './key-authenticator.ts';

const MOST_TOKEN_CHARS = 16_384;

/** The id of a key, or a digest of issuer, subject and client of a JWT; undefined for what says nothing. */
export function claimedId(credentials: Credentials): string | undefined {
  const key = keyIn(credentials);
  if (key !== undefined) return parseKeyText(key)?.keyId;
  const token = /^bearer +(\S+) *$/i.exec(credentials.authorization ?? '')?.[1] ?? credentials.assertion;
  return token === undefined ? undefined : holderOf(token);
}

/** RFC 7519: the payload is the second of three parts in base64url. */
function holderOf(token: string): string | undefined {
  const payload = token.length <= MOST_TOKEN_CHARS ? token.split('.')[1] : undefined;
  if (!payload) return undefined;
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString());
    if (typeof claims !== 'object' || claims === null) return undefined;
    const { iss, sub, azp, client_id } = claims as Readonly<Record<string, unknown>>;
    return createHash('sha256')
      .update(JSON.stringify([iss, sub, azp, client_id]))
      .digest('base64url');
  } catch {
    return undefined;
  }
}
