// Hostile scripts through the built sandbox in a process of its own, measured from outside. Here a sample; `node tests/bench/sandbox.js
// --cases` runs the whole table.
import { spawnSync } from 'node:child_process';
import type { ServerResponse } from 'node:http';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ScriptOutcome } from '../../shared/script/job.ts';
import { createSandbox } from '../../src/sandbox/sandbox.ts';
import { createScriptStand, logged, sending } from '../unit/execute/script-stand.ts';
import { builtFiles } from '../unit/sandbox/built-sandbox.ts';
import cases from '../vectors/hostile-scripts.json' with { type: 'json' };

/** hostile-run.js is JavaScript, as the benchmark runs it too. */
interface HostileRun {
  readonly canMeasure: boolean;
  readonly startScripts: () => Promise<ScriptProcess>;
}

interface Measured {
  readonly outcome?: ScriptOutcome;
  readonly ms: number;
  /** For how long the process could do nothing else. */
  readonly pauseMs: number;
  /** By how much the process had grown at most. */
  readonly grownMib: number;
}

interface ScriptProcess {
  /** Once, within a second or the time given. */
  run(source: string, runs?: number, timeMs?: number): Promise<Measured>;
  isWell(): Promise<boolean>;
  /** What the process wrote. */
  said(): string;
  end(): Promise<void>;
}

const DRIVER = './hostile-run.js';
const { canMeasure, startScripts }: HostileRun = await import(DRIVER);

const MAX_GROWN_MIB = 96;
// Twenty times of what is seen: the benchmark has the true bounds.
const MAX_MS = 10_000;
const MAX_PAUSE_MS = 1_000;
/** `sampleMs`: the time of one that uses all it has, and nothing else, is shorter here. */
const KNOWN_KEYS = new Set(['case', 'appendix', 'script', 'sample', 'sampleMs']);

describe.skipIf(!canMeasure)('hostile scripts (only where there is /proc)', () => {
  let scripts: ScriptProcess;
  beforeAll(async () => {
    expect(inject('buildProblem')).toBe('');
    scripts = await startScripts();
  });
  afterAll(() => scripts.end());

  it.each(cases.filter((row) => 'sample' in row))('P6: $case is bounded, and the next script runs', async (row) => {
    const timeMs = 'sampleMs' in row ? row.sampleMs : undefined;
    const { grownMib, ms, pauseMs } = await scripts.run(row.script, 1, timeMs);
    expect(grownMib).toBeLessThanOrEqual(MAX_GROWN_MIB);
    expect(ms).toBeLessThanOrEqual(MAX_MS);
    expect(pauseMs).toBeLessThanOrEqual(MAX_PAUSE_MS);
    expect(await scripts.isWell()).toBe(true);
  });

  it('P6: a script finds no way out of the sandbox', async () => {
    const names = [
      'process',
      'module',
      'fetch',
      'WebAssembly',
      'SharedArrayBuffer',
      'Atomics',
      'WeakRef',
      'std',
      'os',
      'keywardGuest',
      '__zod_globalConfig',
      '__zod_globalRegistry',
    ];
    const look = `const all = Function('return this')(); pm.test(${JSON.stringify(names)}.filter((name) => name in all).join(), () => {})`;
    const { outcome } = await scripts.run(look);
    expect(outcome?.tests[0]?.name).toBe('');
    expect(scripts.said()).toBe('');
  });
});

it('P6: a server that does not answer one caller’s scripts holds up no other caller’s', async () => {
  const sandbox = createSandbox({ workers: 2, files: builtFiles });
  const held: ServerResponse[] = [];
  let reached: () => void = () => undefined;
  const isReached = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const stand = await createScriptStand({
    scripts: sandbox,
    items: () => [
      { name: 'Slow', before: sending('{{base}}/slow') },
      { name: 'Nested', before: `await pm.execution.runRequest('Slow')` },
      { name: 'Quick', before: 'console.log("quick")' },
    ],
    answer: (request, response) => {
      if (request.url !== '/slow') return response.end();
      if (held.push(response) === 3) reached();
      return undefined;
    },
  });
  const slow = ['Slow', 'Nested', 'Slow', 'Slow', 'Nested'].map((requestId) =>
    stand.run({ requestId }, { caller: 'a' }),
  );
  await isReached;
  expect(logged(await stand.run({ requestId: 'Quick' }, { caller: 'b' }))).toEqual(['quick']);
  expect(held).toHaveLength(3);
  await sandbox.close();
  for (const { ok } of await Promise.all(slow)) expect(ok).toBe(false);
  await stand.close();
});

it('the table is whole and says what it means', () => {
  expect(cases.flatMap((row) => Object.keys(row)).filter((key) => !KNOWN_KEYS.has(key))).toEqual([]);
  expect(cases.flatMap((row) => ('appendix' in row ? [row.appendix] : []))).toEqual(
    Array.from({ length: 33 }, (_, n) => n + 1),
  );
});

it('a process that has threads for scripts ends by itself', () => {
  const url = new URL('../../dist/src/sandbox/sandbox.js', import.meta.url).href;
  const code = `import { createSandbox } from '${url}'; createSandbox({ workers: 2 }).warm();`;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8', timeout: 10_000 });
  expect(ended).toMatchObject({ status: 0, stdout: '', stderr: '' });
});
