// Paths as `expect(body).to.have.jsonBody('data[0]["a.b"].name')` writes them.

export type Found = { readonly found: true; readonly value: unknown } | { readonly found: false };

const STEP = /\.|\[(?:"((?:\\"|[^"])*)"|'((?:\\'|[^'])*)'|([^\]]*))\]|([^.[]+)/g;

/** Own members only. */
export function valueAtPath(source: unknown, path: string): Found {
  let value = source;
  for (const [step, double, single, index, bare] of path.matchAll(STEP)) {
    if (step === '.') continue;
    const key = double?.replaceAll('\\"', '"') ?? single?.replaceAll("\\'", "'") ?? index ?? bare ?? '';
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return { found: false };
    value = Object.getOwnPropertyDescriptor(value, key)?.value;
  }
  return { found: true, value };
}
