// Whole collections with their scripts, over the network: newman, and execute_request in the order in which newman ran them.
// SCRIPTS=all runs them; they take half a minute.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAnswers, leaves, openRun, runnable, testsOfKeyward, testsOfNewman } from './postman-scripts-run.ts';
import { runDifferences } from './postman-scripts-run-differences.ts';
import type { Collection } from './wire-postman.ts';

const corpora = resolve(import.meta.dirname, '../../../shared/corpora');
const present = existsSync(corpora) && process.env.SCRIPTS === 'all';

describe.skipIf(!present)('collections with scripts, over the network', () => {
  it('the tests of every request say what they say in newman, or why not', async () => {
    const differences: string[] = [];
    const counts = { requests: 0, tests: 0, unanswered: 0 };
    for (const { file, collection } of readCollections()) {
      const answers = createAnswers();
      const stand = await openRun(collection, answers);
      const run = runnable(collection, stand.origin);
      const order: string[] = [];
      const newman = await testsOfNewman(run, stand.folder, (name) => {
        order.push(name);
        answers.expect(run.answers.get(name));
      });
      const keyward = await testsOfKeyward(stand, order, (name) => answers.expect(run.answers.get(name)));
      await stand.close();
      for (const [name, ours] of keyward) {
        const tests = newman.get(name) ?? [];
        if (typeof ours === 'string') {
          counts.unanswered += 1;
          differences.push(`${file} › ${name}: ${ours}`);
          continue;
        }
        counts.requests += 1;
        counts.tests += tests.length;
        const [left, right] = [tests, ours].map((list) => [...list].sort().join('\n'));
        if (left !== right) differences.push(`${file} › ${name}: newman ${left} keyward ${right}`);
      }
    }
    console.info(`${counts.requests} requests, ${counts.tests} tests; ${counts.unanswered} not answered`);
    expect(differences.filter((line) => !runDifferences.some(({ covers }) => covers.test(line)))).toEqual([]);
    expect(runDifferences.filter(({ covers }) => !differences.some((line) => covers.test(line)))).toEqual([]);
  }, 300_000);
});

/** Those of version 2 that have scripts and do not choose their order themselves. */
function readCollections(): { readonly file: string; readonly collection: Collection }[] {
  const sets = readdirSync(corpora).filter((name) => /^postman-(?!v3|stripe)/.test(name));
  return sets.sort().flatMap((set) =>
    readdirSync(join(corpora, set), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json') && statSync(join(corpora, set, file)).isFile())
      .flatMap((file) => {
        const text = readFileSync(join(corpora, set, file), 'utf8').replace(/^\uFEFF/, '');
        if (!/"exec"/.test(text) || /setNextRequest/.test(text) || !/collection\/v2\.[01]\.0\//.test(text)) return [];
        const read: { collection?: Collection } & Collection = JSON.parse(text);
        const collection = read.collection ?? read;
        return leaves(collection.item).length > 0 ? [{ file: `${set}/${file}`, collection }] : [];
      }),
  );
}
