// The order in which Bruno lists a collection: at each level the folders, then the requests.

export interface Sequenced {
  readonly name: string;
  readonly seq: number | undefined;
}

/** Folders by name; one with a sequence number takes that place, several of one number stand there together. */
export function sortFolders<T extends Sequenced>(folders: readonly T[]): T[] {
  const byName = [...folders].sort((a, b) => a.name.localeCompare(b.name, 'en'));
  const places = byName.filter(({ seq }) => !isPlace(seq)).map((folder) => [folder]);
  const placed = byName.filter(({ seq }) => isPlace(seq)).sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  for (const folder of placed) {
    const at = (folder.seq ?? 1) - 1;
    const there = places[at];
    if (there && there[0]?.seq === folder.seq) there.push(folder);
    else places.splice(at, 0, [folder]);
  }
  return places.flat();
}

function isPlace(seq: number | undefined): boolean {
  return seq !== undefined && Number.isInteger(seq) && seq > 0;
}

/** Requests by their sequence number; those of one number stay in the order given. */
export function sortRequests<T extends { readonly seq: number }>(requests: readonly T[]): T[] {
  return [...requests].sort((a, b) => a.seq - b.seq);
}
