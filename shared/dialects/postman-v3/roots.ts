/**
 * The folder of the collection that a folder belongs to. Below `postman/collections` each folder is a collection, and below
 * any other `collections` that no collection surrounds; elsewhere it is the topmost of the `landmarks`, which are the folders
 * with a definition or a request of their own.
 */
export function rootOf(folder: string, landmarks: ReadonlySet<string>): string {
  const segments = folder === '' ? [] : folder.split('/');
  let topmost: string | undefined;
  for (let count = 0; count <= segments.length; count += 1) {
    const [parent, name] = [segments[count - 2], segments[count - 1]];
    const startsHere = name === 'collections' && (parent === 'postman' || topmost === undefined);
    if (startsHere && count < segments.length) return segments.slice(0, count + 1).join('/');
    const path = segments.slice(0, count).join('/');
    if (landmarks.has(path)) topmost ??= path;
  }
  return topmost ?? folder;
}
