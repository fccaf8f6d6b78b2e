// The scripts of Postman's collections, in our sandbox and in the one that newman runs them in: on the same request and the same answer.
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptParts } from '../unit/execute/script-parts.ts';
import { readScriptCases, type ScriptCase } from './postman-scripts-cases.ts';
import { compareObserved, type ScriptDifference } from './postman-scripts-compare.ts';
import { leftOut, scriptDifferences } from './postman-scripts-differences.ts';
import { runInKeyward } from './postman-scripts-keyward.ts';
import type { Observed } from './postman-scripts-observed.ts';
import { createOracle, type Oracle } from './postman-scripts-oracle.ts';
import { hasCorpora } from './wire-draw.ts';

const corpora = resolve(import.meta.dirname, '../../../shared/corpora');
const present = hasCorpora(corpora);
if (!present) console.warn('../shared/corpora is missing: the comparison of scripts with newman is skipped');

// SCRIPTS=all runs every distinct script, and also looks for explanations that nothing needs any more.
const all = process.env.SCRIPTS === 'all';
const EVERY = all ? 1 : 13;
const AT_LEAST = all ? 340 : 25;

interface Ran {
  readonly found: ScriptCase;
  readonly newman: Observed;
  readonly keyward: Observed;
}

describe.skipIf(!present)('scripts of Postman, equal to newman', () => {
  const ran: Ran[] = [];
  let oracle: Oracle;

  beforeAll(async () => {
    oracle = await createOracle();
    const sandbox = scriptParts().scripts;
    const cases = (await readScriptCases(corpora, EVERY)).filter(
      ({ scripts }) => !leftOut.some(({ is }) => scripts.some(({ source }) => is(source))),
    );
    for (const found of cases) {
      ran.push({ found, newman: await oracle.run(found), keyward: await runInKeyward(sandbox, found) });
    }
  }, 60_000);
  afterAll(() => oracle?.close());

  it(`runs the scripts of at least ${AT_LEAST} requests`, () => {
    const tests = ran.flatMap(({ keyward }) => keyward.tests);
    const count = (status: string) => tests.filter((test) => test.status === status).length;
    const unsupported = ran.flatMap(({ keyward }) => keyward.unsupported);
    console.info(
      `scripts of ${ran.length} requests: ${count('passed')} tests passed, ${count('failed')} failed, ${count('skipped')} skipped; ` +
        `newman the same ${ran.flatMap(({ newman }) => newman.tests).length}; unsupported: ${unsupported.join(', ') || 'none'}`,
    );
    expect(ran.length).toBeGreaterThanOrEqual(AT_LEAST);
  });

  it('every difference is explained, and in a run of all every explanation is needed', () => {
    const differences = ran.flatMap(({ found, newman, keyward }) =>
      compareObserved(newman, keyward).map((difference) => ({ id: found.id, ...difference })),
    );
    const isExplained = (difference: ScriptDifference) => scriptDifferences.some((row) => row.covers(difference));
    expect(differences.filter((difference) => !isExplained(difference)).map(toLine)).toEqual([]);
    if (!all) return;
    const stale = scriptDifferences.filter((row) => !differences.some((difference) => row.covers(difference)));
    expect(stale.map(({ what }) => what)).toEqual([]);
  });
});

function toLine({ id, part, where, newman, keyward }: ScriptDifference & { readonly id: string }): string {
  return `${id}: ${part} ${where}: newman ${newman}, keyward ${keyward}`;
}
