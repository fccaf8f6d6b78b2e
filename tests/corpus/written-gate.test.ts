// What import and export write of every collection of the corpora passes the last look unchanged.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dialects } from '../../shared/dialects/dialects.ts';
import { createLibrary } from '../../shared/dialects/library.ts';
import { exportFormats } from '../../shared/dialects/writer.ts';
import { writers } from '../../shared/dialects/writers.ts';
import { openCollection, takeSecrets } from '../../shared/export/take-secrets.ts';
import { gateFiles } from '../../shared/export/written-gate.ts';
import { full, sample } from './sample.ts';

const corpora = resolve(import.meta.dirname, '../../../shared/corpora');
const present = existsSync(corpora);
if (!present) console.log('corpus tests skipped: the folder ../shared/corpora is not there');

const FILE = /\.(?:json|ya?ml|bru|http|rest|har|sh|txt|curl)$|^\.env/;
/** Larger descriptions are written by other tests, and take seconds each in six formats. */
const MAX_BYTES = 1_000_000;
/** Of a set of more collections so many are enough. */
const MANY = 8;
const TURNS = 3;

const loaded = await Promise.all(dialects.map((dialect) => dialect.load()));
const sets = present ? readdirSync(corpora).filter((name) => statSync(join(corpora, name)).isDirectory()) : [];

function collectionsOf(set: string) {
  const library = createLibrary(loaded);
  for (const name of readdirSync(join(corpora, set), { recursive: true }).map(String).sort()) {
    const path = join(corpora, set, name);
    if (FILE.test(name) && statSync(path).isFile() && statSync(path).size <= MAX_BYTES)
      library.put(name.replaceAll('\\', '/'), readFileSync(path, 'utf8'));
  }
  return library.documents();
}

/** Of a collection that is a folder there is none. */
function textOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, 'utf8') : '';
}

/** Of a set of many collections each is written in some formats in turn, so that all formats write some of them. */
function formatsOf(index: number, count: number): readonly (typeof exportFormats)[number][] {
  if (full || count < exportFormats.length) return exportFormats;
  return exportFormats.filter((_, at) => at % TURNS === index % TURNS);
}

describe.skipIf(!present)('what is written of the corpora', () => {
  it.each(sets)('P1: %s holds nothing that looks like a credential', async (set) => {
    const { collections, environments } = collectionsOf(set);
    const every = Math.ceil(collections.length / MANY);
    const fired: string[] = [];
    const chosen = sample(collections, every, ({ file }) => textOf(join(corpora, set, file)));
    for (const [index, collection] of chosen.entries()) {
      const own = environments.filter(({ collections: ids }) => ids?.includes(collection.id) ?? true);
      const [writable] = takeSecrets([openCollection(collection, own)]).writable;
      if (!writable) throw new Error('one collection gives one to write');
      for (const format of formatsOf(index, chosen.length)) {
        const { write } = await writers[format]();
        const { changed } = gateFiles(write(writable).files);
        fired.push(...changed.map((path) => `${collection.file} as ${format}: ${path}`));
      }
    }
    expect(fired).toEqual([]);
  });
});
