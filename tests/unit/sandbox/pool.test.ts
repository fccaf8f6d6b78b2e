// Who gets a thread, and when: threads are few, callers strangers to each other, and a script may wait for others.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import type { ScriptCall, ScriptReply } from '../../../shared/script/job.ts';
import { readImage } from '../../../src/sandbox/image-file.ts';
import { createPool } from '../../../src/sandbox/pool.ts';
import { builtFiles } from './built-sandbox.ts';
import { createStand, imageBytes, jobOf, NO_REPLY, type Stand } from './engine-stand.ts';

const DONE = `const done = () => host.done('{"tests":[],"writes":[],"derived":[],"skip":false,"unsupported":[],"console":[]}');`;
const ENDS = `${DONE} done()`;
const NOBODY = async (): Promise<ScriptReply> => NO_REPLY;
const SEND = { kind: 'send', request: jobOf('').request, derived: [] };
const RUN = { kind: 'run', request: 'Other' };
/** Makes one call of the host after the other, and ends with the answer of the last. */
const asking = (...calls: readonly object[]) => `${DONE}
  const calls = ${JSON.stringify(calls.map((call) => JSON.stringify(call)))};
  guest.onResume = () => (calls.length > 0 ? host.call(calls.shift()) : done());
  guest.onResume();`;

interface Asked {
  readonly source?: string;
  readonly caller?: string;
  readonly depth?: number;
  readonly host?: (call: ScriptCall, aside?: () => void) => Promise<ScriptReply>;
}

let stand: Stand;
afterEach(async () => {
  vi.useRealTimers();
  await stand.sandbox.close();
});

/** How a run ends: with `ok` or the code of a failure. */
async function run({ source = ENDS, host = NOBODY, ...rest }: Asked = {}): Promise<string> {
  const { signal } = new AbortController();
  const ran = await stand.sandbox.run(jobOf(source), { timeMs: 20_000, host, signal, ...rest });
  return ran.ok ? 'ok' : ran.failure.code;
}

/** A host that answers nobody before it is told to. */
function createGate() {
  const held: (() => void)[] = [];
  let reached: () => void = () => undefined;
  let wanted = Number.POSITIVE_INFINITY;
  return {
    held,
    host: async (): Promise<ScriptReply> => {
      await new Promise<void>((open) => {
        held.push(open);
        if (held.length >= wanted) reached();
      });
      return NO_REPLY;
    },
    /** When so many wait. */
    waiting: (count: number) =>
      new Promise<void>((resolve) => {
        wanted = count;
        reached = resolve;
        if (held.length >= count) resolve();
      }),
    open(): void {
      for (const each of held.splice(0)) each();
    },
  };
}

describe('scripts that run requests whose scripts run requests', () => {
  it('P6: get an answer with one thread, however many there are, and threads are never more than that takes', async () => {
    stand = await createStand({ workers: 1 });
    let running = 0;
    let most = 0;
    const runAt = async (depth: number): Promise<string> => {
      let isRunning = false;
      const host = async (): Promise<ScriptReply> => {
        isRunning = true;
        running += 1;
        most = Math.max(most, running);
        if (depth < limits.scriptDepth) expect(await runAt(depth + 1)).toBe('ok');
        return NO_REPLY;
      };
      const said = await run({ source: asking(RUN), host, depth });
      if (isRunning) running -= 1;
      return said;
    };
    const said = await Promise.all(Array.from({ length: 5 }, () => runAt(0)));
    expect(said.filter((each) => each !== 'ok')).toEqual([]);
    expect(most).toBe(1 + limits.scriptDepth);
  });

  it('P6: get an answer, too, when a person was asked on the way', async () => {
    stand = await createStand({ workers: 1 });
    const gate = createGate();
    const runAt = async (depth: number): Promise<ScriptReply> => {
      const host = async (): Promise<ScriptReply> => (depth < limits.scriptDepth ? runAt(depth + 1) : NO_REPLY);
      expect(await run({ source: asking(RUN), host, depth })).toBe('ok');
      return NO_REPLY;
    };
    const host = async ({ kind }: ScriptCall, aside: () => void = () => undefined): Promise<ScriptReply> => {
      if (kind === 'run') return runAt(1);
      aside();
      return gate.host();
    };
    const ran = Array.from({ length: 2 }, () => run({ source: asking(SEND, RUN), host }));
    await gate.waiting(2);
    expect(await run()).toBe('ok');
    gate.open();
    expect(await Promise.all(ran)).toEqual(['ok', 'ok']);
  });
});

describe('callers', () => {
  it('P6: do not wait for what scripts of another caller wait for', async () => {
    stand = await createStand({ workers: 2 });
    const gate = createGate();
    const slow = Array.from({ length: 8 }, () => run({ source: asking(SEND), host: gate.host, caller: 'a' }));
    await gate.waiting(3);
    expect(await run({ caller: 'b' })).toBe('ok');
    expect(await run({ caller: 'c', depth: 1 })).toBe('ok');
    expect(gate.held).toHaveLength(3);
    await stand.sandbox.close();
    expect(new Set(await Promise.all(slow))).toEqual(new Set(['SCRIPT/CRASHED']));
  });

  it('P6: take turns', async () => {
    stand = await createStand({ workers: 1 });
    const served: string[] = [];
    const callers = ['a', 'a', 'a', 'a', 'b', 'b', 'c'];
    await Promise.all(callers.map(async (caller) => served.push((await run({ caller })) && caller)));
    expect(served.join('')).toBe('aabcaba');
  });

  it('P6: have so many runs that wait and no more, but those that other runs wait for', async () => {
    stand = await createStand({ workers: 1 });
    const gate = createGate();
    const first = run({ source: asking(SEND), host: gate.host, caller: 'a' });
    await gate.waiting(1);
    const waiting = Array.from({ length: limits.scriptQueue }, () => run({ caller: 'a' }));
    expect(await run({ caller: 'a' })).toBe('SCRIPT/BUSY');
    expect(await run({ caller: 'a', depth: 1 })).toBe('ok');
    const another = run({ caller: 'b' });
    gate.open();
    expect([await first, await another]).toEqual(['ok', 'ok']);
    await stand.sandbox.close();
    expect((await Promise.all(waiting)).filter((said) => said === 'SCRIPT/BUSY')).toEqual([]);
  });

  it('P6: wait so long and no longer', async () => {
    stand = await createStand({ workers: 1 });
    const gate = createGate();
    const first = run({ source: asking(SEND), host: gate.host });
    await gate.waiting(1);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let said = '';
    const second = run().then((end) => {
      said = end;
    });
    await vi.advanceTimersByTimeAsync(limits.scriptWaitMs - 1);
    expect(said).toBe('');
    await vi.advanceTimersByTimeAsync(1);
    await second;
    expect(said).toBe('SCRIPT/BUSY');
    gate.open();
    expect(await first).toBe('ok');
  });
});

describe('a thread that cannot be started', () => {
  it('P7: is told to who waits for it', async () => {
    // A path that Node.js does not take is refused at once, as a thread is where the system has none left.
    stand = await createStand({ files: { ...builtFiles, worker: 'worker.js' } });
    stand.sandbox.warm();
    expect(await run()).toBe('SCRIPT/CRASHED');
    expect(await run()).toBe('SCRIPT/CRASHED');
  });

  it('P7: is not needed by who can have another, and told to who cannot', async () => {
    let starts = 0;
    const pool = createPool({
      threads: 2,
      get worker() {
        starts += 1;
        return starts === 1 ? builtFiles.worker : 'worker.js';
      },
      load: async () => {
        const { module, ...image } = readImage(await imageBytes());
        return { ...image, module: await WebAssembly.compile(module) };
      },
    });
    const runIn = async (source: string, options: Asked = {}): Promise<string> => {
      const text = JSON.stringify(jobOf(source));
      const { signal } = new AbortController();
      const ran = await pool.run({ text, calls: 9, options: { timeMs: 20_000, host: NOBODY, signal, ...options } });
      return ran.ok ? 'ok' : ran.failure.code;
    };
    expect(await Promise.all([runIn(ENDS), runIn(ENDS)])).toEqual(['ok', 'ok']);
    let inner = '';
    const host = async (): Promise<ScriptReply> => {
      inner = await runIn(ENDS, { depth: 1 });
      return NO_REPLY;
    };
    expect(await runIn(asking(RUN), { host })).toBe('ok');
    expect(inner).toBe('SCRIPT/CRASHED');
    await pool.close();
  });
});
