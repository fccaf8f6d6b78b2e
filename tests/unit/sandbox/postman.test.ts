// Postman's API in the built sandbox, over a table that Postman's own sandbox is held against too (postman-oracle.test.ts).
import { afterAll, describe, expect, test } from 'vitest';
import { jobOf, postmanRows } from './postman-jobs.ts';
import { createPostmanStand, seen } from './postman-stand.ts';

const stand = createPostmanStand();
afterAll(() => stand.close());

describe("Postman's scripts", () => {
  test.each(postmanRows)('$name', async (row) => {
    const job = jobOf(row);
    expect(seen(job, await stand.run(job))).toEqual(row.expected);
  });
});
