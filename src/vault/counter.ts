// How many changes of the vault were seen, kept outside of the database, so that an old copy of the whole file shows.
// Best effort: in the keychain it is out of reach of whoever can only write files; as a file it catches a database that
// was put back alone. A lost counter is made anew: it must not lock the operator out of a vault that is whole.
import { unlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { KeySourceKind } from '../../shared/secret/key-source.ts';
import { readPrivateFile, replacePrivateFile } from '../state/private-file.ts';
import type { VaultKeys } from './header.ts';
import type { KeyContext } from './key-context.ts';
import { useKeychain } from './keychain.ts';

const COUNTER_FILE = 'vault.counter';

export interface Counter {
  /** Where it is kept, in words for the operator. */
  readonly place: string;
  /** Undefined where none is kept or none can be read. */
  read(): number | undefined;
  /** Raises the counter; never lowers it. */
  raise(generation: number): void;
  /** For one whose vault keeps another, or none. */
  remove(): void;
}

/** The counter that belongs to a vault whose key has this source. */
export function openCounter(
  { vaultId, key }: Pick<VaultKeys, 'vaultId'> & { readonly key: { readonly source: KeySourceKind } },
  context: KeyContext,
): Counter {
  const kept = PLACES[counterPlace(key.source)](vaultId, context);
  return {
    place: kept.place,
    read: kept.read,
    raise(generation) {
      if ((kept.read() ?? -1) < generation) kept.write(generation);
    },
    remove: kept.remove,
  };
}

/** Sources of one place share the counter of a vault. */
export function counterPlace(source: KeySourceKind): 'keychain' | 'file' | 'nowhere' {
  if (source === 'keychain') return 'keychain';
  return source === 'memory' ? 'nowhere' : 'file';
}

interface Kept {
  readonly place: string;
  read(): number | undefined;
  write(generation: number): void;
  remove(): void;
}

const PLACES: Readonly<Record<ReturnType<typeof counterPlace>, (vaultId: string, context: KeyContext) => Kept>> = {
  keychain: keychainCounter,
  file: fileCounter,
  nowhere: () => ({ place: 'nowhere', read: () => undefined, write: () => undefined, remove: () => undefined }),
};

function keychainCounter(vaultId: string, { makeKeyring }: KeyContext): Kept {
  const account = `vault-counter:${vaultId}`;
  return {
    place: `the keychain item "${account}"`,
    read() {
      const found = useKeychain(makeKeyring, (keyring) => keyring.read(account));
      return found.ok ? parseCount(found.value) : undefined;
    },
    write: (generation) => void useKeychain(makeKeyring, (keyring) => keyring.write(account, String(generation))),
    remove: () => void useKeychain(makeKeyring, (keyring) => keyring.delete(account)),
  };
}

// The vault's id is part of the line: the counter of an earlier vault says nothing about this one.
function fileCounter(vaultId: string, { home }: KeyContext): Kept {
  const path = join(home, COUNTER_FILE);
  return {
    place: `the file ${COUNTER_FILE} of the data folder`,
    read() {
      const text = readPrivateFile(path);
      const [id, count] = text.ok ? (text.value ?? '').trim().split(' ') : [];
      return id === vaultId ? parseCount(count) : undefined;
    },
    write: (generation) => void replacePrivateFile(path, `${vaultId} ${generation}\n`),
    remove() {
      try {
        unlinkSync(path);
      } catch {
        // None is kept; or it stays, and says less than the one that is used now.
      }
    },
  };
}

function parseCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
