import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readToken, skipValue } from '../../shared/collection/json-tokens.ts';
import type { Collection } from '../../shared/collection/model.ts';
import type { Workspace } from '../../src/execute/ports.ts';
import { openWorkspace } from '../../src/workspace/open-workspace.ts';
import { oracleUrl, urlText } from '../dialects/postman-url-oracle.ts';
import { full } from './sample.ts';

const corpora = resolve(import.meta.dirname, '../../../shared/corpora');
// The set of version 3 is a test of its own.
const sets = existsSync(corpora) ? readdirSync(corpora).filter((name) => /^postman-(?!v3)/.test(name)) : [];
if (sets.length === 0) console.log('corpus tests skipped: the folder ../shared/corpora is not there');

/** What upstream holds on purpose that is not a collection of a supported version. */
const KNOWN_PROBLEMS: Readonly<Record<string, readonly string[]>> = {
  'postman-newman': ['COLLECTION/UNSUPPORTED test/integration/multi-level-folders-v1.postman_collection.json'],
};

/** Collections, requests and environments of each set, as its SOURCE.md states them. */
const COUNTS: Readonly<Record<string, readonly [number, number, number]>> = {
  'postman-adyen': [61, 1_907, 0],
  'postman-brightspace': [12, 129, 0],
  'postman-newman': [59, 166, 12],
  'postman-sas': [3, 27, 0],
  'postman-schemas': [50, 644, 0],
  'postman-stripe': [1, 457, 0],
};

/** To look for a place reads the file up to it: every so many, and of a large file so many in all. */
const EVERY = 4;
const MOST = 25;

for (const set of sets) {
  const root = join(corpora, set);
  const workspace = await open([root]);
  describe(set, () => {
    const collections = workspace.collections().map((collection) => {
      const text = readText(root, collection);
      return { ...collection, text, items: walk(JSON.parse(text)) };
    });

    it('P9: loads every collection and says what it does not support', () => {
      const problems = workspace.problems().map(({ code, facts }) => `${code} ${facts.file}`);
      expect(problems).toEqual(KNOWN_PROBLEMS[set] ?? []);
      const requests = collections.reduce((sum, collection) => sum + collection.requests.length, 0);
      expect([collections.length, requests, workspace.environments().length]).toEqual(COUNTS[set]);
    });

    it('finds as many requests as an independent walk of the JSON, in its order', () => {
      for (const collection of collections) {
        const names = collection.items.map(({ name }) => name ?? '');
        expect(collection.requests.map(({ name }) => name)).toEqual(names);
      }
    });

    it('opens each request, and locates it at the line of its item', () => {
      for (const collection of collections) {
        const { text, requests } = collection;
        const lines = lineStarts(text);
        const every = full ? 1 : Math.max(EVERY, Math.ceil(requests.length / MOST));
        const methods = requests.map((entry) => entry.open().method);
        expect(methods).toEqual(requests.map(({ method }) => method));
        for (const [index, entry] of requests.entries()) {
          if (index % every !== 0) continue;
          const { line = 0, column = 0 } = entry.locate(text);
          const start = (lines[line - 1] ?? Number.NaN) + column - 1;
          const item: Node = JSON.parse(text.slice(start, skipValue(text, readToken(text, start))));
          expect(item.name ?? '').toBe(entry.name);
          expect('request' in item).toBe(true);
        }
      }
    });

    it('reads each URL as postman-collection does', () => {
      const differences: string[] = [];
      for (const collection of collections) {
        collection.requests.forEach((entry, index) => {
          const request = collection.items[index]?.request;
          const ours = urlText(entry.open().url);
          const theirs = oracleUrl(request);
          if (ours !== theirs) differences.push(`${entry.id}\n  ${ours}\n  ${theirs}`);
        });
      }
      expect(differences).toEqual([]);
    });
  });
}

describe.skipIf(sets.length === 0)('all sets at once', () => {
  it('gives every request, collection and environment an id of its own, the same on every load', async () => {
    const roots = sets.map((set) => join(corpora, set));
    const ids = allIds(await open(roots));
    expect(new Set(ids).size).toBe(ids.length);
    expect(allIds(await open(roots))).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^[a-z0-9-]{1,40}-[a-z0-9]{10}$/);
  });
});

/** A collection, a folder or a request, as far as this walk needs it. */
interface Node {
  readonly name?: string;
  readonly request?: unknown;
  readonly item?: readonly Node[];
}

async function open(roots: readonly string[]): Promise<Workspace> {
  const opened = await openWorkspace({ roots, forbidden: [] });
  if (!opened.ok) throw new Error(opened.failure.code);
  return opened.value;
}

function allIds(workspace: Workspace): string[] {
  const collections = workspace.collections();
  const requests = collections.flatMap((collection) => collection.requests);
  return [...collections, ...requests, ...workspace.environments()].map(({ id }) => id);
}

function readText(root: string, collection: Collection): string {
  return readFileSync(join(root, collection.file), 'utf8').replace(/^\uFEFF/, '');
}

function walk(node: Node): Node[] {
  return (node.item ?? []).flatMap((item) => (item.item ? walk(item) : [item]));
}

function lineStarts(text: string): number[] {
  return [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)];
}
