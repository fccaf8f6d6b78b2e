import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** The input files of a case folder, by workspace-relative path. */
export function inputsOf(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true }).map((name) => String(name).replaceAll('\\', '/'));
  const inputs = names.filter((name) => name.startsWith('input') && statSync(join(folder, name)).isFile()).sort();
  return new Map(inputs.map((name) => [name.replace(/^input\//, ''), readFileSync(join(folder, name), 'utf8')]));
}
