// Every YAML file of the corpora by the fast reader and by the `yaml` package: the same values at the same places.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { createYamlLocator } from '../../shared/collection/yaml.ts';
import { compareReaders, packageValue } from '../unit/collection/yaml-oracle.ts';

const root = resolve(import.meta.dirname, '../../../shared/corpora');
const isThere = existsSync(root);
if (!isThere) console.log('corpus tests skipped: the folder ../shared/corpora is not there');

const files = isThere
  ? readdirSync(root, { recursive: true })
      .map((file) => String(file).replaceAll('\\', '/'))
      .filter((file) => /\.ya?ml$/.test(file))
  : [];
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Counted with find, grep and the package alone: files by set, and those of them that are no YAML 1.2. */
const COUNTS: Readonly<Record<string, readonly [files: number, broken: number]>> = {
  'bruno-tests': [147, 0],
  insomnia: [52, 0],
  openapi: [21, 0],
  // Postman indents the lines of quoted bodies too little.
  'postman-v3-pypnm': [174, 21],
};

type Path = readonly (string | number)[];

/** The places of all values of a document whose keys are texts, by the package's own account. */
function* placesOf(node: unknown, lines: LineCounter, path: Path): Generator<[Path, { line: number; column: number }]> {
  if (!isNode(node) || !node.range) return;
  const { line, col } = lines.linePos(node.range[0]);
  yield [path, { line, column: col }];
  if (isSeq(node)) for (const [index, item] of node.items.entries()) yield* placesOf(item, lines, [...path, index]);
  if (!isMap(node)) return;
  for (const { key, value } of node.items) {
    if (isScalar<Node>(key)) yield* placesOf(value, lines, [...path, String(key.value)]);
  }
}

describe.runIf(isThere)('every YAML file', () => {
  it('is read fast and as the package reads it, but for those that are no YAML', () => {
    const counts: Record<string, [number, number]> = {};
    const left: string[] = [];
    for (const file of files) {
      const text = read(file);
      const outcome = compareReaders(text);
      const isSound = packageValue(text) !== undefined;
      const set = file.split('/')[0] ?? '';
      const [all, broken] = counts[set] ?? [0, 0];
      counts[set] = [all + 1, broken + (isSound ? 0 : 1)];
      if (outcome !== (isSound ? 'same' : 'given up')) left.push(`${file}: ${outcome}`);
    }
    expect(left).toEqual([]);
    expect(counts).toEqual(COUNTS);
  });

  it('has its values where the package finds them', () => {
    const wrong: unknown[] = [];
    let count = 0;
    for (const [index, file] of files.entries()) {
      const text = read(file);
      if (index % 4 !== 0 || compareReaders(text) !== 'same') continue;
      const lines = new LineCounter();
      const { contents } = parseDocument(text, { lineCounter: lines });
      const locate = createYamlLocator(text);
      for (const [path, place] of placesOf(contents, lines, [])) {
        count += 1;
        const found = locate(path);
        if (found?.line !== place.line || found.column !== place.column) wrong.push([file, path, place, found]);
      }
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(4_000);
  });
});
