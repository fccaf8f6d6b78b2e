// The vault of the worlds, which is the product's own: made once, and opened as copies, so that one from which handles were deleted has
// the others as they were.
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HandleInfo } from '../../shared/secret/secret-ref.ts';
import { openState } from '../../src/state/open-state.ts';
import { openVault, type Vault } from '../../src/vault/open-vault.ts';
import { must } from '../unit/state/temporary-home.ts';
import { NOW } from './reach-world.ts';

/** What is stored under a name; a value of its own each. */
export type Stored = readonly [name: string, tier: 'reading' | 'writing'];

export interface OpenedHandles {
  readonly vault: Vault;
  readonly handles: readonly HandleInfo[];
  remove(): void;
}

export interface StoredHandles {
  /** Opens a copy without those that are not kept. */
  open(isKept?: (handle: HandleInfo) => boolean): OpenedHandles;
  remove(): void;
}

/** Stores secrets for an origin. */
export function storeHandles(origin: string, stored: readonly Stored[]): StoredHandles {
  const folder = mkdtempSync(join(tmpdir(), 'keyward-reach-vault-'));
  const template = join(folder, 'template');
  const { vault, close } = openIn(template);
  for (const [name, tier] of stored) {
    const value = `value-of-${name}-${tier}-0123456789`;
    must(vault.set({ name, value, tier, origins: [origin], label: `Label of ${name}, ${tier}` }));
  }
  close();
  let copies = 0;
  return {
    open(isKept = () => true) {
      copies += 1;
      const home = join(folder, `copy-${copies}`);
      cpSync(template, home, { recursive: true });
      // Not every version of Node keeps the mode of a folder.
      chmodSync(home, 0o700);
      const copy = openIn(home);
      for (const handle of must(copy.vault.list())) if (!isKept(handle)) must(copy.vault.delete(handle.id));
      return { vault: copy.vault, handles: must(copy.vault.list()), remove: copy.close };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function openIn(home: string) {
  const state = must(openState(home));
  const vault = openVault({ state, keySource: { source: 'key-file' }, now: () => NOW });
  const close = () => {
    vault.close();
    state.close();
  };
  return { vault, close };
}
