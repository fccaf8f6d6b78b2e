// A key as the commands print it: everything but the key, unless it was made just now.

import { principalId } from '../../access/key-authenticator.ts';
import type { KeyInfo, ListedKey, MadeKey } from '../../access/key-store.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { dateOf } from '../secrets/shown-secret.ts';
import type { DataOptions, Session } from '../session.ts';
import { printable } from '../terminal.ts';

/** Fields in the order in which they are printed; `id` is the caller's, as in the journal. */
export function shownKey(info: KeyInfo & Partial<Pick<ListedKey, 'state' | 'lastUsedAt'>>) {
  const { callerId, name, keyId, scopes, createdAt, expiresAt, revokedAt, lastUsedAt, state } = info;
  return {
    id: principalId(callerId),
    name,
    key_id: keyId,
    scopes,
    created: dateOf(createdAt),
    ...(expiresAt !== undefined && { expires: dateOf(expiresAt) }),
    ...(revokedAt !== undefined && { revoked: dateOf(revokedAt) }),
    ...(lastUsedAt !== undefined && { last_used: dateOf(lastUsedAt) }),
    ...(state !== undefined && { state }),
  };
}

/** Prints a key that was made: alone on stdout, so that it can be piped, or as JSON. */
export function finishMade({ terminal }: Session, { info, key }: MadeKey, { json }: DataOptions): ExitCode {
  const { id, name, key_id, scopes, expires } = shownKey(info);
  if (json) terminal.json({ id, name, key, key_id, scopes, ...(expires !== undefined && { expires }) });
  else terminal.line(key);
  const until = expires === undefined ? 'does not expire' : `expires ${expires}`;
  terminal.note(printable(`The key of ${name}: it is shown this once and kept nowhere. It ${until}.`));
  terminal.note('Send it as Authorization: Bearer KEY.');
  return EXIT.done;
}
