/** Whether a JSON-like value nests no deeper than so many levels of lists and objects. Looks no deeper itself. */
export function nestsWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => nestsWithin(inner, levels - 1));
}
