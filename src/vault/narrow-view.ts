import { isNamed } from '../../shared/access/reach.ts';
import type { StoredRecord } from './record.ts';
import type { VaultView } from './session.ts';

const MOST_REACHES = 100;

/**
 * Gives the view of a vault that has only the records which a caller reaches, by name or id; all where `handles` is undefined. Made once
 * for each view, which is another one after every change of the vault.
 */
export function createNarrowViews(): (view: VaultView, handles: readonly string[] | undefined) => VaultView {
  const made = new WeakMap<VaultView, Map<string, VaultView>>();
  return (view, handles) => {
    if (!handles) return view;
    const known = made.get(view) ?? new Map<string, VaultView>();
    made.set(view, known);
    const key = JSON.stringify(handles);
    const found = known.get(key);
    if (found) return found;
    const narrowed = narrow(view, handles);
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size >= MOST_REACHES) known.delete(oldest);
    known.set(key, narrowed);
    return narrowed;
  };
}

function narrow(view: VaultView, handles: readonly string[]): VaultView {
  const reached = (records: ReadonlyMap<string, StoredRecord>) =>
    new Map([...records].filter(([, { policy }]) => isNamed(handles, policy)));
  return { ...view, byId: reached(view.byId), reading: reached(view.reading), writing: reached(view.writing) };
}
