/** Makes a part at its first use, and gives the same one from then on. */
export function once<T>(make: () => T): () => T {
  let made: { readonly part: T } | undefined;
  return () => {
    made ??= { part: make() };
    return made.part;
  };
}
