// Composes what the data folder keeps beside the vault. Each is loaded when it is first needed.
import { once } from '../shared/once.ts';
import type { State } from './state/state.ts';

/** `now` gives milliseconds since the epoch. */
export function createKeptHalf(state: () => Promise<State>, now: () => number) {
  return {
    trust: once(async () => {
      const { createTrustStore } = await import('./state/trust.ts');
      return createTrustStore(await state(), now);
    }),
    journal: once(async () => {
      const { openJournal } = await import('./journal/open-journal.ts');
      return openJournal({ state: await state(), now });
    }),
    accessKeys: once(async () => {
      const { createKeyStore } = await import('./access/key-store.ts');
      return createKeyStore({ state: await state(), now });
    }),
    approvals: once(async () => {
      const { createApprovalStore } = await import('./approvals/approval-store.ts');
      return createApprovalStore(await state(), now);
    }),
  };
}
