import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { limits } from '../../shared/limits.ts';
import { createStand, type Stand } from '../unit/tools/stand.ts';
import { full } from './sample.ts';

const corpora = resolve(import.meta.dirname, '../../../shared/corpora');
const sets = existsSync(corpora) ? readdirSync(corpora).filter((name) => name.startsWith('postman-')) : [];
if (sets.length === 0) console.log('corpus tests skipped: the folder ../shared/corpora is not there');

/** Describing reads the file again for the line: of a file with more requests than this every thirtieth is taken, of others every fifth. */
const MANY = 100;

describe('describe_request over the corpora', () => {
  let stand: Stand | undefined;
  afterAll(() => stand?.close());

  it.skipIf(sets.length === 0)(
    'P9: succeeds for every request, with its place, within the size of a result',
    async () => {
      stand = await createStand({ files: () => ({}), roots: sets.map((set) => join(corpora, set)) });
      const collections = stand.context.workspace.collections();
      const failed: string[] = [];
      let described = 0;
      for (const { requests, file } of collections) {
        const step = full ? 1 : requests.length > MANY ? 30 : 5;
        for (let at = 0; at < requests.length; at += step) {
          const result = await stand.call('describe_request', { request_id: requests[at]?.id });
          const content = 'structured' in result ? (result.structured as Described | undefined) : undefined;
          described += 1;
          if (content?.source?.line === undefined || result.text.length > limits.resultChars)
            failed.push(`${file}#${at}`);
        }
      }
      expect(failed).toEqual([]);
      expect(stand.bugs).toEqual([]);
      expect(described).toBeGreaterThan(500);
    },
  );
});

interface Described {
  readonly source?: { readonly line?: number };
}
