// What the worlds of these tests have in common: one API, one set of files, one vault, and the callers.
import type { Reach } from '../../shared/access/reach.ts';
import type { Principal } from '../../shared/policy/policy.ts';
import { reachFiles, reachHandles } from './reach-files.ts';
import { storeHandles } from './reach-vault.ts';
import { openFiles, openNetwork, startApi, type WorldParts } from './reach-world.ts';

export async function openReachStand() {
  const api = await startApi();
  const network = openNetwork(api.origin);
  const files = reachFiles(api.origin);
  const whole = await openFiles(files);
  const stored = storeHandles(api.origin, reachHandles);
  const secrets = stored.open();
  return {
    api,
    network,
    files,
    /** With nothing left out. */
    whole,
    stored,
    secrets,
    parts: (): WorldParts => ({ workspace: whole.workspace, vault: secrets.vault, origin: api.origin, network }),
    async close() {
      whole.remove();
      secrets.remove();
      stored.remove();
      await network.close();
      await api.close();
    },
  };
}

export function caller(id: string, reach?: Reach): Principal {
  return { id, kind: 'http', ...(reach && { reach }) };
}
