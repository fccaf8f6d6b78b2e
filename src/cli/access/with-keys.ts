import type { KeyStore } from '../../access/key-store.ts';
import type { ExitCode } from '../exit-code.ts';
import { type DataOptions, type Session, withParts } from '../session.ts';

/** Opens the keys of the data folder; neither the vault nor a workspace is needed for them. */
export function withKeys(session: Session, options: DataOptions, work: (keys: KeyStore) => ExitCode): Promise<void> {
  return withParts(session, options, async (parts) => work(await parts.accessKeys()));
}
