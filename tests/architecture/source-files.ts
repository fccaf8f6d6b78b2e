import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '../..');

export interface SourceFile {
  /** Repository-relative path with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** Every TypeScript file below the folders, in order. */
export function sourceFiles(...folders: string[]): SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.includes('node_modules'))
      .sort()
      .map((path) => ({ path: relative(root, path).replaceAll('\\', '/'), text: readFileSync(path, 'utf8') })),
  );
}

export interface Import {
  readonly target: string;
  readonly names: readonly string[];
  readonly typeOnly: boolean;
}

const STATIC = /(?<!['"`])\b(import|export)\s+(type\s+)?([^'"`;]*?)\s*from\s*['"]([^'"]+)['"]/g;
const BARE = /(?<!['"`])\bimport\s*['"]([^'"]+)['"]/g;
const DYNAMIC = /\b(?:import|require|requireHere|requireFrom)\s*\(\s*([^)]*?)\s*\)/g;

/** Every import of a file, with specifiers normalised to a repository path, `node:x` or `npm:x`. */
export function importsOf(file: SourceFile): Import[] {
  const text = file.text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const found: Import[] = [];
  for (const [, , type, clause = '', specifier = ''] of text.matchAll(STATIC)) {
    const names = clause
      .replace(/[{}]/g, ' ')
      .split(',')
      .map((part) => part.trim().split(/\s+as\s+/)[0] ?? '');
    found.push({ target: normalise(file.path, specifier), names: names.filter(Boolean), typeOnly: Boolean(type) });
  }
  for (const [, specifier = ''] of text.matchAll(BARE))
    found.push({ target: normalise(file.path, specifier), names: [], typeOnly: false });
  for (const [, argument = ''] of text.matchAll(DYNAMIC)) {
    const literal = /^['"]([^'"]+)['"]$/.exec(argument)?.[1];
    found.push({ target: literal ? normalise(file.path, literal) : 'computed:', names: [], typeOnly: false });
  }
  return found;
}

function normalise(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return relative(root, resolve(root, dirname(from), specifier)).replaceAll('\\', '/');
  if (specifier.startsWith('node:')) return specifier;
  const parts = specifier.split('/');
  return `npm:${specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]}`;
}

export function matches(pattern: string, target: string): boolean {
  return pattern.endsWith('**') ? target.startsWith(pattern.slice(0, -2)) : pattern === target;
}
