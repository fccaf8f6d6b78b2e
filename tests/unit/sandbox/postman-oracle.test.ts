// Every row of the table in Postman's own sandbox: what it does there is what is expected here, but for the rows that say why not.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jobOf, postmanRows } from './postman-jobs.ts';
import { createPostmanOracle, type PostmanOracle } from './postman-oracle.ts';

let oracle: PostmanOracle;
beforeAll(async () => {
  oracle = await createPostmanOracle();
});
afterAll(() => oracle.close());

describe("Postman's own sandbox", () => {
  test.each(postmanRows)('$name', async (row) => {
    const expected = row.postman ?? row.expected;
    expect(await oracle.run(jobOf(row, (code) => code))).toEqual(expected);
  });
});
