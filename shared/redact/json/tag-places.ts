// Where markup may begin in the strings of a JSON text.

const [LESS, SLASH] = [0x3c, 0x2f];

/** The candidates with every `<` before a letter or a slash among them; both are sorted. */
export function withTagPlaces(bytes: Uint8Array, candidates: readonly number[]): readonly number[] {
  const tags = tagPlaces(bytes);
  if (tags.length === 0) return candidates;
  const all: number[] = [];
  let next = 0;
  for (const at of candidates) {
    for (; next < tags.length && (tags[next] ?? at) < at; next += 1) all.push(tags[next] ?? at);
    all.push(at);
  }
  for (; next < tags.length; next += 1) all.push(tags[next] ?? 0);
  return all;
}

function tagPlaces(bytes: Uint8Array): readonly number[] {
  const places: number[] = [];
  for (let at = bytes.indexOf(LESS); at >= 0; at = bytes.indexOf(LESS, at + 1)) {
    const after = bytes[at + 1] ?? 0;
    if (after === SLASH || (after >= 65 && after <= 90) || (after >= 97 && after <= 122)) places.push(at);
  }
  return places;
}
