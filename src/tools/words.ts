/** Whether every word of the query occurs in one of the texts, upper or lower case; an empty query matches all. */
export function matchesWords(query: string | undefined, texts: readonly string[]): boolean {
  const words = (query ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return true;
  const hay = texts.join('\n').toLowerCase();
  return words.every((word) => hay.includes(word));
}
