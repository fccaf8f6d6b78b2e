// Which APIs the scripts of the corpora use, and that a script finds nearly all of them here.
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ScriptApi } from '../../shared/script/job.ts';
import { scriptParts } from '../unit/execute/script-parts.ts';
import { probe } from './postman-scripts-keyward.ts';
import { neededApis } from './script-coverage-apis.ts';
import { notOffered } from './script-coverage-missing.ts';
import needs from './script-coverage-needs.json' with { type: 'json' };
import { readScripted } from './script-coverage-read.ts';

const corpora = resolve(import.meta.dirname, '../../../shared/corpora');
const present = existsSync(corpora);
if (!present) console.warn('../shared/corpora is missing: what its scripts use is not counted');

/** Least share of the distinct scripts that find every API they use, of those that the vendor's client has by default. */
const GROUPS: readonly { readonly api: ScriptApi; readonly sets: RegExp; readonly atLeast: number }[] = [
  { api: 'postman', sets: /^postman-/, atLeast: 1 },
  { api: 'insomnia', sets: /^insomnia$/, atLeast: 0.98 },
  { api: 'bruno', sets: /^bruno-tests$|^opencollection$/, atLeast: 0.95 },
];

interface Used {
  /** Every distinct script, with the APIs that it needs; undefined: it is no JavaScript. */
  readonly scripts: ReadonlyMap<string, ReadonlySet<string> | undefined>;
  readonly offered: ReadonlySet<string>;
}

const sandbox = scriptParts().scripts;

describe.skipIf(!present)('every script of the corpora', () => {
  for (const { api, sets, atLeast } of GROUPS) {
    it(`${api}: at least ${atLeast * 100} % have all that they use, and what is not there has a reason`, async () => {
      const { scripts, offered } = await readUsed(api, sets);
      const reasons = notOffered[api];
      const missing = [...counted(scripts)].filter(([name]) => !offered.has(name));
      const nobodys = reasons.filter(({ vendorHas }) => !vendorHas);
      const isThere = (name: string) => offered.has(name) || nobodys.some(({ apis }) => apis.test(name));
      // What is no JavaScript for anybody is left out.
      const readable = [...scripts.values()].filter((used) => used !== undefined);
      const covered = readable.filter((used) => [...used].every(isThere));
      const unexplained = missing.filter(([name]) => !reasons.some(({ apis }) => apis.test(name)));
      console.info(
        `${api}: ${covered.length} of ${readable.length} scripts have all that their client has; not there: ` +
          missing.map(([name, count]) => `${count} × ${name}`).join(', '),
      );
      expect(unexplained).toEqual([]);
      expect(reasons.filter(({ apis }) => !missing.some(([name]) => apis.test(name)))).toEqual([]);
      expect(covered.length / readable.length).toBeGreaterThanOrEqual(atLeast);
    });
  }
});

describe('what the scripts of vendors use, as counted over 9,538 of them', () => {
  it('99.5 % of all, and 98 % of those outside the largest vendor, at most miss what is not there', async () => {
    const offered = await probe(sandbox, 'postman', [...needs.apis.map(([name]) => String(name)), ...needs.subset]);
    expect(needs.subset.filter((name) => !offered.has(name))).toEqual([]);
    const missing = needs.apis.filter(([name]) => !offered.has(String(name)));
    const scripts = missing.reduce((sum, [, count]) => sum + Number(count), 0);
    console.info(`of the APIs counted not there: ${missing.map(([name, count]) => `${count} × ${name}`).join(', ')}`);
    // Each script is counted once for each API that it misses, and all of them as outside the largest vendor.
    expect(scripts / needs.scripts).toBeLessThanOrEqual(0.005);
    expect(scripts / (needs.scripts - needs.largestVendor)).toBeLessThanOrEqual(0.02);
  });
});

async function readUsed(api: ScriptApi, sets: RegExp): Promise<Used> {
  const scripts = new Map<string, ReadonlySet<string> | undefined>();
  for (const set of readdirSync(corpora).filter((name) => sets.test(name))) {
    for (const collection of await readScripted(join(corpora, set))) {
      for (const entry of collection.requests) {
        for (const { source } of entry.open().scripts) {
          if (!scripts.has(source)) scripts.set(source, neededApis(source));
        }
      }
    }
  }
  return { scripts, offered: await probe(sandbox, api, [...counted(scripts).keys()]) };
}

/** Each API with how many scripts use it, most used first. */
function counted(scripts: Used['scripts']): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of [...scripts.values()].flatMap((used) => [...(used ?? [])])) {
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return new Map([...counts].sort(([, one], [, other]) => other - one));
}
