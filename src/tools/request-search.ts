// The search over requests. Each collection has an index of its own, made when it is first asked for or in the background,
// and kept for as long as the collection is the same: an edited file makes one index anew. No index knows of another
// collection, so hidden ones leave no trace in what is found.
import { derived } from '../../shared/collection/derived.ts';
import { prepareLookup } from '../../shared/collection/lookup.ts';
import type { Collection, RequestEntry, RequestTemplate } from '../../shared/collection/model.ts';
import { shownName } from '../../shared/collection/shown-name.ts';
import { redactProse } from '../../shared/redact/redact-prose.ts';
import type { Query } from '../../shared/search/query.ts';
import { createTextIndex, type SearchDocument } from '../../shared/search/text-index.ts';
import { urlText } from '../execute/template-view.ts';
import { type Seen, visibleCollections } from '../execute/visible.ts';
import { asPresented } from './words.ts';

export interface Listed {
  readonly collection: Collection;
  readonly entry: RequestEntry;
}

/** The requests of a collection in the order of its files. */
export const listedOf = derived((collection: Collection): readonly Listed[] =>
  collection.requests.map((entry) => ({ collection, entry })),
);

/** The folder names of a request joined by "/", as shown. */
export const shownPath = derived((folders: readonly string[]) => folders.map(shownName).join('/'));

/** What matches the query, best first, equally good ones in the order of the files. */
export function searchRequests(collections: readonly Collection[], query: Query): readonly Listed[] {
  const byRank = new Map<number, Listed[]>();
  for (const collection of collections) {
    const all = listedOf(collection);
    indexOf(collection)
      .finish()
      .find(query, (document, rank) => {
        const listed = all[document];
        if (listed) groupOf(byRank, rank).push(listed);
      });
  }
  const found: Listed[] = [];
  for (const [, group] of [...byRank].sort(([a], [b]) => a - b)) for (const listed of group) found.push(listed);
  return found;
}

function groupOf(byRank: Map<number, Listed[]>, rank: number): Listed[] {
  const known = byRank.get(rank);
  if (known) return known;
  const made: Listed[] = [];
  byRank.set(rank, made);
  return made;
}

/** Makes the indexes of what is visible ahead of the first search, in slices of a few milliseconds between other work. */
export async function warmSearch(seen: Seen): Promise<void> {
  for (const collection of visibleCollections(seen)) {
    const index = indexOf(collection);
    while (index.grow(SLICE_REQUESTS)) await pause();
    index.finish();
    prepareLookup(collection);
    await pause();
  }
}

/** Lets others work; a process with nothing else to do may end. */
function pause(): Promise<void> {
  return new Promise((done) => {
    setImmediate(done).unref();
  });
}

const SLICE_REQUESTS = 40;

const indexOf = derived(({ requests }: Collection) => {
  // What a request was opened from stays in memory with it: after a pause the next one need not parse the file again.
  const held: { template?: RequestTemplate | undefined } = {};
  return createTextIndex(requests.length, (at) => {
    const entry = requests[at];
    held.template = entry && tryOpen(entry);
    const document = entry ? documentOf(entry, held.template) : {};
    if (at === requests.length - 1) held.template = undefined;
    return document;
  });
});

/** A request that cannot be opened is a bug of its dialect, and still must not keep the others from being found. */
export function tryOpen(entry: RequestEntry): RequestTemplate | undefined {
  try {
    return entry.open();
  } catch {
    return undefined;
  }
}

/** The texts of a request as the tools show them. */
function documentOf(entry: RequestEntry, template: RequestTemplate | undefined): SearchDocument {
  return {
    name: asPresented(shownName(entry.name)),
    path: asPresented(shownPath(entry.folders)),
    tags: (entry.tags ?? []).map((tag) => asPresented(shownName(tag))).join(' '),
    method: entry.method,
    ...(template && {
      url: asPresented(urlText(template.url)),
      description: asPresented(redactProse(template.description ?? '').text),
    }),
  };
}
