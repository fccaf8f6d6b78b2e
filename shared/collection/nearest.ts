const MAX_COMPARED_CHARS = 60;

/**
 * The names closest to the one asked for, best first, ties in the order given: for "did you mean". A name that shares
 * nothing with the wanted one is left out, so the list can be empty.
 */
export function nearestNames(wanted: string, names: Iterable<string>, count = 3): string[] {
  const folded = fold(wanted);
  const scored: { name: string; score: number }[] = [];
  for (const name of new Set(names)) {
    const score = distance(folded, fold(name));
    if (score !== undefined) scored.push({ name, score });
  }
  return scored
    .sort((a, b) => a.score - b.score)
    .slice(0, count)
    .map(({ name }) => name);
}

function fold(name: string): string {
  return name.slice(0, MAX_COMPARED_CHARS).toLowerCase();
}

/** Undefined where the names have too little in common to be worth showing. */
function distance(wanted: string, name: string): number | undefined {
  if (wanted === '' || name === '') return undefined;
  if (name.includes(wanted) || wanted.includes(name)) return Math.abs(name.length - wanted.length) / 1000;
  const most = Math.max(2, Math.floor(Math.max(wanted.length, name.length) / 2));
  if (Math.abs(wanted.length - name.length) > most) return undefined;
  const edits = editDistance(wanted, name);
  return edits <= most ? edits : undefined;
}

/** Levenshtein distance, two rows at a time. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
