// The machine by itself: an image is the same at each build, nothing of a run is left for the next, and where parts do not fit it does
// not begin.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { limits } from '../../../shared/limits.ts';
import { exposeInternals } from '../../../src/sandbox/image/expose-internals.ts';
import { makeImage } from '../../../src/sandbox/image/make-image.ts';
import { readImage } from '../../../src/sandbox/image-file.ts';
import { bundle, engineModule, imageBytes, jobOf, openOwnMachine } from './engine-stand.ts';

const PLANTED = 'planted-4f1c-9a7e-2d60';
const job = (source: string) => JSON.stringify(jobOf(source));

describe('a machine', () => {
  it('P6: has nothing of a run afterwards: no global, no prototype, not one byte', async () => {
    const { machine, memory, image, done } = await openOwnMachine();
    const before = memory().slice();
    const runs = [
      `globalThis.left = '${PLANTED}'; Object.prototype.left = 1; Array.prototype.map = () => '${PLANTED}'; JSON.parse = 0;`,
      `const kept = []; for (let i = 0; i < 2e4; i++) kept.push('${PLANTED}' + i); globalThis.kept = kept;`,
      `globalThis.bytes = new Uint8Array(5e6).fill(7); globalThis.promise = new Promise(() => '${PLANTED}');`,
      `Promise.reject('${PLANTED}'); host.call('${PLANTED}'); host.done('${PLANTED}');`,
    ];
    for (const source of runs) {
      expect(machine.start(job(source))).toBeUndefined();
      expect(Buffer.from(memory().buffer).includes(PLANTED)).toBe(true);
      expect(machine.restore()).toBe(true);
      const after = memory();
      expect(Buffer.compare(after.subarray(0, before.length), before)).toBe(0);
      expect(after.subarray(before.length).every((byte) => byte === 0)).toBe(true);
    }
    expect(
      machine.start(job('host.done(JSON.stringify([typeof left, typeof kept, {}.left, [1].map((x) => x)]))')),
    ).toBeUndefined();
    expect(done()).toBe('["undefined","undefined",null,[1]]');
    expect(image.memory.byteLength).toBeLessThanOrEqual(before.length);
  });

  it('P6: has the same memory after 1,000 runs', async () => {
    const { machine, memory } = await openOwnMachine();
    const before = memory().slice();
    for (let run = 0; run < 1_000; run += 1) {
      expect(
        machine.start(job(`const kept = Array.from({ length: 200 }, (_, i) => ({ i })); host.done(String(${run}))`)),
      ).toBeUndefined();
      expect(machine.restore()).toBe(true);
    }
    expect(Buffer.compare(memory(), before)).toBe(0);
  });

  it('is not kept when its memory has grown beyond what is worth looking through, or when a run went wrong', async () => {
    const grown = await openOwnMachine();
    expect(grown.machine.start(job(`new Uint8Array(${limits.scriptKeptBytes})`))).toBeUndefined();
    expect(grown.machine.restore()).toBe(false);
    const full = await openOwnMachine();
    expect(full.machine.start(job('const kept = []; for (;;) kept.push(new Uint8Array(1e6))'))).toBe('memory');
    expect(full.machine.restore()).toBe(false);
    const caught = await openOwnMachine();
    expect(caught.machine.start(job('try { "x".repeat(2 ** 29) } catch { } host.done("")'))).toBe('memory');
    const over = await openOwnMachine({ isOver: () => true });
    expect(over.machine.start(job('for (;;);'))).toBe('time');
    expect(over.machine.restore()).toBe(false);
  });

  it('ends a run whose promises go on for ever, and one that throws out of the guest', async () => {
    const endless = await openOwnMachine();
    expect(endless.machine.start(job('(async () => { for (;;) await 0 })()'))).toBe('time');
    const spoiled = await openOwnMachine();
    expect(spoiled.machine.start(job('throw new Error("x")'))).toBe('spoiled');
  });

  it('runs nothing after the outcome', async () => {
    const { machine, done } = await openOwnMachine();
    const source = 'Promise.resolve().then(() => host.done("second")); host.done("first"); for (;;) host.done("third")';
    expect(machine.start(job(source))).toBeUndefined();
    expect(done()).toBe('first');
  });

  it.each<{ readonly given: string; readonly answer: string | undefined }>([
    { given: 'host.call.name', answer: '"call"' },
    { given: 'host.now()', answer: '1700000000123' },
    { given: 'Date.now()', answer: '1700000000123' },
    { given: 'new Date().getTime()', answer: '1700000000123' },
    { given: 'new Date(Date.prototype.constructor.now()).getTime()', answer: '1700000000123' },
    { given: 'Reflect.construct(Date, [], Object).getTime?.() ?? Date.parse(Date())', answer: '1700000000000' },
    { given: 'Math.random()', answer: '0.25' },
    { given: 'host.random()', answer: '0.25' },
    { given: 'host.dynamic("$guid")', answer: '"value of $guid"' },
    { given: 'host.dynamic("none") === undefined', answer: 'true' },
    { given: 'host.dynamic({ toString() { throw 1 } }) === undefined', answer: undefined },
    {
      given: '[typeof SharedArrayBuffer, typeof WeakRef, typeof FinalizationRegistry].join()',
      answer: '"undefined,undefined,undefined"',
    },
    {
      given:
        '["process", "require", "fetch", "console", "setTimeout", "WebAssembly", "Atomics", "std", "os", "keywardGuest", "random"].filter((name) => name in globalThis).join()',
      answer: '""',
    },
  ])('gives $given', async ({ given, answer }) => {
    const { machine, done } = await openOwnMachine({
      now: () => 1_700_000_000_123,
      random: () => 0.25,
      dynamic: (name) => (name === 'none' ? undefined : `value of ${name}`),
    });
    machine.start(job(`host.done(JSON.stringify(${given}))`));
    expect(done()).toBe(answer);
  });

  it('holds as many promises that nothing handles as may be, and not one more', async () => {
    for (const [count, trouble] of [
      [limits.scriptRejections, undefined],
      [limits.scriptRejections + 1, 'memory'],
    ] as const) {
      const { machine } = await openOwnMachine();
      expect(machine.start(job(`for (let i = 0; i < ${count}; i++) Promise.reject()`))).toBe(trouble);
    }
  });

  it('tells of promises that nothing handles, once all jobs have run', async () => {
    const { machine, done } = await openOwnMachine();
    const source = `
      const reasons = [];
      guest.onRejected = (reason) => reasons.push(reason.message ?? reason);
      guest.onResume = () => host.done(reasons.join());
      Promise.reject('plain');
      (async () => { await 0; throw new Error('thrown later') })();
      new Promise((_, reject) => reject('dropped')).then(() => 0);
      Promise.reject('handled').catch(() => 0);
      const late = Promise.reject('handled before the jobs end');
      Promise.resolve().then(() => late.catch(() => 0));
      (async () => { try { await Promise.reject('awaited') } catch { } })();`;
    expect(machine.start(job(source))).toBeUndefined();
    expect(machine.resume('timer', 1, '')).toBeUndefined();
    expect(done()).toBe('plain,thrown later,dropped');
  });
});

describe('an image', () => {
  it('is the same at each build', async () => {
    const again = await makeImage(await bundle(), engineModule());
    expect(Buffer.compare(again, await imageBytes())).toBe(0);
  });

  it('is refused where the engine is another one, or it is not whole', async () => {
    const bytes = await imageBytes();
    expect(() => readImage(bytes.slice(0, -1))).toThrow('damaged');
    expect(() => readImage(new Uint8Array(Buffer.concat([bytes, Uint8Array.of(0)])))).toThrow('damaged');
    expect(() => readImage(bytes.with(bytes.length >> 1, (bytes[bytes.length >> 1] ?? 0) ^ 1))).toThrow('damaged');
    expect(() => readImage(new Uint8Array())).toThrow('damaged');
    const digest = createHash('sha256').update('{"format":2}\n').digest('hex');
    expect(() => readImage(new TextEncoder().encode(`${digest}\n{"format":2}\n`))).toThrow('version');
    const headers = [{ stack: 1 }, { trackerIndex: 1 }];
    for (const change of headers) {
      const opened = openOwnMachine({}, (image) => ({ ...image, header: { ...image.header, ...change } }));
      await expect(opened).rejects.toThrow('do not fit');
    }
  });

  it('is refused where the guest has a clock or randomness of its own', async () => {
    const other = openOwnMachine({}, (image) => ({ ...image, header: { ...image.header, probe: image.header.start } }));
    await expect(other).rejects.toThrow('clock');
  });

  it('is not made of a guest that throws, or that rejects a promise', async () => {
    await expect(makeImage('() => { throw new TypeError("no guest") }', engineModule())).rejects.toThrow('no guest');
    await expect(makeImage('() => { Promise.reject(1); return {} }', engineModule())).rejects.toThrow('rejects');
  });

  it('holds no checks of what comes out of it, nor the library that they are made with', () => {
    const inputs = readFileSync(new URL('../../../dist/image-inputs.json', import.meta.url), 'utf8');
    expect(inputs).toContain('/node_modules/chai/');
    expect(inputs).not.toMatch(/\/node_modules\/zod\/|script\/outcome\.js/);
  });

  it('needs a module that exports something', () => {
    expect(() => exposeInternals(Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0))).toThrow('exports nothing');
  });
});
