// The collections of a set of the corpora that may have scripts, read by our dialects.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Collection } from '../../shared/collection/model.ts';
import { dialects } from '../../shared/dialects/dialects.ts';
import { createLibrary } from '../../shared/dialects/library.ts';

/** `folder` is a set's. JSON files of Postman without scripts are left out, which is most of their text. */
export async function readScripted(folder: string): Promise<readonly Collection[]> {
  const library = createLibrary(await Promise.all(dialects.map((dialect) => dialect.load())));
  const files = readdirSync(folder, { recursive: true }).map((name) => String(name).replaceAll('\\', '/'));
  for (const file of files.sort()) {
    if (!/\.(?:json|ya?ml|bru)$/.test(file) || !statSync(join(folder, file)).isFile()) continue;
    const text = readFileSync(join(folder, file), 'utf8').replace(/^\uFEFF/, '');
    if (!/"item"\s*:/.test(text) || /"exec"\s*:/.test(text)) library.put(file, text);
  }
  return library.documents().collections;
}
