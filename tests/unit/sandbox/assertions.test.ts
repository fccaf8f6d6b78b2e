import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.ts';
import { live, openSandbox, printed, RESPONSE, runScripts, variables } from './bruno-jobs.ts';

interface Row {
  readonly expression: string;
  readonly operator: string;
  readonly value: string;
  readonly passes: boolean;
  /** Bruno's message; absent where it is the engine's own. */
  readonly message?: string;
  /** Where we judge otherwise, and why. */
  readonly ours?: { readonly passes: boolean; readonly why: string };
}

const table = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../vectors/${name}`, import.meta.url), 'utf8')) as T;

const assertions = table<{
  readonly variables: Readonly<Record<string, string>>;
  readonly body: object;
  readonly rows: readonly Row[];
}>('bruno-assertions.json');

describe('assertions of Bruno', () => {
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = openSandbox();
  });
  afterAll(() => sandbox.close());

  it('holds what Bruno holds, in its words', async () => {
    const { tests } = await runScripts(sandbox, 'bruno', {
      tests: '',
      change: {
        assertions: assertions.rows.map(({ expression, operator, value }) => ({
          expression,
          operator,
          value: live.source(value),
        })),
        variables: { environment: variables(assertions.variables) },
        response: { ...RESPONSE, body: JSON.stringify(assertions.body) },
      },
    });
    expect(tests).toHaveLength(assertions.rows.length);
    for (const [at, { expression, operator, value, passes, message, ours }] of assertions.rows.entries()) {
      const test = tests[at];
      const shown = operator.startsWith('is') ? operator : `${operator} ${value}`;
      expect(test?.name).toBe(`${expression}: ${shown}`);
      expect({ shown: test?.name, passed: test?.status === 'passed' }).toEqual({
        shown: test?.name,
        passed: ours?.passes ?? passes,
      });
      if (message !== undefined && ours === undefined) expect(test?.message).toBe(message);
    }
  });

  it('runs assertions after the scripts of the answer and before the tests', async () => {
    const { tests } = await runScripts(sandbox, 'bruno', {
      response: "res.setBody({ hello: 'other' }); test('first', () => {});",
      tests:
        "const { summary } = await bru.getAssertionResults(); test('last', () => expect(summary.passed).to.equal(1));",
      change: { assertions: [{ expression: 'res.body.hello', operator: 'eq', value: 'other' }] },
    });
    expect(tests.map(({ name, status }) => [name, status])).toEqual([
      ['first', 'passed'],
      ['res.body.hello: eq other', 'passed'],
      ['last', 'passed'],
    ]);
  });

  it('runs them where there is no script at all', async () => {
    const { tests } = await runScripts(sandbox, 'bruno', {
      change: { assertions: [{ expression: 'res.status', operator: 'eq', value: '200' }] },
    });
    expect(tests).toEqual([{ name: 'res.status: eq 200', status: 'passed' }]);
  });

  it('says so where a secret is compared, and shows none', async () => {
    const { tests } = await runScripts(sandbox, 'bruno', {
      change: { assertions: [{ expression: 'res.body.hello', operator: 'eq', value: live.source('{{token}}') }] },
    });
    expect(tests).toEqual([
      {
        name: 'res.body.hello: eq {{token}}',
        status: 'failed',
        message: expect.stringContaining('the value is a secret, which no script sees'),
      },
    ]);
  });
});

interface Query {
  readonly path: string;
  readonly finder?: object;
  /** Null is nothing. */
  readonly found: unknown;
}

describe('paths of Bruno', () => {
  it('finds what @usebruno/query finds', async () => {
    const { body, rows } = table<{ readonly body: object; readonly rows: readonly Query[] }>('bruno-queries.json');
    const sandbox = openSandbox();
    const outcome = await runScripts(sandbox, 'bruno', {
      tests: `for (const { path, finder } of ${JSON.stringify(rows)}) console.log(JSON.stringify(res(path, finder) ?? null));`,
      change: { response: { ...RESPONSE, body: JSON.stringify(body) } },
    });
    await sandbox.close();
    expect(printed(outcome).map((line) => JSON.parse(line) as unknown)).toEqual(rows.map(({ found }) => found));
  });
});
