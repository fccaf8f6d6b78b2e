import { afterEach, describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { createKeptScripting } from '../../../src/execute/kept-scripting.ts';
import type { Running } from '../../../src/execute/running.ts';
import { builtSandbox as scripts } from '../sandbox/built-sandbox.ts';
import { answer, askedBy, posting } from './script-asking.ts';
import { createScriptStand, logged, type ScriptedItem, type ScriptStand, sending } from './script-stand.ts';

let stand: ScriptStand;
afterEach(() => stand.close());

async function open(items: readonly ScriptedItem[]): Promise<ScriptStand> {
  stand = await createScriptStand({ scripts, items: () => items });
  return stand;
}

const POST = posting('/orders');
const LIST = { requestId: 'List' };

describe('an execution that waits for a person', () => {
  it('P7: is begun again where it is not kept any more, and an answer holds for the very same only', async () => {
    const { run, arrived, context } = await open([
      { name: 'List', before: POST },
      { name: 'Random', before: `await pm.sendRequest({ url: '{{base}}/' + Math.random(), method: 'POST' });` },
    ]);
    const same = askedBy(await run(LIST));
    const other = askedBy(await run({ requestId: 'Random' }));
    await context.kept.close();
    // What nobody answered is on record.
    const unanswered = { type: 'denied', failure: 'NETWORK/CANCELLED' };
    expect(stand.journal).toMatchObject([unanswered, unanswered]);
    logged(await run(LIST, answer(same)));
    expect(arrived).toEqual(['POST /orders', 'GET /items']);
    expect(askedBy(await run({ requestId: 'Random' }, answer(other))).digest).not.toBe(other.digest);
    expect(arrived).toHaveLength(2);
  });

  it('keeps no thread from the scripts of others', async () => {
    const { run, arrived } = await open([
      { name: 'List', before: POST },
      { name: 'Plain', before: 'console.log(1);' },
    ]);
    askedBy(await run(LIST));
    expect(logged(await run({ requestId: 'Plain' }))).toEqual(['1']);
    expect(arrived).toEqual(['GET /items']);
  });

  it('is one of so many: the oldest ends, sooner where its script waits', () => {
    const ended: string[] = [];
    const kept = createKeptScripting();
    const keep = (name: string, isWaiting: boolean) => {
      const end = async () => void ended.push(name);
      kept.keep('test', name, { isScriptWaiting: () => isWaiting, end } as Running);
    };
    for (let n = 0; n <= limits.waitingScripts; n += 1) keep(`waiting ${n}`, true);
    expect(ended.splice(0)).toEqual(['waiting 0']);
    for (let n = 0; n <= limits.keptScriptings - limits.waitingScripts; n += 1) keep(`other ${n}`, false);
    expect(ended.splice(0)).toEqual(['waiting 1']);
    keep('other 5', false);
    expect(ended.splice(0)).toEqual(['other 5']);
    expect(kept.take('another', 'other 5')).toBeUndefined();
    expect(kept.take('test', 'other 5')).toBeDefined();
    expect(kept.take('test', 'other 5')).toBeUndefined();
    void kept.close();
    expect(ended).toHaveLength(limits.keptScriptings - 1);
  });

  it('outlives the call in which it began, and ends with the one in which it goes on', async () => {
    const { run, arrived } = await open([{ name: 'List', before: POST }]);
    const first = new AbortController();
    const asked = askedBy(await run(LIST, { signal: first.signal }));
    first.abort();
    const second = new AbortController();
    second.abort();
    expect(await run(LIST, { ...answer(asked), signal: second.signal })).toMatchObject({
      failure: { code: 'NETWORK/CANCELLED' },
    });
    const again = askedBy(await run(LIST));
    logged(await run(LIST, answer(again)));
    expect(arrived).toEqual(['POST /orders', 'GET /items']);
  });

  it('does so without losing of its time', async () => {
    const { run, arrived, context } = await open([{ name: 'List', before: `${POST}\n${sending('{{base}}/read')}` }]);
    let late = 0;
    Object.assign(context, { now: () => Date.now() + late });
    const asked = askedBy(await run(LIST));
    late = limits.maxTimeoutMs;
    expect(logged(await run(LIST, answer(asked)))).toHaveLength(2);
    expect(arrived).toEqual(['POST /orders', 'GET /read', 'GET /items']);
  });
});
