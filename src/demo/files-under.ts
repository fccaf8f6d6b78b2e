import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Every file in a folder and the folders in it, with its bytes. */
export function filesUnder(folder: string): { name: string; bytes: Buffer }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: entry.name, bytes: readFileSync(join(entry.parentPath, entry.name)) }));
}
