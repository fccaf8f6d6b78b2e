// Each library is asked the same in the sandbox and in Node. Names of others: Postman has version 6 of ajv.
import { createRequire } from 'node:module';
import { afterAll, describe, expect, it } from 'vitest';
import type { ScriptApi } from '../../../shared/script/job.ts';
import table from '../../vectors/guest-libraries.json' with { type: 'json' };
import { createScriptStand } from './script-stand.ts';

interface Row {
  readonly name: string;
  readonly expression: string;
  readonly api?: string;
}

const stand = createScriptStand();
afterAll(() => stand.close());

const nodeRequire = createRequire(import.meta.url);

function inNode({ expression, api = 'postman' }: Row): unknown {
  const required = (name: string): unknown => nodeRequire(name === 'ajv' && api === 'postman' ? 'ajv6' : name);
  const evaluate = new Function('require', `return JSON.stringify(${expression});`) as (load: unknown) => string;
  return JSON.parse(evaluate(required));
}

async function inSandbox(rows: readonly Row[], api: ScriptApi): Promise<unknown[]> {
  const entries = rows.map(
    ({ expression }, at) => `try { keep('result${at}', JSON.stringify(${expression})); }
      catch (error) { keep('result${at}', JSON.stringify({ thrown: String(error) })); }`,
  );
  const { kept, outcome } = await stand.run(entries.join('\n'), api);
  expect(outcome.error).toBeUndefined();
  return rows.map((_, at) => JSON.parse(kept[`result${at}`] ?? 'null') as unknown);
}

describe.each(['postman', 'bruno'] as const)('libraries for scripts of %s', (api) => {
  const rows: readonly Row[] = table.same.filter((row: Row) => (row.api ?? 'postman') === api);
  const results = inSandbox(rows, api);
  it.each(rows.map((row, at) => ({ ...row, at })))('$name is as in Node', async ({ at, ...row }) => {
    expect((await results)[at]).toEqual(inNode(row));
  });
});

describe('libraries that are made for scripts', () => {
  const results = inSandbox(table.own, 'postman');
  it.each(table.own.map((row, at) => ({ ...row, at })))('$name', async ({ at, gives }) => {
    expect((await results)[at]).toEqual(gives);
  });
});
