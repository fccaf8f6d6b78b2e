// How many changes of the vault were seen, kept outside of the database, so that an old copy of the whole file shows.
// Best effort: in the keychain it is out of reach of whoever can only write files; as a file it catches a database that
// was put back alone. A lost counter is made anew: it must not lock the operator out of a vault that is whole.
import { join } from 'node:path';
import { readPrivateFile, replacePrivateFile } from '../state/private-file.ts';
import type { VaultKeys } from './header.ts';
import type { KeyContext } from './key-source.ts';
import { useKeychain } from './keychain.ts';

const COUNTER_FILE = 'vault.counter';

export interface Counter {
  /** Where it is kept, in words for the operator. */
  readonly place: string;
  /** Undefined where none is kept or none can be read. */
  read(): number | undefined;
  /** Raises the counter; never lowers it. */
  raise(generation: number): void;
}

export function openCounter(keys: VaultKeys, context: KeyContext): Counter {
  const kept =
    keys.key.source === 'keychain' ? keychainCounter(keys.vaultId, context) : fileCounter(keys.vaultId, context.home);
  return {
    place: kept.place,
    read: kept.read,
    raise(generation) {
      if ((kept.read() ?? -1) < generation) kept.write(generation);
    },
  };
}

interface Kept {
  readonly place: string;
  read(): number | undefined;
  write(generation: number): void;
}

function keychainCounter(vaultId: string, { makeKeyring }: KeyContext): Kept {
  const account = `vault-counter:${vaultId}`;
  return {
    place: `the keychain item "${account}"`,
    read() {
      const found = useKeychain(makeKeyring, (keyring) => keyring.read(account));
      return found.ok ? parseCount(found.value) : undefined;
    },
    write: (generation) => void useKeychain(makeKeyring, (keyring) => keyring.write(account, String(generation))),
  };
}

// The vault's id is part of the line: the counter of an earlier vault says nothing about this one.
function fileCounter(vaultId: string, home: string): Kept {
  const path = join(home, COUNTER_FILE);
  return {
    place: `the file ${COUNTER_FILE} of the data folder`,
    read() {
      const text = readPrivateFile(path);
      const [id, count] = text.ok ? (text.value ?? '').trim().split(' ') : [];
      return id === vaultId ? parseCount(count) : undefined;
    },
    write: (generation) => void replacePrivateFile(path, `${vaultId} ${generation}\n`),
  };
}

function parseCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
