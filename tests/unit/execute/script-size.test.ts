import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { builtSandbox as scripts } from '../sandbox/built-sandbox.ts';
import { askedBy, posting } from './script-asking.ts';
import { createScriptStand, logged, type ScriptedItem, type ScriptStand } from './script-stand.ts';

let stand: ScriptStand;
afterEach(() => stand.close());

async function open(
  items: readonly ScriptedItem[],
  answer?: (url: string | undefined, response: ServerResponse) => void,
): Promise<ScriptStand> {
  stand = await createScriptStand({
    scripts,
    items: () => items,
    ...(answer && { answer: ({ url }, response) => answer(url, response) }),
  });
  return stand;
}

const CREATE = { requestId: 'Create' };

describe('what scripts make of variables and requests', () => {
  const nested = (depth: number) =>
    `let x = '{{vault:API_KEY}}';\nfor (let i = 0; i < ${depth}; i += 1) x = btoa(x.repeat(8));`;
  const writes = (set: string, depth: number) =>
    `${nested(depth)}\nfor (let i = 0; i < 90; i += 1) ${set}('v' + i, x + x + x);`;
  const body = `${nested(5)}\nx = x.repeat(90);`;

  for (const [what, script] of [
    ['local variables', writes('pm.variables.set', 5)],
    ['variables that are kept', writes('pm.environment.set', 5)],
    ['the request', `${body}\npm.request.body.update({ mode: 'raw', raw: x });`],
  ] as const) {
    it(`P12: is bounded, computations counted wherever they stand: ${what}`, async () => {
      const rest = { body: { mode: 'raw', raw: 'x' } };
      const { run, arrived } = await open([{ name: 'Create', method: 'POST', before: script, rest }]);
      expect(await run(CREATE)).toMatchObject({ failure: { code: 'SCRIPT/OUTPUT_LIMIT' } });
      expect(arrived).toEqual([]);
    });
  }

  it('P12: is bounded for what they send', async () => {
    const send = posting('/x', { body: { mode: 'raw', raw: 'X' } }).replace('"X"', 'x');
    const { run, arrived } = await open([{ name: 'List', before: `${body}\n${send}` }]);
    expect(logged(await run({ requestId: 'List' }))[0]).toMatch(/^failed SCRIPT\/OUTPUT_LIMIT/);
    expect(arrived).toEqual(['GET /items']);
  });

  it('P8: have a digest that tells apart what differs deep inside of a computation', async () => {
    const script = `${nested(2)}\npm.variables.set('v', btoa(x + (await pm.sendRequest('{{base}}/n')).text()));`;
    let times = 0;
    const { run } = await open([{ name: 'Create', method: 'POST', before: script }], (_, response) => {
      times += 1;
      response.end(times < 3 ? 'one' : 'another');
    });
    const digests = [];
    for (let n = 0; n < 3; n += 1) digests.push(askedBy(await run(CREATE)).digest);
    expect(digests[0]).toBe(digests[1]);
    expect(digests[2]).not.toBe(digests[1]);
  });
});
