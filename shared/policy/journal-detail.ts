// How much the journal keeps of a collection's executions. Less is a loosening: it takes evidence away.
import type { Named } from './access.ts';
import type { JournalDetail, JournalPolicy, Policy } from './policy.ts';

export const keepsAll: JournalPolicy = { detail: 'full', collections: {} };

/**
 * How much is kept of a collection, by its id and its name; where both are listed, the fuller one holds. A listed `minimal` counts only
 * for a collection that was there when the operator trusted the configuration.
 */
export function journalDetail({ journal, access }: Policy, collection: Named): JournalDetail {
  const listed = listedDetails(journal, collection);
  if (listed.includes('full')) return 'full';
  const isCovered = access.raised?.includes(lessenedMark(collection)) === true;
  return listed.length > 0 && isCovered ? 'minimal' : journal.detail;
}

/** Those of which a configuration that is trusted keeps less than by its default. */
export function listedMinimal<T extends Named>(journal: JournalPolicy, collections: readonly T[]): readonly T[] {
  if (journal.detail === 'minimal') return [];
  return collections.filter((collection) => {
    const listed = listedDetails(journal, collection);
    return listed.includes('minimal') && !listed.includes('full');
  });
}

/** What stands for a collection among the ids that a trusted configuration covers; no id looks so. */
export function lessenedMark({ id }: Pick<Named, 'id'>): string {
  return `journal:${id}`;
}

/** At every name the fuller of two. */
export function fullerJournal(one: JournalPolicy, other: JournalPolicy): JournalPolicy {
  const names = new Set([...Object.keys(one.collections), ...Object.keys(other.collections)]);
  return {
    detail: fuller(one.detail, other.detail),
    collections: Object.fromEntries(
      [...names].map((name) => [name, fuller(detailAt(one, name), detailAt(other, name))]),
    ),
  };
}

function fuller(one: JournalDetail, other: JournalDetail): JournalDetail {
  return one === 'minimal' && other === 'minimal' ? 'minimal' : 'full';
}

// Object.hasOwn: a collection called "constructor" must not find what every object inherits.
function detailAt({ detail, collections }: JournalPolicy, name: string): JournalDetail {
  return (Object.hasOwn(collections, name) ? collections[name] : undefined) ?? detail;
}

function listedDetails({ collections }: JournalPolicy, { id, name }: Named): readonly JournalDetail[] {
  return [...new Set([id, name])].flatMap((key) => {
    const detail = Object.hasOwn(collections, key) ? collections[key] : undefined;
    return detail === undefined ? [] : [detail];
  });
}
