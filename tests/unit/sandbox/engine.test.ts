// The sandbox as executions see it: threads that are thrown away and replaced, time that is counted, and calls of the host.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import type { ScriptCall } from '../../../shared/script/job.ts';
import { createStand, jobOf, NO_REPLY, type Stand } from './engine-stand.ts';

const NOW = Date.UTC(2026, 0, 2);
const ASK = `const ask = () => host.call(JSON.stringify({ kind: 'run', request: 'Other' }));`;

let stand: Stand;
beforeAll(async () => {
  stand = await createStand({ fixed: { nowMs: NOW, seed: 7 } });
});
afterAll(() => stand.sandbox.close());

describe('a run', () => {
  it('P6: is ended where nothing inside could end it, and the next one is served', async () => {
    const ran = await stand.run('[].lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)', { timeMs: 100 });
    expect(ran.said).toBe('SCRIPT/TIME_LIMIT');
    expect((await stand.run('say("next")')).said).toBe('"next"');
  });

  it.each<{ readonly source: string; readonly timeMs?: number; readonly code: string }>([
    { source: 'for (;;);', timeMs: 200, code: 'SCRIPT/TIME_LIMIT' },
    {
      source: 'for (;;) { try { for (;;); } catch { } finally { for (;;); } }',
      timeMs: 200,
      code: 'SCRIPT/TIME_LIMIT',
    },
    { source: 'const kept = []; for (;;) kept.push(new Uint8Array(1e7))', code: 'SCRIPT/MEMORY_LIMIT' },
    { source: 'throw 1', code: 'SCRIPT/OUTPUT_LIMIT' },
    { source: `host.done("x".repeat(${limits.scriptOutputChars + 1}))`, code: 'SCRIPT/OUTPUT_LIMIT' },
    { source: 'host.done("no JSON")', code: 'SCRIPT/OUTPUT_LIMIT' },
    { source: 'host.done({ toString() { throw 1 } })', code: 'SCRIPT/OUTPUT_LIMIT' },
    { source: `for (let i = 0; i <= ${limits.scriptTimers}; i++) host.timer(i, 5)`, code: 'SCRIPT/OUTPUT_LIMIT' },
    { source: `${ASK} for (let i = 0; i < 21; i++) ask()`, code: 'SCRIPT/TOO_MANY_SENDS' },
    { source: 'host.timer(1, 60_000)', timeMs: 200, code: 'SCRIPT/TIME_LIMIT' },
    { source: '', timeMs: 200, code: 'SCRIPT/TIME_LIMIT' },
  ])('P6: of $source fails with $code, and the next one is served', async ({ source, timeMs = 20_000, code }) => {
    expect((await stand.run(source, { timeMs })).said).toBe(code);
    expect((await stand.run('say(typeof kept)')).said).toBe('"undefined"');
  });

  it.each([
    '(function f() { f() })()',
    'eval("(".repeat(1e5) + ")".repeat(1e5))',
    'JSON.parse("[".repeat(1e6))',
    'const o = { toString() { return "" + o } }; "" + o',
  ])('meets the limit of the engine before that of the thread in %s', async (source) => {
    expect((await stand.run(`try { ${source} } catch (error) { say(error.message) }`)).said).toBe('"stack overflow"');
  });

  it('is told where it is too large before it is begun', async () => {
    const { sandbox } = stand;
    const options = { timeMs: 100, host: async () => NO_REPLY, signal: new AbortController().signal };
    const job = jobOf('x'.repeat(limits.scriptSourceChars + 1));
    const bodies = ['x'.repeat(limits.scriptBodyChars), '\u6f22'.repeat(limits.scriptJobBytes / 3)];
    const large = [
      job,
      ...bodies.map((text) => ({ ...jobOf(''), request: { ...job.request, body: { kind: 'raw' as const, text } } })),
    ];
    for (const each of large) {
      expect(await sandbox.run(each, options)).toMatchObject({ ok: false, failure: { code: 'SCRIPT/TOO_LARGE' } });
    }
  });

  it('is told what is wrong with what it gives back', async () => {
    const problems = await Promise.all(
      ['host.done(Symbol())', `host.done("x".repeat(${limits.scriptOutputChars + 1}))`].map(async (source) => {
        const { result } = await stand.run(source);
        return result.ok ? undefined : result.failure.facts.problem;
      }),
    );
    expect(problems).toEqual(['something that cannot be read', `more than ${limits.scriptOutputChars} characters`]);
  });

  it('has the clock and the randomness that it is given, and the same again', async () => {
    const draw =
      'say([Date.now(), new Date().toISOString(), Math.random() < 1, host.dynamic("$timestamp"), host.dynamic("$guid").length])';
    const { said } = await stand.run(draw);
    expect(JSON.parse(said)).toEqual([NOW, '2026-01-02T00:00:00.000Z', true, String(NOW / 1000), 36]);
    const own = await Promise.all([1, 2].map(async () => createStand({ fixed: { nowMs: NOW, seed: 7 } })));
    const drawn = await Promise.all(
      own.map((each) => each.run('say([Math.random(), host.dynamic("$randomFirstName")])')),
    );
    expect(drawn[0]?.said).toBe(drawn[1]?.said);
    await Promise.all(own.map(({ sandbox }) => sandbox.close()));
  });

  it('has timers that fire in the order of their delays, and those without one at once', async () => {
    const { said } = await stand.run(`
      const fired = [];
      guest.onResume = (kind, id) => { fired.push(id); if (fired.length === 4) say(fired) };
      host.timer(1, 20); host.timer(2, 1); host.timer(3, 0); host.timer(4, NaN); host.timer(5, 10); host.clearTimer(5);
      Promise.resolve().then(() => fired.push('job'));
    `);
    expect(said).toBe('["job",3,4,2]');
  });
});

describe('a call of the host', () => {
  it('is answered, and its time is not the script’s', async () => {
    const seen: ScriptCall[] = [];
    const host = async (call: ScriptCall) => {
      seen.push(call);
      await new Promise((done) => setTimeout(done, 150));
      return NO_REPLY;
    };
    const source = `${ASK} guest.onResume = (kind, id, text) => say([kind, id, JSON.parse(text).code]); ask()`;
    expect((await stand.run(source, { timeMs: 100, host })).said).toBe('["reply",1,"NONE"]');
    expect(seen).toEqual([{ kind: 'run', request: 'Other' }]);
  });

  it('P6: does not stop the time of a script that goes on computing', async () => {
    const host = () => new Promise<never>(() => undefined);
    const { said } = await stand.run(`${ASK} ask(); [].lastIndexOf.call({ length: 2 ** 53 - 1 }, 1)`, {
      timeMs: 100,
      host,
    });
    expect(said).toBe('SCRIPT/TIME_LIMIT');
  });

  it.each<{ readonly given: string; readonly source: string; readonly passedOn: number }>([
    { given: 'cannot be read', source: 'host.call("{}")', passedOn: 0 },
    { given: 'nests too deep', source: 'host.call("[".repeat(1e5) + "]".repeat(1e5))', passedOn: 0 },
    {
      given: 'is too long with those before it',
      source: `const ask = (chars) => host.call(JSON.stringify({ kind: 'run', request: 'x'.repeat(chars) }));
        ask(1); ask(${limits.scriptOutputChars - 200}); ask(200)`,
      passedOn: 2,
    },
    {
      given: 'has too many values with those before it',
      source: `const headers = Array.from({ length: 1000 }, () => ({ name: '', value: '', enabled: true }));
        for (let i = 0; i < 20; i++) host.call(JSON.stringify({ kind: 'send', request: { ...job.request, headers }, derived: [] }))`,
      passedOn: 7,
    },
  ])('P6: that $given ends the run', async ({ source, passedOn }) => {
    let calls = 0;
    const host = async () => {
      calls += 1;
      return NO_REPLY;
    };
    expect((await stand.run(source, { host })).said).toBe('SCRIPT/OUTPUT_LIMIT');
    expect(calls).toBe(passedOn);
    expect((await stand.run('say(1)')).said).toBe('1');
  });

  it('that its host fails to answer is answered', async () => {
    const source = `${ASK} guest.onResume = (kind, id, text) => say(JSON.parse(text).code); ask()`;
    const host = () => Promise.reject(new Error('planted'));
    expect((await stand.run(source, { host })).said).toBe('"INTERNAL/BUG"');
  });

  it('does not take the time in which this thread is busy for the script’s', async () => {
    const source = `${ASK} guest.onResume = () => { for (let i = 0; i < 2e5; i++); say(1) }; ask()`;
    const ran = stand.run(source, { timeMs: 200 });
    await new Promise(setImmediate);
    const begun = performance.now();
    while (performance.now() - begun < 250);
    expect((await ran).said).toBe('1');
  });

  it('that nobody answers ends with the call of the agent', async () => {
    const ended = new AbortController();
    const host = () => {
      ended.abort();
      return new Promise<never>(() => undefined);
    };
    expect((await stand.run(`${ASK} ask()`, { host, signal: ended.signal })).said).toBe('NETWORK/CANCELLED');
    expect((await stand.run('say(1)', { signal: ended.signal })).said).toBe('NETWORK/CANCELLED');
    expect((await stand.run('say(1)')).said).toBe('1');
  });
});

describe('the pool', () => {
  it('serves more runs than it has threads, each by itself', async () => {
    const source = (n: number) => `globalThis.seen = (globalThis.seen ?? 0) + 1; say([${n}, seen])`;
    const ran = await Promise.all(Array.from({ length: 6 }, (_, n) => stand.run(source(n))));
    expect(ran.map(({ said }) => said)).toEqual(Array.from({ length: 6 }, (_, n) => `[${n},1]`));
  });

  it('lets go of a run that is cancelled while it waits', async () => {
    const ended = new AbortController();
    const first = stand.run('say(1)');
    const second = stand.run('say(2)', { signal: ended.signal });
    ended.abort();
    expect([(await first).said, (await second).said]).toEqual(['1', 'NETWORK/CANCELLED']);
  });

  it('answers everything that still runs or waits when it is closed, and nothing after that', async () => {
    const own = await createStand();
    const ran = [own.run('for (;;);'), own.run('say(1)')];
    await own.run('say(1)', { signal: AbortSignal.abort() });
    await own.sandbox.close();
    expect((await Promise.all(ran)).map(({ said }) => said)).toEqual(['SCRIPT/CRASHED', 'SCRIPT/CRASHED']);
    expect((await own.run('say(1)')).said).toBe('SCRIPT/CRASHED');
  });

  it('P7: runs nothing where its image cannot be had or is another one', async () => {
    const worker = join(import.meta.dirname, '../../../dist/src/sandbox/worker.js');
    for (const image of [join(import.meta.dirname, 'none.bin'), import.meta.filename]) {
      const own = await createStand({ files: { worker, image } });
      own.sandbox.warm();
      expect((await own.run('say(1)')).said).toBe('SCRIPT/UNAVAILABLE');
      await own.sandbox.close();
    }
  });
});
