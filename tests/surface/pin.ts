// A pin holds what outsiders may rely on as a file in the tree. A change shows in the diff of that file, made on purpose
// with UPDATE=1, never by the way.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

export function pinned(path: string): string {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

/** The pinned text to compare with, after writing it anew where UPDATE=1 asks for that. */
export function pin(path: string, actual: string): string {
  if (process.env.UPDATE === '1') {
    const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, actual);
  }
  return pinned(path);
}

export function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
