// `Authorization: Bearer keyward_…` (RFC 6750 section 2.1).

import { parseKeyText } from '../../shared/access/key-text.ts';
import { parseScopes, type Reach } from '../../shared/access/reach.ts';
import { failure } from '../../shared/failure/failure.ts';
import type { Authentication, Authenticator, Credentials, Peer, Refusal } from './access.ts';
import type { KeyInfo, KeyStore } from './key-store.ts';
import type { KeyUses } from './key-uses.ts';

/** The one answer to a credential that is not valid, whatever is wrong with it. */
export const INVALID: Refusal = {
  kind: 'refused',
  status: 401,
  failure: failure('ACCESS/UNAUTHENTICATED'),
  challenge: { error: 'invalid_token' },
};

const UNREADABLE: Refusal = {
  kind: 'refused',
  status: 503,
  failure: failure('ACCESS/UNAVAILABLE', { reason: 'the keys cannot be read' }),
  retryAfterSeconds: 5,
};

/** The key that credentials hold, whether it is a whole one or not; undefined for credentials of another kind. */
export function keyIn({ authorization }: Credentials): string | undefined {
  // RFC 9110 section 11.1: the scheme in any case.
  return /^bearer +(keyward_\S*) *$/i.exec(authorization ?? '')?.[1];
}

export interface KeyAuthenticatorOptions {
  readonly keys: Pick<KeyStore, 'verify'>;
  readonly uses: Pick<KeyUses, 'note'>;
  readonly now: () => number;
}

/** Tells callers by their API keys. Unknown, wrong, ended and damaged keys get the same refusal. */
export function createKeyAuthenticator({ keys, uses, now }: KeyAuthenticatorOptions): Authenticator {
  const reachOf = createReaches();
  return {
    async authenticate(credentials, peer) {
      const text = keyIn(credentials);
      if (text === undefined) return undefined;
      const parts = parseKeyText(text);
      if (!parts) return INVALID;
      const found = keys.verify(parts);
      if (!found.ok) return UNREADABLE;
      const reach = found.value && reachOf(found.value.scopes);
      if (!found.value || !reach) return INVALID;
      uses.note(found.value.keyId, now());
      return caller(found.value, reach, peer);
    },
  };
}

function caller({ callerId, name, keyId }: KeyInfo, reach: Reach, { address }: Peer): Authentication {
  const about = { name, keyId, address };
  return { kind: 'caller', by: 'key', principal: { id: principalId(callerId), kind: 'http', reach, about } };
}

/** What a caller with a key is called in the journal and in lists. */
export function principalId(callerId: string): string {
  return `key:${callerId}`;
}

/** Lists of scopes that are remembered: many keys have the same. */
const MOST_LISTS = 1_000;

/** Undefined for scopes that a later version wrote: what is not understood opens nothing. */
function createReaches(): (scopes: readonly string[]) => Reach | undefined {
  const known = new Map<string, Reach | undefined>();
  return (scopes) => {
    const list = scopes.join(' ');
    if (known.has(list)) return known.get(list);
    const parsed = parseScopes(scopes);
    const reach = parsed.ok ? parsed.value : undefined;
    if (known.size >= MOST_LISTS) known.clear();
    known.set(list, reach);
    return reach;
  };
}
